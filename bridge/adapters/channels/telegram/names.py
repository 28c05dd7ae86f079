"""How a customer and a line are called: the chat's id, and `chat:message`. Pure.

A message's id is unique in its chat only. https://core.telegram.org/bots/api#message
"""

import re

from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import Address, ExternalId
from bridge.domain.value import Value

_CHAT = re.compile(r"[1-9][0-9]{0,15}")
"""People's chats have ids of at most 52 bits; groups and channels have negative ones."""
_LINE = re.compile(r"([1-9][0-9]{0,15}):([1-9][0-9]{0,15})")


class Line(Value):
    """One message in a chat."""

    chat: int
    message: int


def chat_of(address: Address) -> int:
    """The chat to write to. Raises `DeliveryRejected` for what is no private chat."""
    if _CHAT.fullmatch(address) is None:
        raise DeliveryRejected("this is no private chat on Telegram", "telegram_no_chat")
    return int(address)


def address_of(chat: int) -> Address:
    """What the customer of this chat is called."""
    return Address(str(chat))


def external_id(chat: int, message: int) -> ExternalId:
    """What a line is called."""
    return ExternalId(f"{chat}:{message}")


def line_of(external: ExternalId | None) -> Line | None:
    """The line behind a name; None for what is no line of Telegram's."""
    found = _LINE.fullmatch(external or "")
    return None if found is None else Line(chat=int(found.group(1)), message=int(found.group(2)))
