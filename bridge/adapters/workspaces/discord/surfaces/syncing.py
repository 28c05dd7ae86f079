"""Keeps the server's commands as the desk declares them; calls Discord only when they differ."""

import structlog

from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.errors import DiscordRefusal
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces.declaring import declared, digest
from bridge.domain.errors import CredentialsRejected, StorageUnavailable, TemporaryFailure

log = structlog.get_logger("bridge.discord")

_COLLECTION = "commands"
TROUBLE = "commands"
_FIX = "invite the bot again with the link that `deskbridge connect discord` shows"


class Syncing:
    """Declares commands to one server."""

    def __init__(self, site: Site) -> None:
        """Nothing is declared."""
        self._site = site

    async def sync(self) -> bool:
        """True when something was declared. What Discord refuses is told to the operator once.

        Raises `TemporaryFailure` and `StorageUnavailable`: then it can be tried again. A bot that
        was removed and came back has no commands left, whatever we remember.
        """
        commands = declared(self._site.commands.values())
        wanted = digest(commands, self._site.me.application)
        try:
            there = await self._site.discord.many(self._route("GET"))
            known = await self._site.context.store.get(_COLLECTION, self._site.guild)
            if known == wanted.encode() and _names(there) == _names(commands):
                return False
            await self._site.discord.call(self._route("PUT"), commands)
        except (DiscordRefusal, CredentialsRejected) as refusal:
            detail = f"Discord does not take the bot's commands: {refusal}"
            self._site.standing.wrong(TROUBLE, detail, _FIX)
            return False
        await self._site.context.store.put(_COLLECTION, self._site.guild, wanted.encode())
        self._site.standing.right(TROUBLE)
        log.info("commands_declared", workspace=self._site.id, count=len(commands))
        return True

    async def try_sync(self) -> bool:
        """As `sync`; false when it has to be tried again."""
        try:
            await self.sync()
        except (TemporaryFailure, StorageUnavailable) as error:
            log.warning("commands_not_declared", workspace=self._site.id, why=str(error))
            return False
        return True

    def _route(self, method: str) -> Route:
        return route(
            method,
            "/applications/{application_id}/guilds/{guild_id}/commands",
            application_id=self._site.me.application,
            guild_id=self._site.guild,
        )


def _names(commands: list[Json]) -> frozenset[tuple[int, str]]:
    return frozenset((int(each.get("type") or 1), str(each.get("name"))) for each in commands)
