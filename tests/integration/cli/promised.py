"""A delivery that was open when a backup was made."""

from bridge.domain.content import text_content
from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side
from bridge.domain.ids import ConversationId, DeliveryId, Instant, MessageId
from bridge.domain.message import Author


def promised(number: int, state: DeliveryState) -> Delivery:
    """An agent's line to a customer, with what SQL must be careful of."""
    return Delivery(
        id=DeliveryId(number),
        lane="contact:1",
        side=Side.CHANNEL,
        place="webchat",
        conversation=ConversationId(7),
        body=PostLine(
            message=MessageId(number),
            author=Author.AGENT,
            content=text_content("it's 'quoted' \\ and more"),
            name="Ana",
        ),
        created_at=Instant(5),
        state=state,
        attempts=int(state is DeliveryState.SENDING),
    )
