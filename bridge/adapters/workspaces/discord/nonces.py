"""The name that a post of ours bears at Discord: the same call twice is one message.

discord.com/developers/docs/resources/message#create-message: `enforce_nonce` looks at "the past
few minutes", per author, and a nonce has at most 25 characters.
"""

import hmac

from bridge.domain.ids import MINUTE

LENGTH = 25
TRUSTED_FOR = 2 * MINUTE
"""Nobody says how long a few minutes are."""


class Nonces:
    """Names of one desk: another one with the same bot has others."""

    def __init__(self, secret: bytes) -> None:
        """The desk's secret for this purpose."""
        self._secret = secret

    def of(self, key: str) -> str:
        """The name of the call that has this key."""
        return hmac.new(self._secret, key.encode(), "sha256").hexdigest()[:LENGTH]
