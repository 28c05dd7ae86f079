"""Whether an HTTP request comes from Slack; pure.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

from bridge.domain.errors import UntrustedRequest
from bridge.domain.ids import SECOND, Instant

VALID_FOR = 300 * SECOND
"""A request is believed so long after, or before, the moment that it names."""

_STAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


def verify(
    secret: str, stamps: Sequence[str], signatures: Sequence[str], body: bytes, now: Instant
) -> None:
    """Raises `UntrustedRequest` unless Slack signed this body less than five minutes ago.

    `stamps` and `signatures` are all values of the two headers; more than one is none.
    """
    if not secret:
        raise UntrustedRequest("there is no signing secret")
    stamp, signature = _only(stamps, _STAMP), _only(signatures, _SIGNATURE)
    expected = sign(secret, stamp, body)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise UntrustedRequest("the signature is another one")
    if abs(now - int(stamp) * SECOND) > VALID_FOR:
        raise UntrustedRequest("the request is too old, or from the future")


def sign(secret: str, stamp: str, body: bytes) -> str:
    """What Slack writes into `X-Slack-Signature`."""
    signed = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _only(values: Sequence[str], shape: re.Pattern[str]) -> str:
    if len(values) != 1 or shape.fullmatch(values[0]) is None:
        raise UntrustedRequest("a header is missing, doubled or malformed")
    return values[0]
