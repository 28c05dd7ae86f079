"""The desk's key: 32 random bytes in a file that only its owner can read."""

import hmac
import os
import secrets
from pathlib import Path

from bridge.domain.errors import InvalidSettings
from bridge.settings.sources import open_to_others

KEY_FILE = "desk.key"
OPERATOR = "operator"
"""The purpose of the secret that the command line proves itself with."""
KEY_SIZE = 32


class DeskKey:
    """Derives every secret of the desk; the key itself never leaves this object."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes."""
        self._key = key

    def secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same at every start; none tells of another."""
        return hmac.digest(self._key, purpose.encode(), "sha256")

    @property
    def fingerprint(self) -> str:
        """What two processes compare to find out whether they have the same key."""
        return self.secret("fingerprint").hex()[:16]

    def __repr__(self) -> str:
        """Never the key."""
        return "DeskKey(...)"


def desk_key(data_dir: Path) -> DeskKey:
    """The key of this desk, made at the first start.

    Raises `InvalidSettings` when it is damaged, unreadable or open to others.
    """
    path = data_dir / KEY_FILE
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as failure:
        raise InvalidSettings(
            f"[desk] data_dir: cannot use {data_dir}: {failure.strerror}; "
            "let the user who runs deskbridge write there"
        ) from failure
    if len(key) != KEY_SIZE:
        raise InvalidSettings(f"{path}: not a key of {KEY_SIZE} bytes; put it back from a backup")
    if open_to_others(path):
        raise InvalidSettings(f"{path}: others can read it: chmod 600 {path}")
    return DeskKey(key)


def _make(path: Path) -> None:
    """Whole or not at all: a start that is killed here leaves no half key."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_SIZE))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(new, path)
    except FileExistsError:
        pass  # somebody else was first, and his key is the one
    finally:
        new.unlink()
