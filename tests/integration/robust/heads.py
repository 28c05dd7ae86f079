"""Headers and addresses that nobody means, and that every entry point must bear."""

from collections.abc import Mapping

from tests.integration.robust.wire import Header

BYTES = b"\xff\xfe"

SAID_BADLY: Mapping[str, tuple[Header, ...]] = {
    "two proofs": (("Authorization", "Bearer a"), ("Authorization", "Bearer b")),
    "a proof of bytes": (("Authorization", b"Bearer " + BYTES),),
    "a token of bytes": (("Authorization", b"Bearer dk_" + BYTES),),
    "a visitor of letters": (("Authorization", "Bearer é.é"),),
    "a long proof": (("Authorization", "Bearer " + "x" * 7_000),),
    "another scheme": (("Authorization", "Basic Og=="),),
    "two customers": (
        ("X-Deskbridge-Customer", "a"),
        ("X-Deskbridge-Customer", "b"),
        ("X-Deskbridge-Signature", "x"),
    ),
    "a customer of bytes": (("X-Deskbridge-Customer", BYTES), ("X-Deskbridge-Signature", BYTES)),
    "a session of bytes": (("Cookie", b"desk_session=" + BYTES + b"; desk_visit=" + BYTES),),
    "a session of letters": (("Cookie", "desk_session=é; desk_visit=é"),),
    "an escaped session": (("Cookie", 'desk_session="\\377\\000"; desk_visit="\\377"'),),
    "many cookies": (("Cookie", "; ".join(f"c{n}={n}" for n in range(700))),),
    "a form's token of bytes": (("X-CSRF-Token", BYTES),),
    "another site": (("Origin", "https://evil.example"),),
    "no site": (("Origin", "null"),),
    "a site of bytes": (("Origin", BYTES),),
    "two sites": (("Origin", "https://evil.example"), ("Origin", "https://worse.example")),
    "a key of bytes": (("Idempotency-Key", BYTES),),
    "a long key": (("Idempotency-Key", "x" * 500),),
    "languages of bytes": (("Accept-Language", b"\xff;q=\xff, en;q=" + b"9" * 400),),
    "many languages": (("Accept-Language", "a;q=9e999," * 600),),
    "a long event": (("Last-Event-ID", "9" * 5_000),),
    "an event beyond": (("Last-Event-ID", "9223372036854775808"),),
    "events beyond": (("Last-Event-ID", "999999999999999999.999999999999999999"),),
    "an event in other digits": (("Last-Event-ID", "٣٤²"),),
    "forwarded by bytes": (("X-Forwarded-For", b"\xff,,%"), ("Forwarded", BYTES)),
    "a file's name of bytes": (("X-Deskbridge-Name", b"%ff%00\xff/../.."),),
    "a wish of bytes": (("Accept", b"text/html, \xff"), ("If-None-Match", BYTES)),
    "a range beyond": (("Range", "bytes=" + "9" * 30 + "-"), ("If-Modified-Since", "never")),
    "an upgrade": (("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")),
}
"""Said besides, or instead of what lets somebody in."""

BROKEN: Mapping[str, tuple[Header, ...]] = {
    "no Host": (("Content-Length", "2"),),
    "two Hosts": (("Host", "a"), ("Host", "b"), ("Content-Length", "2")),
    "a Host of bytes": (("Host", BYTES), ("Content-Length", "2")),
    "half an address": (("Host", "[::1"), ("Content-Length", "2")),
    "a Host and a site of bytes": (
        ("Host", BYTES),
        ("Origin", b"http://" + BYTES),
        ("Content-Length", "2"),
    ),
    "a Host with a name": (("Host", "a@b:99999"), ("Content-Length", "2")),
    "an empty Host": (("Host", ""), ("Content-Length", "2")),
    "two lengths": (("Host", "a"), ("Content-Length", "2"), ("Content-Length", "3")),
    "a negative length": (("Host", "a"), ("Content-Length", "-1")),
    "a length in words": (("Host", "a"), ("Content-Length", "two")),
    "a length beyond": (("Host", "a"), ("Content-Length", "9" * 30)),
    "both lengths": (("Host", "a"), ("Content-Length", "2"), ("Transfer-Encoding", "chunked")),
    "another transfer": (("Host", "a"), ("Transfer-Encoding", "gzip")),
    "no chunk": (("Host", "a"), ("Transfer-Encoding", "chunked")),
    "a space in a name": (("Host", "a"), ("X A", "b"), ("Content-Length", "2")),
    "a NUL": (("Host", "a"), ("X-A", b"\x00"), ("Content-Length", "2")),
    "a fold": (("Host", "a"), ("X-A", "a\r\n b"), ("Content-Length", "2")),
    "a bare line feed": (("Host", "a"), ("X-A", "a\nX-B: b"), ("Content-Length", "2")),
    "a long header": (("Host", "a"), ("X-A", "a" * 20_000), ("Content-Length", "2")),
    "many headers": (("Host", "a"), *((("X-A", "a"),) * 3_000), ("Content-Length", "2")),
    "an expectation": (("Host", "a"), ("Expect", "wonders"), ("Content-Length", "2")),
}
"""All headers of a request that is none."""

IDS: tuple[bytes, ...] = (
    b"%00", b"%ff", b"\xff", b"%ED%A0%80", b"%0a", b"%2e%2e%2f", b"%2f", b"-1", b"0",
    b"9" * 18, b"9223372036854775808", b"9" * 5_000, "²".encode(), "٣".encode(), b"'--", b"%252e",
)  # fmt: skip
"""What may stand in an address where the name of something should."""

QUERY_NAMES = (
    "before", "after", "thread", "number", "text", "queue", "agent", "state", "since", "next",
    "priority", "channel", "mine", "command", "word", "prefix", "at", "limit", "done",
)  # fmt: skip
QUERY_VALUES = (
    "", "%00", "%ff", "%ED%A0%80", "-1", "9" * 18, "9" * 5_000, "%D9%A3", "'--", "x" * 2_000,
)  # fmt: skip
