"""Who a request comes from: a visitor with our token, or a customer signed for by the site."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
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
_REMEMBERED = 4_096
_NONE: list[str] = []


class Headers(Protocol):
    """The part of a request that proves who sent it."""

    def getall(self, key: str, default: list[str]) -> list[str]:
        """Every value of this header."""
        ...


class Identities:
    """Makes and checks proofs. Knows the keys, and the proofs of those who came last.

    A token is `<128 random bits>.<HMAC-SHA256 of them>`, so that it can be checked without
    looking anything up; the random part is the visitor's address and proves nothing alone. A
    site signs `hex(HMAC-SHA256(identity_secret, id))`; that id is then the address.
    """

    def __init__(self, visitor_key: bytes, identity_keys: tuple[bytes, ...]) -> None:
        """Take our own key, and those of the site, the current one first."""
        self._visitor_key = visitor_key
        self._identity_keys = identity_keys
        # Who writes now writes again. Whoever reads our memory has the keys anyway.
        self._expected = lru_cache(maxsize=_REMEMBERED)(self._signatures)
        self._tag = lru_cache(maxsize=_REMEMBERED)(self._visitor_tag)

    def issue(self, random: bytes) -> tuple[str, Address]:
        """A new visitor out of 16 random bytes: his token and his address."""
        name = _text(random)
        return f"{name}.{self._tag(name)}", Address(VISITOR + name)

    def recognise(self, headers: Headers) -> Address:
        """The address of whoever proves it. Raises `UntrustedRequest` for anything else.

        Exactly one proof is taken; a header that comes twice proves nothing.
        """
        bearers = headers.getall(hdrs.AUTHORIZATION, _NONE)
        customers = headers.getall(CUSTOMER, _NONE)
        signatures = headers.getall(SIGNATURE, _NONE)
        if len(customers) == 1 == len(signatures) and not bearers:
            return self._customer(customers[0], signatures[0])
        if len(bearers) == 1 and not customers and not signatures:
            return self._visitor(bearers[0])
        raise UntrustedRequest("exactly one proof of identity is needed")

    def _customer(self, customer: str, signature: str) -> Address:
        claimed = _raw(signature)
        for expected in self._expected(customer):
            if hmac.compare_digest(expected, claimed):
                return Address(customer)
        raise UntrustedRequest("the customer's signature is wrong")

    def _signatures(self, customer: str) -> tuple[bytes, ...]:
        """What proves this id, by each key. Raises `UntrustedRequest` for what cannot be one."""
        plain = customer.isascii() and customer.isprintable()
        if not plain or not 0 < len(customer) <= _LONGEST or customer.startswith(VISITOR):
            raise UntrustedRequest("this cannot be a customer's id")
        message = customer.encode()
        digests = (hmac.digest(key, message, "sha256") for key in self._identity_keys)
        return tuple(digest.hex().encode() for digest in digests)

    def _visitor(self, bearer: str) -> Address:
        name, _, tag = bearer.removeprefix(_BEARER).partition(".")
        genuine = bearer.startswith(_BEARER) and name.isascii()
        if not genuine or not hmac.compare_digest(self._tag(name).encode(), _raw(tag)):
            raise UntrustedRequest("the visitor's token is wrong")
        return Address(VISITOR + name)

    def _visitor_tag(self, name: str) -> str:
        return _text(hmac.digest(self._visitor_key, name.encode(), "sha256"))


def made_up(address: Address) -> bool:
    """Whether it is a visitor's: only we and his browser know it."""
    return address.startswith(VISITOR)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(header: str) -> bytes:
    return header.encode(errors="surrogateescape")
