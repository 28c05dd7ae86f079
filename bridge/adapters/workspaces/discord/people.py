"""Who the people of a server are: what they are called, and what their roles make of them now."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import msgspec
import structlog
from msgspec.structs import replace

from bridge.adapters.common.inquiries import Inquiries
from bridge.adapters.workspaces.discord.client import DiscordClient, Json
from bridge.adapters.workspaces.discord.errors import DiscordRefusal
from bridge.adapters.workspaces.discord.guild import GuildBook
from bridge.adapters.workspaces.discord.receiving.payloads import Member, Mentioned, User
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.domain.agent import Role
from bridge.domain.errors import DeskbridgeError, TemporaryFailure
from bridge.domain.ids import MINUTE, Instant, WorkspaceUserId
from bridge.domain.names import tidy_name
from bridge.ports.clock import Clock
from bridge.ports.commands import UserKind, WorkspaceUser

log = structlog.get_logger("bridge.discord")

BELIEVED_FOR = 10 * MINUTE
"""So long what Discord said of a person is believed where an event does not say it again."""

_REMEMBERED = 5_000
_NOT_A_MEMBER = frozenset({10007, 10013})

Met: TypeAlias = Callable[[WorkspaceUser], Awaitable[None]]


class People:
    """Reads people from events, and asks Discord where an event does not describe them.

    Without the members intent nobody tells us of a role that was lost: what counts is what comes
    with each act.
    """

    def __init__(
        self, discord: DiscordClient, settings: DiscordSettings, guild: GuildBook, clock: Clock
    ) -> None:
        """Nobody is known yet."""
        self._discord = discord
        self._settings = settings
        self._guild = guild
        self._clock = clock
        self._known: dict[str, tuple[WorkspaceUser, Instant]] = {}
        self._locales: dict[str, str] = {}
        self._told: dict[str, WorkspaceUser] = {}
        self._inquiries: Inquiries[WorkspaceUser] = Inquiries(self._ask)
        self._met: Met | None = None

    def introduce(self, met: Met) -> None:
        """Await this for everybody who is new or another, before anybody hears of him."""
        self._met = met

    # --- what events say ----------------------------------------------------------------------

    async def here(self, payload: Json) -> WorkspaceUser:
        """Who does what this event or interaction describes: its `member` and `user`, now.

        In direct messages nobody's roles are told: he is asked for. Raises `StorageUnavailable`
        when the desk cannot be told of him.
        """
        member = payload.get("member")
        described = member if isinstance(member, dict) else {}
        user = described.get("user") or payload.get("user") or payload.get("author") or {}
        locale = payload.get("locale")
        read = msgspec.convert(user, User, strict=False)
        if isinstance(locale, str):
            self.speaks(read.id, locale)
        if described:
            return await self.seen(read, msgspec.convert(described, Member, strict=False))
        return await self.person(read.id, fresh=True) or self._outsider(read)

    async def seen(self, user: User, member: Member | None) -> WorkspaceUser:
        """The person as an event describes him; without his `member` he is asked for."""
        if not user.bot and (member is None or not self._roles_known):
            return await self.user(user.id, user)
        person = self._read(user, member)
        self._remember(person)
        await self._introduced(person)
        return person

    def _read(self, user: User, member: Member | None) -> WorkspaceUser:
        kind, role = self._standing(user, () if member is None else member.roles)
        return WorkspaceUser(
            id=WorkspaceUserId(user.id), name=called(user, member), kind=kind, role=role
        )

    @property
    def _roles_known(self) -> bool:
        """Whether we can tell who is what; a setting that names no role makes nobody anything."""
        mapped = (*self._settings.admin_roles, *self._settings.agent_roles)
        return not mapped or (self._guild.known and bool(self._guild.roles_called(mapped)))

    def _standing(self, user: User, roles: tuple[str, ...]) -> tuple[UserKind, Role | None]:
        """Where no role makes an admin, the desk's own list says who is one."""
        if user.bot or user.system:
            return UserKind.BOT, None
        settings = self._settings
        held = frozenset(roles)
        if held & self._guild.roles_called(settings.admin_roles):
            return UserKind.MEMBER, Role.ADMIN
        if not settings.agent_roles:
            return UserKind.MEMBER, None
        if held & self._guild.roles_called(settings.agent_roles):
            return UserKind.MEMBER, Role.AGENT if settings.admin_roles else None
        return UserKind.GUEST, None

    async def _introduced(self, person: WorkspaceUser) -> None:
        """Tell of a person who is not as he was; one whom we cannot tell of is new next time."""
        if person.kind is UserKind.BOT or self._told.get(person.id) == person:
            return
        if self._met is not None:
            await self._met(self._welcome(person))
        self._told[person.id] = person
        while len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]

    def _welcome(self, person: WorkspaceUser) -> WorkspaceUser:
        """Whom a role makes an agent is one without anybody adding him."""
        by_role = self._settings.agent_roles and person.kind is UserKind.MEMBER
        return replace(person, role=person.role or Role.AGENT) if by_role else person

    # --- what is asked ------------------------------------------------------------------------

    async def user(self, id: str, known_as: User | None = None) -> WorkspaceUser:
        """The person as the desk is to see him.

        When Discord cannot be asked he is an outsider, who may do nothing, and is asked for again
        next time. Raises `StorageUnavailable` alone.
        """
        return await self.person(id) or self._outsider(known_as or User(id=id))

    def _outsider(self, user: User) -> WorkspaceUser:
        known = self._known.get(user.id)
        name = known[0].name if known is not None else called(user, None)
        return WorkspaceUser(id=WorkspaceUserId(user.id), name=name, kind=UserKind.EXTERNAL)

    async def sure(self, id: str) -> WorkspaceUser:
        """The person as Discord says. Raises `TemporaryFailure` when it did not say in time."""
        person = await self.person(id)
        if person is None:
            raise TemporaryFailure(f"Discord did not say who {id} is")
        return person

    async def person(self, id: str, *, fresh: bool = False) -> WorkspaceUser | None:
        """What Discord says of a person; None when it did not say anything in time."""
        if not self._roles_known:
            return None
        known = self._known.get(id)
        if known is not None and not fresh and self._clock.now() - known[1] < BELIEVED_FOR:
            return known[0]
        person = await self._inquiries.about(id)
        if person is not None:
            await self._introduced(person)
        return person

    async def look_again(self) -> None:
        """Ask for everybody whom the desk believes a member: nobody tells us who has left."""
        for id in [each.id for each in self._told.values() if each.kind is UserKind.MEMBER]:
            await self.person(id, fresh=True)

    def speaks(self, id: str, locale: str) -> None:
        """What language a person set in Discord; only interactions say it."""
        self._locales.pop(id, None)
        self._locales[id] = locale
        while len(self._locales) > _REMEMBERED:
            del self._locales[next(iter(self._locales))]

    async def locale(self, id: str) -> str:
        """What language the person set in Discord; empty while we were not told."""
        return self._locales.get(id, "")

    async def stop(self) -> None:
        """Nobody waits for the answers that are still out."""
        await self._inquiries.stop()

    async def _ask(self, id: str) -> WorkspaceUser | None:
        to = route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=self._settings.guild,
                   user_id=id)  # fmt: skip
        try:
            member = msgspec.convert(await self._discord.call(to), Member, strict=False)
        except DiscordRefusal as error:
            if error.discord_code in _NOT_A_MEMBER:
                return self._remember(self._nobody(id))
            log.warning("user_unknown", user=id, why=str(error))
            return None
        except (DeskbridgeError, msgspec.ValidationError) as error:
            log.warning("user_unknown", user=id, why=str(error))
            return None
        return self._remember(self._read(member.user or User(id=id), member))

    def _nobody(self, id: str) -> WorkspaceUser:
        known = self._known.get(id)
        name = id if known is None else known[0].name
        return WorkspaceUser(id=WorkspaceUserId(id), name=name, kind=UserKind.GONE)

    def _remember(self, person: WorkspaceUser) -> WorkspaceUser:
        self._known.pop(person.id, None)
        self._known[person.id] = (person, self._clock.now())
        while len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        return person


def called(user: User, member: Member | None) -> str:
    """What colleagues read: the name in this server, the name everywhere, the account's."""
    nick = member.nick if member is not None else None
    return tidy_name(nick or user.global_name or user.username) or user.id


def names_of(mentioned: tuple[Mentioned, ...]) -> dict[str, str]:
    """What those are called whom a message names."""
    return {each.id: called(each, each.member) for each in mentioned}
