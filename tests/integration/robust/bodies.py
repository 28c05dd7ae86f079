"""Bodies that nobody means, and that every entry point must bear."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.integration.robust.wire import Header

JSON = "application/json"
LINES = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"

DEEP = b"[" * 100_000 + b"]" * 100_000
DEEP_OBJECTS = b'{"a":' * 100_000
JUST_SMALL_ENOUGH = b"[" * 30_000 + b"]" * 30_000
HUGE = b"9" * 5_000
LONG = b'"' + b"x" * 5_000_000 + b'"'


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A body under its name, and what is said of it."""

    name: str
    body: bytes
    kind: str | bytes = JSON
    headers: tuple[Header, ...] = ()


# --- JSON ---------------------------------------------------------------------------------------

NO_JSON: Mapping[str, bytes] = {
    "nothing": b"",
    "half an object": b"{",
    "half a pair": b'{"id":',
    "half a word": b"nul",
    "two values": b"{}{}",
    "a tail": b"{}x",
    "a comment": b"{} // {}",
    "single quotes": b"{'id': 1}",
    "a NUL": b"\x00",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "UTF-32": "{}".encode("utf-32"),
    "no UTF-8": b'{"\xff": 1}',
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"1",
    "null": b"null",
    "true": b"true",
    "NaN": b"NaN",
    "100,000 lists": DEEP,
    "100,000 objects": DEEP_OBJECTS,
    "30,000 lists": JUST_SMALL_ENOUGH,
    "5 MB": LONG,
    "an unknown field": b'{"surprise": 1}',
    "an unknown deep field": b'{"surprise": ' + JUST_SMALL_ENOUGH + b"}",
    "an unknown huge number": b'{"surprise": ' + HUGE + b"}",
    "5 MB in an unknown field": b'{"surprise": ' + LONG + b"}",
}

NO_VALUE: Mapping[str, bytes] = {
    "an object": b"{}",
    "lists in lists": b"[[]]",
    "100,000 lists": DEEP,
    "30,000 lists": JUST_SMALL_ENOUGH,
    "a huge number": HUGE,
    "a number beyond all": b"-1e400",
    "NaN": b"NaN",
    "half a surrogate pair": b'"\\ud800"',
    "a reversed pair": b'"\\udc00\\ud800"',
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "no UTF-8": b'"\xff"',
    "a NUL": b'"a\\u0000b"',
    "a bare NUL": b'"a\x00b"',
    "5 MB": LONG,
}
"""No field of ours takes one of these."""


def bad_json(right: Mapping[str, object]) -> Iterator[Sent]:
    """What is no JSON of ours, and the right body with one field that is wrong."""
    for name, body in NO_JSON.items():
        yield Sent(name=name, body=body)
    whole = json.dumps(right).encode()
    yield Sent(name="an unknown field besides", body=whole[:-1] + b', "surprise": 1}')
    for field in right:
        rest = json.dumps({key: value for key, value in right.items() if key != field}).encode()
        head = rest[:-1] + (b", " if len(rest) > 2 else b"")
        for name, value in NO_VALUE.items():
            pair = b'"%b": %b' % (field.encode(), value)
            yield Sent(name=f"{field}: {name}", body=head + pair + b"}")
        last = b'"%b": %b, "%b": {}' % (field.encode(), _value(right, field), field.encode())
        yield Sent(name=f"{field}: twice, the last wrong", body=head + last + b"}")
    yield from _encoded(whole)


def _value(right: Mapping[str, object], field: str) -> bytes:
    return json.dumps(right[field]).encode()


def _encoded(whole: bytes) -> Iterator[Sent]:
    for encoding in ("gzip", "deflate", "br", "zstd", "x", "identity, gzip", b"\xff"):
        headers = (("Content-Encoding", encoding),)
        yield Sent(name=f"encoded as {encoding!r}", body=whole, headers=headers)
    yield Sent(name="a form", body=b"id=1&text=x", kind=LINES)
    yield Sent(name="parts", body=part('; name="id"', b"1") + END, kind=PARTS)
    yield Sent(name="XML", body=b"<id>1</id>", kind="application/xml")


# --- forms --------------------------------------------------------------------------------------


def part(head: str, body: bytes) -> bytes:
    """One part of a form in parts."""
    return b"--x\r\nContent-Disposition: form-data" + head.encode() + b"\r\n\r\n" + body + b"\r\n"


KEY = b"key=abcdefgh12&"
KEY_PART = part('; name="key"', b"abcdefgh12")
END = b"--x--\r\n"

_NO_LINES: Mapping[str, bytes] = {
    "no UTF-8": b"text=\xff",
    "no UTF-8, escaped": b"text=%ff",
    "half a character": b"text=%ED%A0%80",
    "a NUL": b"text=a%00b",
    "a bare NUL": b"text=a\x00b",
    "a NUL in a name": b"text=a&b%00=c",
    "too many fields": b"a=1&" * 5_000,
    "5 MB": b"text=" + b"x" * 5_000_000,
}
_NO_PARTS: Mapping[str, bytes] = {
    "garbage": b"garbage",
    "cut off": KEY_PART[:-5],
    "no head": b"--x\r\nnonsense\r\n\r\nx\r\n" + END,
    "a head in no UTF-8": b"--x\r\n\xff\xfe: x\r\n\r\nx\r\n" + END,
    "a head without end": b"--x\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\nx\r\n" + END,
    "heads without end": b"--x\r\n" + b"X-A: a\r\n" * 2_000 + b"\r\nx\r\n" + END,
    "no UTF-8": KEY_PART + part('; name="text"', b"\xff") + END,
    "a NUL": KEY_PART + part('; name="text"', b"a\0b") + END,
    "another character set": KEY_PART
    + part('; name="text"\r\nContent-Type: text/plain; charset=unicode_escape', b"\\ud800")
    + part('; name="text"\r\nContent-Type: text/plain; charset=nope', b"\xff")
    + END,
    "parts in parts": b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n" + END,
    "a part without end": KEY_PART + part('; name="text"', b"x" * 900_000) + b"\xff" + END,
}


def bad_forms() -> Iterator[Sent]:
    """What is no form of ours."""
    for name, body in _NO_LINES.items():
        yield Sent(name=f"lines: {name}", body=KEY + body, kind=LINES)
    for charset in ("utf-16", "nope", "unicode_escape", "rot13", "undefined", "punycode"):
        kind = f"{LINES}; charset={charset}"
        yield Sent(name=f"lines in {charset}", body=KEY + b"text=\\ud800", kind=kind)
    for name, body in _NO_PARTS.items():
        yield Sent(name=f"parts: {name}", body=body, kind=PARTS)
    yield Sent(name="no boundary", body=KEY_PART + END, kind="multipart/form-data")
    yield Sent(name="JSON", body=b'{"key": "abcdefgh12", "text": "x"}', kind=JSON)
    yield Sent(name="deep JSON", body=DEEP, kind=JSON)
    yield Sent(name="a type of no text", body=KEY + b"text=x", kind=b"\xff")
    for encoding in ("gzip", "br", b"\xff"):
        headers = (("Content-Encoding", encoding),)
        yield Sent(name=f"encoded as {encoding!r}", body=KEY, kind=LINES, headers=headers)


# --- uploads ------------------------------------------------------------------------------------


def bad_uploads(limit: int) -> Iterator[Sent]:
    """A file may be any bytes, but not none, not too many, and not compressed."""
    octets = "application/octet-stream"
    yield Sent(name="nothing", body=b"", kind=octets)
    for encoding in ("gzip", b"\xff"):
        headers = (("Content-Encoding", encoding),)
        yield Sent(name=f"encoded as {encoding!r}", body=b"x", kind=octets, headers=headers)
    yield Sent(name="too large", body=b"x" * (limit + 1), kind=octets)
