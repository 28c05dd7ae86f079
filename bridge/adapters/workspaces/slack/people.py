"""Who the people of a workspace are: only its own full members may be agents, in doubt nobody."""

from collections.abc import Awaitable, Callable

import msgspec
import structlog

from bridge.adapters.common.inquiries import Inquiries
from bridge.adapters.workspaces.slack.client import SlackClient
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.domain.errors import DeskbridgeError, TemporaryFailure
from bridge.domain.ids import MINUTE, Instant, WorkspaceUserId
from bridge.domain.names import tidy_name
from bridge.domain.value import Value
from bridge.ports.clock import Clock
from bridge.ports.commands import UserKind, WorkspaceUser

log = structlog.get_logger("bridge.slack")

BELIEVED_FOR = 10 * MINUTE
"""So long what Slack said of a person is believed; `user_change` events come sooner."""

_REMEMBERED = 5_000
_UNKNOWN = frozenset({"user_not_found", "users_not_found"})


class _Profile(Value):
    display_name: str | None = None
    real_name: str | None = None
    email: str | None = None


class _Enterprise(Value):
    teams: tuple[str, ...] = ()


class _User(Value):
    """A user object: https://docs.slack.dev/reference/objects/user-object."""

    id: str
    team_id: str | None = None
    name: str | None = None
    real_name: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_workflow_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    locale: str | None = None
    updated: float = 0
    profile: _Profile = _Profile()
    enterprise_user: _Enterprise | None = None


class Person(Value):
    """One person as Slack described him; `handle` is what his colleagues type."""

    user: WorkspaceUser
    handle: str = ""
    email: str = ""
    locale: str = ""
    updated: float = 0


def read_person(payload: Payload, team: str) -> Person | None:
    """The person behind a user object, as the members of this team see him; pure."""
    try:
        user = msgspec.convert(payload, _User, strict=False)
    except msgspec.ValidationError:
        return None
    profile = user.profile
    said = profile.display_name or profile.real_name or user.real_name or user.name or ""
    return Person(
        user=WorkspaceUser(
            id=WorkspaceUserId(user.id), name=tidy_name(said) or user.id, kind=_kind(user, team)
        ),
        handle=user.name or "",
        email=(profile.email or "").strip().lower(),
        locale=user.locale or "",
        updated=user.updated,
    )


def _kind(user: _User, team: str) -> UserKind:
    if user.deleted:
        return UserKind.GONE
    if user.is_bot or user.is_workflow_bot or user.id == "USLACKBOT":
        return UserKind.BOT
    if user.is_stranger or not _at_home(user, team):
        return UserKind.EXTERNAL
    if user.is_restricted or user.is_ultra_restricted:
        return UserKind.GUEST
    return UserKind.MEMBER


def _at_home(user: _User, team: str) -> bool:
    """In a large organisation one person may be a member of several workspaces."""
    several = () if user.enterprise_user is None else user.enterprise_user.teams
    return user.team_id == team or team in several


class People:
    """Asks Slack who people are, and remembers it for a while."""

    def __init__(self, slack: SlackClient, clock: Clock) -> None:
        """Nobody is known yet; `at_home` says whose members count."""
        self._slack = slack
        self._clock = clock
        self._team = ""
        self._known: dict[str, tuple[Person, Instant]] = {}
        self._inquiries: Inquiries[Person] = Inquiries(self._ask)
        self._unanswered: set[str] = set()
        """About whom Slack was asked, and has not said anything since."""
        self._met: Callable[[Person], Awaitable[None]] | None = None

    def at_home(self, team: str) -> None:
        """The team whose full members may be agents."""
        self._team = team

    def introduce(self, met: Callable[[Person], Awaitable[None]]) -> None:
        """Await this for everybody whom Slack was asked about, before anybody hears of him."""
        self._met = met

    async def user(self, id: str) -> WorkspaceUser:
        """The person as the desk is to see him.

        Never raises: when Slack cannot be asked he is an outsider, who may do nothing, and is
        asked for again next time.
        """
        person = await self.person(id)
        if person is not None:
            return person.user
        known = self._known.get(id)
        name = id if known is None else known[0].user.name
        return WorkspaceUser(id=WorkspaceUserId(id), name=name, kind=UserKind.EXTERNAL)

    async def sure(self, id: str) -> WorkspaceUser:
        """As `user`, for who has time. Raises `TemporaryFailure` when Slack did not answer."""
        user = await self.user(id)
        if id in self._unanswered:
            raise TemporaryFailure(f"Slack did not say who {id} is")
        return user

    async def person(self, id: str) -> Person | None:
        """Everything Slack says of a person; None when it did not say anything in time."""
        known = self._known.get(id)
        if known is not None and self._clock.now() - known[1] < BELIEVED_FOR:
            return known[0]
        self._unanswered.add(id)
        return await self._inquiries.about(id)

    async def locale(self, id: str) -> str:
        """What language the person set in Slack; empty when Slack does not say."""
        person = await self.person(id)
        return "" if person is None else person.locale

    async def names(self, ids: frozenset[str]) -> dict[str, str]:
        """What these people are called; somebody unknown by his id."""
        return {id: (await self.user(id)).name for id in sorted(ids)}

    def learn(self, payload: Payload) -> Person | None:
        """Take in a user object of an event; None when it is none."""
        person = read_person(payload, self._team)
        if person is not None:
            self._remember(person)
        return person

    async def stop(self) -> None:
        """Nobody waits for the answers that are still out."""
        await self._inquiries.stop()

    async def _ask(self, id: str) -> Person | None:
        try:
            answer = await self._slack.call("users.info", user=id, include_locale=True)
        except SlackRefusal as error:
            self._unanswered.discard(id)
            if error.slack_code in _UNKNOWN:
                return _nobody(id)
            log.warning("user_unknown", user=id, why=str(error))
            return None
        except DeskbridgeError as error:
            log.warning("user_unknown", user=id, why=str(error))
            return None
        self._unanswered.discard(id)
        person = self.learn(_object(answer.get("user")))
        if person is not None and self._met is not None:
            await self._met(person)
        return person

    def _remember(self, person: Person) -> None:
        self._known.pop(person.user.id, None)
        self._known[person.user.id] = (person, self._clock.now())
        while len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]


def _nobody(id: str) -> Person:
    return Person(user=WorkspaceUser(id=WorkspaceUserId(id), name=id, kind=UserKind.GONE))


def _object(value: object) -> Payload:
    return value if isinstance(value, dict) else {}
