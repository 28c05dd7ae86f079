"""Whatever bytes come in, they are a known shape or the same refusal."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.channels.webchat.files import clean_name
from bridge.adapters.channels.webchat.wire import (
    Body,
    EditedMessage,
    Mark,
    NewMessage,
    NewSession,
    Refusal,
    parse,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
FIELDS = st.sampled_from(["id", "text", "files", "reply_to", "choice", "name", "up_to", "role"])
SHAPES: list[type[Body]] = [NewMessage, EditedMessage, NewSession, Mark]


def taken(shape: type[Body], raw: bytes) -> bool:
    """True when the bytes are this shape, false for the refusal; anything else fails the test."""
    try:
        return isinstance(parse(msgspec.json.Decoder(shape), raw), shape)
    except Refusal as refused:
        return (refused.status, refused.code) != (400, "malformed")


@pytest.mark.parametrize("shape", SHAPES)
@given(raw=st.binary(max_size=2_000))
def test_any_bytes_are_a_shape_or_a_refusal(shape: type[Body], raw: bytes) -> None:
    assert taken(shape, raw) == (raw.strip() == b"{}" and shape is NewSession)


@given(value=st.dictionaries(FIELDS, JSON))
def test_any_object_is_a_shape_or_a_refusal(value: dict[str, object]) -> None:
    raw = msgspec.json.encode(value)

    fits = [shape for shape in SHAPES if taken(shape, raw)]

    assert all(set(value) <= set(shape.__struct_fields__) for shape in fits)


@given(st.text(max_size=400))
def test_a_files_name_can_be_shown_and_is_no_path(name: str) -> None:
    shown = clean_name(name)

    assert shown == clean_name(shown)
    assert 0 < len(shown) <= 150
    assert not {"/", "\\", "\0", "\n", "\u202e"} & set(shown)
