"""The widget as one file: its modules in order, inside one scope, with the channel's settings."""

import gzip
import hashlib
from collections.abc import Mapping
from importlib import resources

import msgspec

MODULES = (
    "strings",
    "dom",
    "text",
    "outbox",
    "link",
    "ear",
    "sender",
    "story",
    "view",
    "composer",
    "style",
    "shell",
    "chat",
    "mount",
)
_LEFT_OUT = ("import ", "/* ", "/**", "// ")


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """The script, the same compressed, and the tag of this version."""

    plain: bytes
    compressed: bytes
    etag: str


def bundle(channel: Mapping[str, object]) -> Bundle:
    """The widget's script for a channel; `channel` is what the script finds in `CHANNEL`."""
    parts = (
        "/* Deskbridge web chat. MIT licence. */",
        "(() => {",
        '"use strict";',
        f"const CHANNEL = {msgspec.json.encode(channel).decode()};",
        *(_module(name) for name in MODULES),
        "})();\n",
    )
    plain = "\n".join(parts).encode()
    etag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return Bundle(plain=plain, compressed=gzip.compress(plain, 9, mtime=0), etag=etag)


def _module(name: str) -> str:
    """A module's code as it is written, but for its comments, indents, imports and exports.

    All modules share one scope, and who reads the comments reads them here. No text of theirs goes
    over a line but the style sheet, to which blanks mean nothing.
    """
    source = resources.files(__package__).joinpath("assets", f"{name}.js").read_text("utf-8")
    rows = (row.strip().removeprefix("export ") for row in source.splitlines())
    return "\n".join(row for row in rows if row and not row.startswith(_LEFT_OUT))
