"""Reads the forms that pages send; what is no form is refused before anybody looks into it."""

import re
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bridge.domain.errors import DeliveryRejected

_LINES = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"
_CHUNK = 64 * 1024
_MOST = 1_000
MOST_TEXT = 4 * 100_000
"""Bytes of one field of text."""

# What aiohttp says of parts that are broken somewhere.
_BROKEN = (ValueError, LookupError, RuntimeError, TypeError, HttpProcessingError)

T = TypeVar("T")


async def read_form(request: web.Request) -> dict[str, str]:
    """The text fields of a form, none when nothing was sent.

    Raises `DeliveryRejected` (`malformed`) when something else was sent.
    """
    if not request.body_exists:
        return {}
    _check_kind(request)
    fields = await (_of_parts(request) if is_parts(request) else _of_lines(request))
    for name, value in fields.items():
        _check(name)
        _check(value)
    return fields


def is_parts(request: web.Request) -> bool:
    """Whether it comes in parts, as a form with files does."""
    return request.content_type == _PARTS


async def parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    """The parts of a form, in order. Raises as `read_form` does."""
    _check_kind(request)
    reader = await _whole(request.multipart())
    while (part := await _whole(reader.next())) is not None:
        if not isinstance(part, BodyPartReader):
            raise malformed("a part within a part")
        yield part


async def chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    """The bytes of a part. Raises as `read_form` does."""
    while chunk := await _whole(part.read_chunk(_CHUNK)):
        yield chunk


async def small(part: BodyPartReader) -> bytes:
    """All of a part that is text. Raises `DeliveryRejected` (`too_long`), and as `read_form`."""
    body = bytearray()
    async for chunk in chunks(part):
        body += chunk
        if len(body) > MOST_TEXT:
            raise DeliveryRejected("the text is too long", "too_long")
    return bytes(body)


def tidy(name: str) -> str:
    """A file's name as it may be shown: no path, no control or direction characters."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in last if letter.isprintable())
    return shown[-120:].strip() or "file"


def words(body: bytes) -> str:
    """The text of a part. Raises as `read_form` does."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise malformed("no UTF-8") from error
    _check(text)
    return text


def malformed(why: str) -> DeliveryRejected:
    """What to raise for something that no page of ours sends."""
    return DeliveryRejected(f"this is no form of ours: {why}", "malformed")


def _check_kind(request: web.Request) -> None:
    if request.content_type not in (_LINES, _PARTS):
        raise malformed("another type of content")
    if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise malformed("another character set")


async def _of_lines(request: web.Request) -> dict[str, str]:
    body = await request.read()
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST
        )
    except ValueError as error:
        raise malformed("broken, or without end") from error
    return dict(fields)


async def _of_parts(request: web.Request) -> dict[str, str]:
    form = await _whole(request.post())
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _check(text: str) -> None:
    """Refuse what nobody can type and not every database keeps."""
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise malformed("half of a character") from error
    if b"\0" in raw:
        raise malformed("a NUL")


async def _whole(reading: Awaitable[T]) -> T:
    try:
        return await reading
    except _BROKEN as error:
        raise malformed("broken, or cut off") from error
