"""How patient we are with a bot: seconds when a customer waits, days when nobody does."""

from bridge.delivery.policy import most_attempts, pause
from bridge.domain.delivery import AskBot, BotEventKind, Delivery, Side
from bridge.domain.ids import DAY, HOUR, SECOND, ConversationId, DeliveryId, IdentityId, Instant


def to_bot(kind: BotEventKind, *, late: bool = False) -> Delivery:
    return Delivery(
        id=DeliveryId(7),
        lane="bot:1",
        side=Side.BOT,
        place="shop",
        conversation=ConversationId(1),
        identity=IdentityId(1),
        body=AskBot(kind=kind, epoch=1, late=late),
        created_at=Instant(0),
    )


def test_a_customer_who_waits_is_never_kept_waiting_longer_than_seconds() -> None:
    asked = to_bot(BotEventKind.MESSAGE_CREATED)

    pauses = [pause(asked, attempt, None) for attempt in range(1, 12)]

    assert max(pauses) <= 5 * SECOND
    assert pause(asked, 1, 3_600) <= 5 * SECOND


def test_news_are_tried_again_for_days() -> None:
    news = to_bot(BotEventKind.HANDOFF_RETURNED, late=True)

    whole = sum(pause(news, attempt, None) for attempt in range(1, most_attempts(news)))

    assert 2 * DAY < whole < 5 * DAY


def test_news_wait_as_long_as_the_bot_asks() -> None:
    assert pause(to_bot(BotEventKind.CONVERSATION_ENDED), 1, 7_200) == 2 * HOUR
