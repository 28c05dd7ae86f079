"""Who blocks the bot has left; who lets it in again refuses nothing any more."""

from collections.abc import Mapping, Sequence

from bridge.adapters.channels.telegram.inbound import Found, Happened, Reader
from bridge.domain.contact import Refuses
from bridge.domain.ids import Address, ChannelId
from bridge.ports.channel import CustomerLeft, WishesChanged
from tests.adapters.telegram.bodies import AT, BIA, BOT, CHAT, body


def found(update: bytes) -> Sequence[Found]:
    return Reader(ChannelId("tg"), BOT, "en").read(update).found


MEMBER = {"user": {"id": BOT, "is_bot": True, "first_name": "B"}, "status": "member"}
KICKED = {**MEMBER, "status": "kicked", "until_date": 0}


def standing(old: Mapping[str, object], new: Mapping[str, object]) -> bytes:
    """The bot's own standing in the customer's chat is another."""
    change = {"chat": CHAT, "from": BIA, "date": AT}
    return body(my_chat_member=change | {"old_chat_member": old, "new_chat_member": new})


def test_who_blocks_the_bot_has_left() -> None:
    (one,) = found(standing(MEMBER, KICKED))

    assert isinstance(one, Happened)
    assert isinstance(one.event, CustomerLeft)
    assert (one.event.address, one.event.blocked) == (Address("77"), True)
    assert one.event.source


def test_who_lets_the_bot_in_again_refuses_nothing_any_more() -> None:
    (one,) = found(standing(KICKED, MEMBER))

    assert isinstance(one, Happened)
    assert isinstance(one.event, WishesChanged)
    assert one.event.refuses is Refuses.NOTHING


def test_any_other_standing_in_a_private_chat_says_nothing() -> None:
    assert found(standing(MEMBER, {**MEMBER, "status": "left"})) == ()
