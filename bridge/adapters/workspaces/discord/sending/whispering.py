"""Private answers outside of interactions: direct messages, each once.

Discord shows what one person alone may see only as the answer to something he did. Who takes no
direct messages is told so in the thread, quietly.
"""

from collections.abc import Sequence

import structlog

from bridge.adapters.common import labels
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.recent import Recent
from bridge.adapters.common.threads import Thread
from bridge.adapters.workspaces.discord.cards import layout
from bridge.adapters.workspaces.discord.cards.cards import thread_address
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import Pressed
from bridge.adapters.workspaces.discord.errors import CANNOT_TELL_HIM, DiscordRefusal
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.sending.places import Spot
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.text.writing import JOINER, written
from bridge.domain.delivery import OfferedCommand
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import ThreadRef, WorkspaceUserId
from bridge.domain.text import FormattedText

log = structlog.get_logger("bridge.discord")

_MAX_TEXT = 3_500


class Whispering:
    """Tells one person something."""

    def __init__(self, site: Site) -> None:
        """Nothing was told yet."""
        self._site = site
        self._eyes = DeskEyes(site, site.people.locale)
        self._told: Recent[bool] = Recent()
        self._direct: Recent[str] = Recent()
        self._hints: dict[WorkspaceUserId, dict[ThreadRef, str]] = {}

    async def tell(
        self,
        to: WorkspaceUserId,
        ref: ThreadRef | None,
        text: FormattedText,
        offers: Sequence[OfferedCommand],
        key: str,
    ) -> None:
        """Show it to this person alone."""
        if self._told.get(key):
            return
        thread = None if ref is None else await self._site.threads.find(ref)
        said = await self._labels(to, offers)
        body = {**self._body(thread, text, offers, said), **self._named(key)}
        await self._site.kept.save()
        try:
            await self._post(await self._direct_with(to), body)
        except DiscordRefusal as error:
            if error.discord_code not in CANNOT_TELL_HIM or thread is None or thread.bare:
                raise
            await self._hint(to, thread, key)
        else:
            await self._take_hints_away(to)
        self._told.put(key, True)

    async def _direct_with(self, user: str) -> str:
        """The channel of his direct messages with the bot."""
        channel = self._direct.get(user)
        if channel is None:
            to = route("POST", "/users/@me/channels")
            channel = str((await self._site.discord.call(to, {"recipient_id": user}))["id"])
            self._direct.put(user, channel)
        return channel

    async def _hint(self, user: WorkspaceUserId, thread: Thread, key: str) -> None:
        """What it is about stays private; that there is something is said once, to nobody's ring.

        It stays until he can be told again.
        """
        hints = self._hints.setdefault(user, {})
        if thread.ref in hints:
            return
        body = {
            "content": f"-# <@{user}> {self._site.say('discord.whisper.direct')}",
            "flags": layout.SUPPRESS_EMBEDS,
            "allowed_mentions": {"parse": []},
            **self._named(f"{key} in thread"),
        }
        hints[thread.ref] = await self._post(thread.ref, body)

    async def _take_hints_away(self, user: WorkspaceUserId) -> None:
        for thread, message in self._hints.pop(user, {}).items():
            try:
                await self._site.discord.call(Spot(channel=thread, message=message).delete)
            except DeskbridgeError as error:
                log.info("hint_stays", room_thread=thread, why=str(error))

    async def _labels(self, to: WorkspaceUserId, offers: Sequence[OfferedCommand]) -> list[str]:
        """What the buttons say, in the language of the sentence above them: his own."""
        if not offers:
            return []
        language = await self._eyes.language(await self._site.people.user(to))
        return [labels.label_of(each.label, each.command, language) for each in offers]

    def _body(
        self,
        thread: Thread | None,
        text: FormattedText,
        offers: Sequence[OfferedCommand],
        said: Sequence[str],
    ) -> Json:
        parts = [layout.text(written(text, _MAX_TEXT) or JOINER)]
        if thread is not None:
            address = thread_address(self._site.guild, thread.ref)
            parts.append(layout.text(f"-# {address}"))
        number = None if thread is None else thread.number
        buttons = [
            layout.button(
                label,
                self._site.kept.id(
                    Pressed(command=offer.command, number=number, arguments=offer.arguments), place
                ),
            )
            for place, (offer, label) in enumerate(zip(offers, said, strict=True))
        ]
        return {
            "components": [*parts, *layout.rows(buttons)],
            "flags": layout.IS_COMPONENTS_V2,
            "allowed_mentions": {"parse": []},
        }

    def _named(self, key: str) -> Json:
        nonce = self._site.nonces.of(f"whisper {key}")
        return {"nonce": nonce, "enforce_nonce": True}

    async def _post(self, channel: str, body: Json) -> str:
        to = route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        return str((await self._site.discord.call(to, body))["id"])
