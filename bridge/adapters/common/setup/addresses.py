"""An address in the settings, at which somebody else is told what happens."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator


def _whole(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise ValueError('write it whole, such as "https://platform.example.com/hook"')
    if parts.username or parts.password:
        raise ValueError("a password does not belong into an address; use `token`")
    return value


Address = Annotated[str, AfterValidator(_whole)]
"""Whole, without a password in it; may be in the operator's own network."""
