"""Files that a bot sends, and those that it fetches."""

import secrets
from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.api.saying import caption_said
from bridge.simulators.telegram.api.sending import send, send_all
from bridge.simulators.telegram.errors import BrokenRules, TelegramRefused
from bridge.simulators.telegram.files import declared, file_said, mime_of, path_of
from bridge.simulators.telegram.records import StoredFile, Upload
from bridge.simulators.telegram.shapes import message_shown
from bridge.simulators.telegram.spec.schema import ATTACHED

SENDS = {
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendAudio": "audio",
    "sendVoice": "voice",
    "sendDocument": "document",
    "sendSticker": "sticker",
    "sendVideoNote": "video_note",
}
"""Methods that send one file, and what they send it as."""
ALONE = frozenset({"document", "audio"})
"""Kinds that an album has no other kind beside."""
_ALBUM = frozenset({"photo", "video"}) | ALONE
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")
_VOICES = frozenset({"audio/ogg", "audio/opus", "audio/mpeg", "audio/mp4", "audio/x-m4a"})


async def send_file(desk: Desk, call: Call) -> Json:
    """`sendPhoto` and the like."""
    chat = desk.writable(call)
    kind = SENDS[call.method]
    body = media_said(desk, call, kind, call.args, call.txt(kind))
    return await send(desk, call, chat, body)


async def send_media_group(desk: Desk, call: Call) -> Json:
    """`sendMediaGroup`: 2 to 10 files, each a message of its own."""
    chat = desk.writable(call)
    items = [obj(each) for each in call.arr("media")]
    kinds = [txt(each.get("type")) for each in items]
    if not 2 <= len(items) <= 10:
        raise TelegramRefused(400, "an album must include 2-10 items")
    if not set(kinds) <= _ALBUM or (len(set(kinds)) > 1 and set(kinds) & ALONE):
        raise TelegramRefused(400, "wrong combination of media types in an album")
    album: JsonObject = {"media_group_id": str(secrets.randbelow(10**17) + 10**17)}
    bodies = [
        media_said(desk, call, kind, each, txt(each.get("media"))) | album
        for kind, each in zip(kinds, items, strict=True)
    ]
    sent = await send_all(desk, call, chat, bodies)
    return [message_shown(desk.world, one) for one in sent]


def media_said(
    desk: Desk, call: Call, kind: str, about: Mapping[str, Json], reference: str
) -> JsonObject:
    """The body of a message with a file. Raises `TelegramRefused`."""
    captioned = caption_said(about)  # Before the file is kept: a refused one leaves nothing.
    file = _file(desk, call, kind, reference)
    shown = {
        name: True
        for name, said in (("has_media_spoiler", "has_spoiler"), ("show_caption_above_media",) * 2)
        if about.get(said) is True
    }
    return file_said(desk.world, file, about) | captioned | shown


def _file(desk: Desk, call: Call, kind: str, reference: str) -> StoredFile:
    if reference.startswith(("http://", "https://")):
        raise BrokenRules("a file from an address is not simulated")
    if not reference.startswith(ATTACHED):
        return _known(desk, kind, reference)
    upload = call.uploads.get(reference.removeprefix(ATTACHED))
    if upload is None:
        raise BrokenRules(f"{reference} is not among the parts of the call")
    return _kept(desk, kind, upload)


def _known(desk: Desk, kind: str, id_: str) -> StoredFile:
    file = desk.world.files.get(id_)
    if file is None:
        raise TelegramRefused(400, "wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise TelegramRefused(400, f"can't use file of type {file.kind} as {kind}")
    return file


def _kept(desk: Desk, kind: str, upload: Upload) -> StoredFile:
    size, quirks = len(upload.body), desk.world.quirks
    if not size:
        raise TelegramRefused(400, "file must be non-empty")
    if size > quirks.most_upload:
        raise TelegramRefused(413)
    if kind == "photo" and size > quirks.most_photo:
        raise TelegramRefused(400, "file is too big for a photo")
    if kind == "photo" and not upload.body.startswith(_PICTURES):
        raise TelegramRefused(400, "IMAGE_PROCESS_FAILED")
    if kind == "voice":
        kind = _kind_of_voice(upload)
    mime = mime_of(kind, upload.mime, upload.name)
    return desk.world.add_file(upload.body, kind, mime, upload.name)


def _kind_of_voice(upload: Upload) -> str:
    """`voice` only for what it can be: "other formats may be sent as Audio or Document"."""
    mime = declared(upload.mime, upload.name)
    if mime in _VOICES or upload.body.startswith(b"OggS"):
        return "voice"
    return "audio" if mime.startswith("audio/") else "document"


async def get_file(desk: Desk, call: Call) -> Json:
    """`getFile`: where a file can be fetched for an hour."""
    world = desk.world
    file = world.files.get(call.txt("file_id"))
    if file is None:
        raise TelegramRefused(400, "wrong file_id or the file is temporarily unavailable")
    if len(file.body) > world.quirks.most_download:
        raise TelegramRefused(400, "file is too big")
    known = (path for path, (id_, _) in world.links.items() if id_ == file.id)
    path = next(known, None) or path_of(file, len(world.links))
    world.links[path] = (file.id, world.now() + world.quirks.link_lives)
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.body),
        "file_path": path,
    }
