"""Files: uploaded under an id, fetched from an address that soon expires."""

import secrets
from dataclasses import dataclass

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.graph.errors import GraphRefusal
from bridge.simulators.graph.office import PostOffice
from bridge.simulators.graph.records import Media, Number
from bridge.simulators.graph.world import World

MEGABYTE = 1024 * 1024
LIMITS = {
    "image/jpeg": 5 * MEGABYTE,
    "image/png": 5 * MEGABYTE,
    "image/webp": 500 * 1024,
    "video/mp4": 16 * MEGABYTE,
    "video/3gpp": 16 * MEGABYTE,
    "audio/aac": 16 * MEGABYTE,
    "audio/amr": 16 * MEGABYTE,
    "audio/mpeg": 16 * MEGABYTE,
    "audio/mp4": 16 * MEGABYTE,
    "audio/ogg": 16 * MEGABYTE,
    "text/plain": 100 * MEGABYTE,
    "application/pdf": 100 * MEGABYTE,
    "application/msword": 100 * MEGABYTE,
    "application/vnd.ms-excel": 100 * MEGABYTE,
    "application/vnd.ms-powerpoint": 100 * MEGABYTE,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 100 * MEGABYTE,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 100 * MEGABYTE,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": 100 * MEGABYTE,
}
"""What is taken, and how much of it.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media, read November 2026.
"""


@dataclass(frozen=True, slots=True)
class MediaShelf:
    """Takes files and gives them back."""

    world: World
    ledger: Ledger
    office: PostOffice

    async def upload(self, number: Number, body: bytes, mime: str, name: str) -> JsonObject:
        """Keep it. Raises `GraphRefusal`."""
        most = LIMITS.get(mime)
        if most is None:
            raise GraphRefusal(100, f"Param file must be a file of a supported type, not {mime}.")
        if len(body) > most:
            raise GraphRefusal(131053, f"The file is too large: {len(body)} of {most} bytes.")
        media = self.world.add_media(body, mime, name)
        await self.ledger.append("media", number.id, id=media.id, mime=mime, size=len(body))
        return {"id": media.id}

    def describe(self, id_: str) -> JsonObject:
        """Where it can be fetched, for five minutes."""
        media = self.world.media.get(id_)
        if media is None:
            raise GraphRefusal(100, f"Object with ID '{id_}' does not exist")
        ticket = secrets.token_urlsafe(16)
        ends = self.world.now() + self.office.quirks.media_url_lives
        self.world.media_urls[ticket] = (id_, ends)
        return {
            "messaging_product": "whatsapp",
            "url": f"{self.world.address}/whatsapp_business/attachments/?mid={id_}&t={ticket}",
            "mime_type": media.mime,
            "sha256": media.sha256,
            "file_size": len(media.body),
            "id": id_,
        }

    def fetch(self, ticket: str) -> Media | None:
        """The file behind an address; None when the address is worth nothing any more."""
        found = self.world.media_urls.get(ticket)
        if found is None or self.world.now() >= found[1]:
            return None
        return self.world.media.get(found[0])
