"""From a token that works to a bot that is in its server with everything it must be allowed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from bridge.adapters.workspaces.discord.client import DiscordClient, Me
from bridge.adapters.workspaces.discord.setup import inspecting
from bridge.adapters.workspaces.discord.setup.inspecting import Server
from bridge.adapters.workspaces.discord.setup.permissions import invite_link, lacking
from bridge.adapters.workspaces.discord.setup.talk import DiscordTalk
from bridge.domain.errors import DeskbridgeError, TemporaryFailure
from bridge.domain.value import Value


class Patience(Value):
    """How many seconds people are waited for, and how often it is looked meanwhile."""

    seconds: float = 300.0
    pause: float = 2.0

    async def looks(self) -> AsyncIterator[None]:
        """One after another, as long as it lasts."""
        for _ in range(max(1, round(self.seconds / self.pause))):
            await asyncio.sleep(self.pause)
            yield


class Joining:
    """Asks for what Discord leaves to people, and sees it happen."""

    def __init__(
        self, talk: DiscordTalk, client: DiscordClient, me: Me, patience: Patience
    ) -> None:
        """`me` is whose the token is."""
        self._talk = talk
        self._client = client
        self._me = me
        self._patience = patience

    async def switch_content_on(self) -> None:
        """Without this intent every line is empty, in the history too."""
        me = self._me
        while not inspecting.reads_content(me.flags):
            try:
                if await inspecting.switch_content_on(self._client, me):
                    self._talk.tell("content_on")
                    return
            except DeskbridgeError as error:
                self._talk.tell("not_done", why=error)
            if not await self._talk.agrees("content_by_hand", application=me.application):
                raise self._talk.given_up()
            me = await self._client.who_am_i()

    async def server(self) -> Server:
        """The server, with every permission. Raises `InvalidSettings` when it is given up."""
        guild = await self._guild()
        server = await inspecting.look_at(self._client, guild, self._me.user)
        self._talk.tell("is_in", server=server.name)
        while missing := lacking(server.granted):
            link = invite_link(self._me.application, guild)
            self._talk.tell("lacking", permissions=", ".join(missing), url=link)
            server = await self._allowed(server)
        return server

    async def _guild(self) -> str:
        found = await inspecting.servers(self._client)
        while not found:
            link = invite_link(self._me.application)
            self._talk.tell("invite", url=link, seconds=round(self._patience.seconds))
            found = await self._joined()
        if len(found) == 1:
            return next(iter(found))
        return await self._chosen(found)

    async def _chosen(self, found: dict[str, str]) -> str:
        while True:
            word = (await self._talk.ask("which", servers=", ".join(found.values()))).lower()
            fits = [id_ for id_, name in found.items() if word in (id_, name.lower())]
            if len(fits) == 1:
                return fits[0]
            self._talk.tell("no_server", word=word)

    async def _joined(self) -> dict[str, str]:
        async for _ in self._patience.looks():
            with suppress(TemporaryFailure):
                if found := await inspecting.servers(self._client):
                    return found
        if not await self._talk.agrees("nobody_invited"):
            raise self._talk.given_up()
        return {}

    async def _allowed(self, server: Server) -> Server:
        async for _ in self._patience.looks():
            with suppress(TemporaryFailure):
                server = await inspecting.look_at(self._client, server.id, self._me.user)
                if not lacking(server.granted):
                    return server
        if not await self._talk.agrees("still_lacking"):
            raise self._talk.given_up()
        return server
