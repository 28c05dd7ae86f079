"""What customers send, and how it is known again at the platform."""

import hmac
import json

from multidict import CIMultiDict

from bridge.adapters.channels.webchat.identity import Identities
from bridge.bench.load.lines import SECRET, whose, writer
from bridge.bench.load.platform import take


def sent(number: int, line: int) -> tuple[CIMultiDict[str], bytes]:
    """A request, taken apart."""
    raw = writer(number, "127.0.0.1:1", "/chat/site/messages").line(line)
    head, _, body = raw.partition(b"\r\n\r\n")
    rows = head.decode().split("\r\n")[1:]
    headers = (row.partition(": ") for row in rows)
    return CIMultiDict((name, value) for name, _, value in headers), body


def test_every_line_is_signed_as_a_site_signs() -> None:
    headers, _ = sent(7, 1)

    address = Identities(b"k" * 32, (SECRET.encode(),)).recognise(headers)

    assert address == "customer-0007"
    assert hmac.compare_digest(address, headers["X-Deskbridge-Customer"])


def test_a_line_is_as_long_as_its_head_says_and_has_an_id_of_its_own() -> None:
    headers, one = sent(7, 1)
    _, other = sent(7, 99_999)

    assert int(headers["Content-Length"]) == len(one) == len(other)
    assert json.loads(one)["id"] != json.loads(other)["id"]


def test_a_line_is_known_again_in_whatever_was_posted() -> None:
    _, body = sent(1_234, 56_789)

    assert whose(b'{"thread":"t","text":"Maria: ' + body) == (1_234, 56_789)
    assert whose(b'{"text":"Ana has this conversation now."}') is None


def test_a_request_is_taken_only_when_it_is_whole() -> None:
    whole = b"POST /posts HTTP/1.1\r\ncontent-length: 4\r\n\r\nbody"
    received = bytearray()

    taken = []
    for byte in whole + whole[:10]:
        received.append(byte)
        taken.append(take(received))

    assert [body for body in taken if body is not None] == [b"body"]
    assert bytes(received) == whole[:10]
