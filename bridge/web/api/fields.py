"""The kinds of values that bodies and queries are made of, with their limits."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from bridge.domain.ids import Instant

_ALLOWED_CONTROLS = frozenset("\n\t")


def _printable(text: str) -> str:
    if any(ord(char) < 32 and char not in _ALLOWED_CONTROLS for char in text):
        raise ValueError("contains a control character")
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise ValueError("contains half of a surrogate pair")
    return text


def _one_line(text: str) -> str:
    if "\n" in _printable(text) or "\t" in text:
        raise ValueError("must be one line")
    return text


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(_one_line),
]
"""What people are shown: one line."""

Alias = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=80), AfterValidator(_one_line)
]
"""A name that may be none."""

Email = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"),
    AfterValidator(_one_line),
]

Word = Annotated[
    str,
    StringConstraints(to_lower=True, pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$"),
]
"""What commands call something: lower-case letters, digits, `.`, `_` and `-`."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""An id of the settings."""

Ref = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_one_line)]
"""A platform's id for a room or a person."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(_printable)]

Seconds = Annotated[float, Field(ge=0, le=366 * 24 * 3600)]

Moment = AwareDatetime


class Body(BaseModel):
    """What a program sends: a field that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Shape(BaseModel):
    """What a program gets."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Body):
    """No body, or no query."""


def moment(at: Instant) -> datetime:
    """Our time as the API writes it."""
    return datetime.fromtimestamp(at / 1000, UTC)


def maybe_moment(at: Instant | None) -> datetime | None:
    """The same, when there is one."""
    return None if at is None else moment(at)


def instant(at: datetime) -> Instant:
    """The API's time as we keep it."""
    return Instant(round(at.timestamp() * 1000))
