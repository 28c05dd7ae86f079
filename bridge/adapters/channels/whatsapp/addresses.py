"""The names of one customer on WhatsApp: telephone number, WhatsApp id, business-scoped id. Pure.

A WhatsApp id is a telephone number in digits; we write both as `+digits`. Old Brazilian accounts
lack the ninth digit in their WhatsApp id though the number has it, so either form finds him.
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

import re

from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import Address
from bridge.domain.value import Value

_PHONE = re.compile(r"\+[1-9][0-9]{5,19}")
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
# Eight digits that begin with 2 to 5 are a landline; with a ninth they are somebody else.
_BRAZIL_WITH = re.compile(r"\+55([1-9][0-9])9([16-9][0-9]{7})")
_BRAZIL_WITHOUT = re.compile(r"\+55([1-9][0-9])([16-9][0-9]{7})")


class Names(Value):
    """What a customer is called: the name to write to, and every other one.

    `certain` is his business-scoped id. Numbers change hands; that one never does.
    """

    address: Address
    also: tuple[Address, ...] = ()
    certain: Address | None = None

    def every(self) -> tuple[Address, ...]:
        """All of them."""
        return (self.address, *self.also)


def names(phone: str, user_id: str) -> Names | None:
    """The names behind a webhook's fields; None when there is none that we know how to use.

    The number comes first: Meta goes on to tell it only of customers who are written to by it.
    """
    found: list[Address] = []
    number = Address(f"+{phone.lstrip('+')}")
    if _PHONE.fullmatch(number):
        found += [number, *_twin(number)]
    certain = Address(user_id) if _USER_ID.fullmatch(user_id) else None
    if certain is not None:
        found.insert(1 if found else 0, certain)
    return Names(address=found[0], also=tuple(found[1:]), certain=certain) if found else None


def _twin(number: Address) -> list[Address]:
    """A Brazilian mobile number with, or without, its ninth digit."""
    with_ = _BRAZIL_WITH.fullmatch(number)
    if with_ is not None:
        return [Address(f"+55{with_.group(1)}{with_.group(2)}")]
    without = _BRAZIL_WITHOUT.fullmatch(number)
    if without is not None:
        return [Address(f"+55{without.group(1)}9{without.group(2)}")]
    return []


def recipient(address: Address) -> dict[str, str]:
    """How a call names him. Raises `DeliveryRejected` for what is no name on WhatsApp."""
    if _PHONE.fullmatch(address):
        return {"to": address.removeprefix("+")}
    if _USER_ID.fullmatch(address):
        return {"recipient": address}
    raise DeliveryRejected("this is neither a number nor a WhatsApp user id", "bad_address")
