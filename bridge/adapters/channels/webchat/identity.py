"""Who a request comes from: a visitor with our token, or a customer signed for by the site."""

import hmac
from base64 import urlsafe_b64encode
from typing import Protocol

from aiohttp import hdrs
from multidict import istr

from bridge.domain.errors import UntrustedRequest
from bridge.domain.ids import Address

CUSTOMER = istr("X-Deskbridge-Customer")
SIGNATURE = istr("X-Deskbridge-Signature")
VISITOR = "visitor:"
_BEARER = "Bearer "
_LONGEST = 128


class Headers(Protocol):
    """The part of a request that proves who sent it."""

    def getall(self, key: str, default: list[str]) -> list[str]:
        """Every value of this header."""
        ...


class Identities:
    """Makes and checks proofs. Knows the keys, keeps nothing else.

    A token is `<128 random bits>.<HMAC-SHA256 of them>`, so that it can be checked without
    looking anything up; the random part is the visitor's address and proves nothing alone. A
    site signs `hex(HMAC-SHA256(identity_secret, id))`; that id is then the address.
    """

    def __init__(self, visitor_key: bytes, identity_keys: tuple[bytes, ...]) -> None:
        """Take our own key, and those of the site, the current one first."""
        self._visitor_key = visitor_key
        self._identity_keys = identity_keys

    def issue(self, random: bytes) -> tuple[str, Address]:
        """A new visitor out of 16 random bytes: his token and his address."""
        name = _text(random)
        return f"{name}.{self._tag(name)}", Address(VISITOR + name)

    def recognise(self, headers: Headers) -> Address:
        """The address of whoever proves it. Raises `UntrustedRequest` for anything else.

        Exactly one proof is taken; a header that comes twice proves nothing.
        """
        bearers = headers.getall(hdrs.AUTHORIZATION, [])
        customers = headers.getall(CUSTOMER, [])
        signatures = headers.getall(SIGNATURE, [])
        match bearers, customers, signatures:
            case [], [customer], [signature]:
                return self._customer(customer, signature)
            case [bearer], [], []:
                return self._visitor(bearer)
            case _:
                raise UntrustedRequest("exactly one proof of identity is needed")

    def _customer(self, customer: str, signature: str) -> Address:
        plain = customer.isascii() and customer.isprintable()
        if not plain or not 0 < len(customer) <= _LONGEST or customer.startswith(VISITOR):
            raise UntrustedRequest("this cannot be a customer's id")
        message, claimed = customer.encode(), _raw(signature)
        for key in self._identity_keys:
            if hmac.compare_digest(hmac.digest(key, message, "sha256").hex().encode(), claimed):
                return Address(customer)
        raise UntrustedRequest("the customer's signature is wrong")

    def _visitor(self, bearer: str) -> Address:
        name, _, tag = bearer.removeprefix(_BEARER).partition(".")
        genuine = bearer.startswith(_BEARER) and name.isascii()
        if not genuine or not hmac.compare_digest(self._tag(name).encode(), _raw(tag)):
            raise UntrustedRequest("the visitor's token is wrong")
        return Address(VISITOR + name)

    def _tag(self, name: str) -> str:
        return _text(hmac.digest(self._visitor_key, name.encode(), "sha256"))


def made_up(address: Address) -> bool:
    """Whether it is a visitor's: only we and his browser know it."""
    return address.startswith(VISITOR)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(header: str) -> bytes:
    return header.encode(errors="surrogateescape")
