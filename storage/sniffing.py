"""What a file is, from its bytes, and how its name may be shown."""

import unicodedata
from typing import TYPE_CHECKING

from bridge.domain.content import FileKind

if TYPE_CHECKING:
    from puremagic import PureMagicWithConfidence

SNIFFED = 64 * 1024
"""How many of the first bytes are looked at."""

UNKNOWN = "application/octet-stream"
_LONGEST_NAME = 200
_SVG = "image/svg+xml"

# What a browser or a phone shows as a picture. SVG is a program as much as a picture.
_PICTURES = {
    f"image/{name}" for name in ("jpeg", "png", "gif", "webp", "avif", "heic", "heif", "bmp")
}
_WORDS = ("text/", "application/json", "application/xml", _SVG)

# Where the table of signatures has no MIME type, or an old one.
_BY_EXTENSION = {
    ".amr": "audio/amr",
    ".bmp": "image/bmp",
    ".m4a": "audio/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}


def sniff(head: bytes, name: str) -> str:
    """The MIME type. The name only chooses among what the bytes allow (a zip may be a docx).

    Its table of signatures is read when the first file comes.
    """
    import puremagic

    try:
        matches = puremagic.magic_string(head, filename=name)
    except (puremagic.PureError, ValueError):
        matches = []
    if _is_text(head):
        return _kind_of_text(head, matches)
    if head.startswith(b"PK\x03\x04") and (not matches or matches[0].confidence < 0.9):
        return "application/zip"
    # Of equals the later signature says more: the brand of a container, not the container.
    for match in sorted(matches, key=lambda match: (-match.confidence, -match.offset)):
        mime = _BY_EXTENSION.get(match.extension) or match.mime_type
        if mime:
            return mime
    return UNKNOWN


def kind_of(mime: str) -> FileKind:
    """How a file of this type is shown; what is not certainly harmless is a document."""
    if mime in _PICTURES:
        return FileKind.IMAGE
    if mime.startswith("video/"):
        return FileKind.VIDEO
    if mime.startswith("audio/"):
        return FileKind.AUDIO
    return FileKind.DOCUMENT


def clean_name(name: str) -> str:
    """The name without a path, control characters or tricks with direction; never empty."""
    last = name[-4 * _LONGEST_NAME :].replace("\\", "/").rsplit("/", 1)[-1]
    shown = " ".join("".join(map(_shown, last)).split()).strip(" .")
    if len(shown) > _LONGEST_NAME:
        stem, dot, extension = shown.rpartition(".")
        kept = f"{dot}{extension}" if dot and len(extension) <= 10 else ""
        shown = (stem if kept else shown)[: _LONGEST_NAME - len(kept)] + kept
    return shown or "file"


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace():
        return " "
    joiner = character in "\u200c\u200d"  # emoji and several scripts need them
    return "" if category.startswith("C") and not joiner else character


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.reason == "unexpected end of data"
    return True


def _kind_of_text(head: bytes, matches: "list[PureMagicWithConfidence]") -> str:
    start = head[:4096].lower()
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if b"<svg" in start:
        return _SVG
    if any(tag in start for tag in (b"<!doctype html", b"<html", b"<script", b"<body")):
        return "text/html"
    mime = next((match.mime_type for match in matches if match.mime_type.startswith(_WORDS)), "")
    return mime or ("text/plain" if head else UNKNOWN)
