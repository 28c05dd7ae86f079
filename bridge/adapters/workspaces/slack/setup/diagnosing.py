"""What `doctor` looks at in a Slack workspace: tokens, scopes, socket, rooms."""

from collections.abc import AsyncIterator, Sequence

from bridge.adapters.common.setup.checking import bad, good, worth_a_look
from bridge.adapters.workspaces.slack.budget import Budgets
from bridge.adapters.workspaces.slack.client import Me, SlackClient
from bridge.adapters.workspaces.slack.errors import RECONNECT
from bridge.adapters.workspaces.slack.receiving.room_book import RoomBook
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.adapters.workspaces.slack.setup.inspecting import missing_scopes, try_app_token
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import RoomRef
from bridge.ports.clock import Clock
from bridge.ports.plugin import Check

_MOST_ROOMS = 50
_UNBOUND = worth_a_look(
    "rooms",
    "no channel is bound to a queue: nothing appears here",
    "invite the app to a channel, which asks for the queue, or write /queues bind QUEUE there",
)


class Diagnosis:
    """Looks with a session of its own: the desk may not be running."""

    def __init__(self, settings: SlackSettings, clock: Clock) -> None:
        """Nothing was looked at yet."""
        self._settings = settings
        self._clock = clock

    async def checks(self) -> tuple[Check, ...]:
        """The token first: nothing else can be looked at without it."""
        async with self._slack() as slack:
            try:
                me = await slack.who_am_i()
            except DeskbridgeError as error:
                return (bad("token", str(error), RECONNECT),)
            return (good("token", f"{me.team_name} ({me.team})"), _scopes(me), await self._door())

    async def of_rooms(
        self, bound: Sequence[RoomRef], rooms: Sequence[RoomRef]
    ) -> tuple[Check, ...]:
        """Each of these rooms; `bound` are those in which new threads are opened."""
        async with self._slack() as slack:
            try:
                await slack.who_am_i()
            except DeskbridgeError:
                return ()  # the token was found wanting: of rooms nothing can be said
            found = [check async for check in self._of_rooms(slack, rooms[:_MOST_ROOMS])]
        return tuple(found) if bound else (_UNBOUND, *found)

    def _slack(self) -> SlackClient:
        """A session of its own."""
        settings = self._settings
        budgets = Budgets(self._clock, settings.posts_per_channel, settings.posts_per_minute)
        return SlackClient(settings.bot_token.get_secret_value(), settings.api_url, budgets)

    async def _door(self) -> Check:
        """How events come in."""
        if self._settings.mode == "http":
            secret = self._settings.signing_secret.get_secret_value()
            if secret:
                return good("signing_secret", "set")
            return bad("signing_secret", "missing", "copy it from Basic Information")
        try:
            await try_app_token(self._settings.app_token.get_secret_value(), self._settings.api_url)
        except DeskbridgeError as error:
            fix = "generate an app-level token with connections:write and put it into app_token"
            return bad("socket", str(error), fix)
        return good("socket", "Slack opens one")

    async def _of_rooms(self, slack: SlackClient, rooms: Sequence[RoomRef]) -> AsyncIterator[Check]:
        book = RoomBook(slack, self._clock)
        for room in rooms:
            try:
                info = await book.info(room)
            except DeskbridgeError as error:
                yield bad(f"room {room}", str(error), "invite the app there again")
                continue
            name = f"room #{info.name or room}"
            if not (info.is_member or info.is_im or info.is_mpim):
                yield bad(name, "the app is not in it", "invite it there with /invite")
            elif info.is_archived:
                yield bad(name, "archived", "unarchive it, or bind another room with /queues")
            elif info.shared and not self._settings.shared_channels:
                fix = "unbind it with /queues unbind, or set shared_channels"
                yield bad(name, "shared with another organisation", fix)
            elif not (info.is_private or info.is_im or info.is_mpim):
                fix = "make it private, unless everybody may read what customers write"
                yield worth_a_look(name, "public", fix)
            else:
                yield good(name, "private")


def _scopes(me: Me) -> Check:
    lacking = missing_scopes(me.scopes)
    if not lacking:
        return good("scopes", "as in the manifest")
    fix = "take the manifest of `deskbridge manifest slack` and reinstall the app"
    return bad("scopes", f"the app lacks {', '.join(lacking)}", fix)
