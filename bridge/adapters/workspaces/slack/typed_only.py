"""The smallest surfaces: commands typed in a thread, answered privately; nothing to click."""

import re

from bridge.adapters.workspaces.slack.lines import Voice
from bridge.adapters.workspaces.slack.payloads import Payload, message_of
from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.ids import SourceKey
from bridge.ports.commands import CommandInvoked

_COMMAND = re.compile(r"\s*!([A-Za-z][A-Za-z-]{0,30})(?:\s+(.*))?\s*", re.DOTALL)


class TypedOnly:
    """`Surfaces` for a workspace without buttons, forms and a home."""

    def __init__(self, site: Site, voice: Voice) -> None:
        """Answer with this voice."""
        self._site = site
        self._voice = voice

    async def action(self, payload: Payload) -> None:
        """Nothing to click."""

    async def shortcut(self, payload: Payload) -> None:
        """Nothing to choose."""

    async def slash(self, payload: Payload) -> None:
        """Nothing to type outside threads."""

    async def submission(self, payload: Payload) -> Payload | None:
        """Nothing to fill in."""
        return None

    async def options(self, payload: Payload) -> Payload:
        """Nothing to pick."""
        return {"options": []}

    async def home_opened(self, event: Payload) -> None:
        """Nothing to show."""

    async def typed(self, message: Payload) -> bool:
        """Run a `!command` that the desk knows."""
        said = message_of(message)
        found = None if said is None else _COMMAND.fullmatch(said.text or "")
        if said is None or said.user is None or said.thread_ts is None or found is None:
            return False
        name = found.group(1).lower()
        if name not in self._site.commands:
            return False
        thread = thread_ref(said.channel, said.thread_ts)
        user = await self._site.people.user(said.user)
        key = f"msg:{self._site.me.team}:{said.channel}:{said.ts}"
        answer = await self._site.sink.invoke(
            CommandInvoked(
                workspace=self._site.id,
                source=(SourceKey(key),),
                user=user,
                command=name,
                text=(found.group(2) or "").strip(),
                thread=thread,
            )
        )
        if answer.text:
            await self._voice.whisper(user.id, thread, answer.text, answer.offers, f"typed:{key}")
        return True
