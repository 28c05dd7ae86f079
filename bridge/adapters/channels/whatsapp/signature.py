"""Whether a webhook comes from Meta; pure.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

from bridge.domain.errors import UntrustedRequest

_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")


def verify(secret: str, signatures: Sequence[str], body: bytes) -> None:
    """Raises `UntrustedRequest` unless Meta signed exactly these bytes.

    `signatures` are all values of the header; more than one is none.
    """
    if not secret:
        raise UntrustedRequest("there is no app secret")
    if len(signatures) != 1 or _SIGNATURE.fullmatch(signatures[0]) is None:
        raise UntrustedRequest("the signature is missing, doubled or malformed")
    if not hmac.compare_digest(sign(secret, body).encode(), signatures[0].encode()):
        raise UntrustedRequest("the signature is another one")


def sign(secret: str, body: bytes) -> str:
    """What Meta writes into `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def same(known: str, given: str) -> bool:
    """Whether both are the same secret, in constant time."""
    return hmac.compare_digest(known.encode(), given.encode("utf-8", "surrogatepass"))
