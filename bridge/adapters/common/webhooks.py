"""Signs what we send and proves what we get, by Standard Webhooks (standardwebhooks.com)."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from multidict import CIMultiDictProxy, MultiMapping
from standardwebhooks import Webhook, WebhookVerificationError

from bridge.domain.errors import InvalidSettings, UntrustedRequest

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64
_LONGEST_SIGNATURE = 2_000


class Signer:
    """One secret that we share with one other side."""

    def __init__(self, secret: str, where: str) -> None:
        """`where` names the key of the settings. Raises `InvalidSettings`; never shows the secret.

        A secret is base64, 24 to 64 bytes of it, usually after `whsec_`.
        """
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not _SHORTEST <= len(key) <= _LONGEST:
            raise InvalidSettings(
                f"{where}: write whsec_ and {_SHORTEST} to {_LONGEST} random bytes in base64; "
                "`deskbridge bot secret` makes one"
            )
        self._webhook = Webhook(key)

    def headers(self, key: str, body: bytes) -> dict[str, str]:
        """What proves this body to be ours, now, by the clock that the other side has, too.

        `key` is the same for every try of the same thing.
        """
        now = datetime.now(UTC).replace(microsecond=0)
        return {
            ID: key,
            TIMESTAMP: str(int(now.timestamp())),
            SIGNATURE: self._webhook.sign(key, now, body.decode()),
        }

    def verify(self, headers: MultiMapping[str] | Mapping[str, str], body: bytes) -> str:
        """Prove that the other side sent this within the last five minutes; gives its id.

        Raises `UntrustedRequest`, whatever is wrong.
        """
        proofs = {name: _only(headers, name) for name in (ID, TIMESTAMP, SIGNATURE)}
        try:
            self._webhook.verify(body, proofs, json_parse=False)
        except (WebhookVerificationError, ValueError, OverflowError) as error:
            # The library lets through what its own parsing trips over: base64, commas, UTF-8.
            raise UntrustedRequest("The signature does not fit.") from error
        return proofs[ID]


def _only(headers: MultiMapping[str] | Mapping[str, str], name: str) -> str:
    """The header, if there is exactly one, in plain ASCII."""
    values = headers.getall(name, []) if isinstance(headers, CIMultiDictProxy) else [headers[name]]
    if len(values) != 1 or not values[0].isascii() or len(values[0]) > _LONGEST_SIGNATURE:
        raise UntrustedRequest(f"Send {name} once.")
    return values[0]
