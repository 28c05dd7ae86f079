"""What a platform tells us that we do not know, kept as it came."""

import hashlib
from collections import Counter

import structlog

from bridge.ports.adapter_store import AdapterStore

log = structlog.get_logger("bridge.channels")

UNKNOWN = "unknown"
"""The journal of it."""
_MOST_KINDS = 50
_MOST_BYTES = 64 * 1024


class Unknowns:
    """Kept once each, so that a later version can be taught what they mean; `kinds` are counted."""

    def __init__(self, store: AdapterStore) -> None:
        """Nothing came since the start."""
        self._store = store
        self.kinds: Counter[str] = Counter()

    async def keep(self, kind: str, body: bytes) -> None:
        """Count it and keep it; of very many kinds the last ones are counted as one."""
        counted = kind if len(self.kinds) < _MOST_KINDS or kind in self.kinds else "more"
        self.kinds[counted] += 1
        log.warning("webhook_unknown", kind=counted, bytes=len(body))
        await self._store.append(UNKNOWN, hashlib.sha256(body).hexdigest(), body[:_MOST_BYTES])
