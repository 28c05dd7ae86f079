"""Files as messages show them, whoever sends them."""

import mimetypes
from collections.abc import Mapping
from pathlib import PurePosixPath

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.telegram.records import StoredFile
from bridge.simulators.telegram.world import World

FOLDERS = {
    "photo": "photos",
    "video": "videos",
    "animation": "animations",
    "voice": "voice",
    "audio": "music",
    "document": "documents",
    "sticker": "stickers",
    "video_note": "video_notes",
}
"""Every kind of file, and where Telegram says that it lies."""
_NUMBERS: Mapping[str, Mapping[str, int]] = {
    "video": {"width": 640, "height": 360, "duration": 1},
    "animation": {"width": 320, "height": 180, "duration": 1},
    "voice": {"duration": 1},
    "audio": {"duration": 1},
    "video_note": {"length": 240, "duration": 1},
    "sticker": {"width": 512, "height": 512},
    "document": {},
}
_BYTES = "application/octet-stream"
_MIMES = {"photo": "image/jpeg", "voice": "audio/ogg", "video_note": "video/mp4"}
_STICKERS = {
    "image/webp": ".webp",
    "application/x-tgsticker": ".tgs",
    "video/webm": ".webm",
}
"""What a sticker can be: still, animated, a video."""
_SIZES = ((90, 68), (320, 240))
_BIGGEST = (1280, 960)
_SMALL = bytes.fromhex("ffd8ffdb00430003020202020203020202030303030406040404040408060605ffd9")


def file_said(world: World, file: StoredFile, about: Mapping[str, Json]) -> JsonObject:
    """The part of a message that shows a file. `about` says what only its sender knows."""
    if file.kind == "photo":
        return {"photo": _sizes(world, file)}
    said: JsonObject = {**_common(file), **_NUMBERS[file.kind]}
    more = ("width", "height", "duration", "length", "performer", "title", "emoji")
    allowed = {name for name in more if name in _allowed(file.kind)}
    said |= {name: about[name] for name in allowed if about.get(name) is not None}
    if file.kind == "sticker":
        said |= {
            "type": "regular",
            "is_animated": file.mime == "application/x-tgsticker",
            "is_video": file.mime == "video/webm",
        }
    elif file.kind != "video_note":
        said |= _described(file)
    # Telegram shows an animation as a document, too, for bots that know no animations.
    old: JsonObject = {"document": _as_document(file)} if file.kind == "animation" else {}
    return {file.kind: said, **old}


def _allowed(kind: str) -> set[str]:
    more = {"audio": {"performer", "title"}, "sticker": {"emoji"}}
    return {*_NUMBERS[kind], *more.get(kind, set())}


def _common(file: StoredFile) -> JsonObject:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.body)}


def _described(file: StoredFile) -> JsonObject:
    said: JsonObject = {"mime_type": file.mime} if file.mime else {}
    return {**said, "file_name": file.name} if file.name and file.kind != "voice" else said


def _as_document(file: StoredFile) -> JsonObject:
    return {**_common(file), **_described(file)}


def _sizes(world: World, file: StoredFile) -> list[Json]:
    """The smaller ones are other files: whoever fetches one of them has the wrong picture."""
    small = [world.add_file(_SMALL, "photo", "image/jpeg") for _ in _SIZES]
    return [
        {**_common(each), "width": width, "height": height}
        for each, (width, height) in zip([*small, file], [*_SIZES, _BIGGEST], strict=True)
    ]


def mime_of(kind: str, mime: str, name: str) -> str:
    """What Telegram takes a file for: as its kind always is, as it says, or as its name says."""
    return _MIMES.get(kind) or declared(mime, name)


def declared(mime: str, name: str) -> str:
    """What a file says that it is; a name says more than "some bytes"."""
    if mime in ("", _BYTES):
        return mimetypes.guess_type(name)[0] or mime
    return mime


def path_of(file: StoredFile, number: int) -> str:
    """Where a file lies; its own name is not kept."""
    ending = _STICKERS.get(file.mime) if file.kind == "sticker" else None
    ending = ending or PurePosixPath(file.name).suffix or mimetypes.guess_extension(file.mime)
    return f"{FOLDERS[file.kind]}/file_{number}{ending or ''}"
