"""What a browser may send and how it is refused: the shapes of the protocol, decoded once."""

import re
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec

from bridge.adapters.channels.webchat.capabilities import MAX_FILES
from bridge.domain.errors import DeskbridgeError
from bridge.domain.value import Value

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The character, as opposed to somebody who writes about it: there the backslash is escaped."""

Name = Annotated[str, msgspec.Meta(max_length=100)]
Ref = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Refusal(DeskbridgeError):
    """The request is not taken; nothing was stored. Answered as `{"error": {code, message}}`."""

    def __init__(self, status: int, code: str, message: str, retry_after: float = 0.0) -> None:
        """`retry_after` in seconds, where coming back later helps."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after


class Body(Value, forbid_unknown_fields=True):
    """A request's JSON. A key that we do not know is an error, never ignored."""


class NewSession(Body):
    """Nothing yet: a visitor is made out of nothing."""


class NewMessage(Body):
    """A customer's line. `id` is made by the browser and the same at every try."""

    id: UUID
    text: str = ""
    files: Annotated[tuple[Ref, ...], msgspec.Meta(max_length=MAX_FILES)] = ()
    reply_to: Ref | None = None
    choice: Ref | None = None
    name: Name = ""
    language: Name = ""


class EditedMessage(Body):
    """New words for a line. `id` names this change, not the line."""

    id: UUID
    text: str


class EndedChat(Body):
    """The visitor is done. `id` is made by the browser and the same at every try."""

    id: UUID


class Mark(Body):
    """Everything up to this event came to the customer's browser, or was on his screen."""

    up_to: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Nothing(Body):
    """No content: the address of the request says it all."""


Shape = TypeVar("Shape", bound=Body)


def parse(decoder: msgspec.json.Decoder[Shape], raw: bytes) -> Shape:
    """The request's JSON in its shape; every kind of bad input is the same `Refusal`."""
    try:
        shape = decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, "malformed", f"This is not what the request needs: {error}") from error
    if b"\\u0000" in raw and _NUL.search(raw):
        raise Refusal(400, "malformed", "A request has no NUL characters.")
    return shape
