"""`deskbridge connect discord`: one token; the rest is checked, made, waited for and proved."""

from collections.abc import Sequence

from bridge.adapters.workspaces.discord.bot import Bot
from bridge.adapters.workspaces.discord.client import DiscordClient, Me
from bridge.adapters.workspaces.discord.settings import GATEWAY_URL
from bridge.adapters.workspaces.discord.setup import inspecting
from bridge.adapters.workspaces.discord.setup.building import Building, Names
from bridge.adapters.workspaces.discord.setup.inspecting import Gateway, Server
from bridge.adapters.workspaces.discord.setup.joining import Joining, Patience
from bridge.adapters.workspaces.discord.setup.proving import Presser, Proof
from bridge.adapters.workspaces.discord.setup.talk import DiscordTalk
from bridge.adapters.workspaces.discord.tag_names import every_tag
from bridge.domain.errors import DeskbridgeError, InvalidSettings
from bridge.domain.ids import RoomRef
from bridge.ports.commands import CommandSpec
from bridge.ports.connecting import AppWish, Connected, MadeRoom, Operator

FEWEST_LEFT = 100
"""Sessions a day that are left to the desk itself: after the last one Discord ends the token."""


class DiscordConnecting:
    """Asks for a token, waits until the bot is let in, and lets somebody press a button."""

    def __init__(self, patience: Patience | None = None) -> None:
        """`patience` is how long people are waited for."""
        self._patience = patience or Patience()

    async def connect(
        self, operator: Operator, commands: Sequence[CommandSpec], wish: AppWish
    ) -> Connected:
        """See `Connects`."""
        talk = DiscordTalk(operator, wish)
        if wish.url or wish.prefix:
            raise InvalidSettings(talk.say("no_options"))
        talk.tell("create")
        token, me = await talk.bot_token()
        async with DiscordClient(token, talk.api_url) as client:
            joining = Joining(talk, client, me, self._patience)
            await joining.switch_content_on()
            server = await joining.server()
            given = {"bot_token": token, "guild": server.id}
            if wish.api_url:
                gateway = await inspecting.find_gateway(client)
                given |= {"api_url": wish.api_url, "gateway_url": gateway.url}
            places = _Places(talk, client, me, server)
            person = await self._proved(talk, client, await places.find(), given)
        if not places.made:
            talk.tell("bind")
        return Connected(settings=given, admin=person.user, handle=person.handle, rooms=places.made)

    async def _proved(
        self, talk: DiscordTalk, client: DiscordClient, place: "_Place", given: dict[str, str]
    ) -> Presser:
        """Somebody pressed our button, and shall be the first admin."""
        seconds = self._patience.seconds
        while True:
            try:
                _enough(talk, await inspecting.find_gateway(client))
                bot = Bot(client, given.get("gateway_url", GATEWAY_URL))
                talk.tell("press", room=place.name, seconds=round(seconds))
                proof = Proof(client, bot, place.id, talk.language)
                found = await proof.pressed_within(seconds)
            except InvalidSettings:
                raise
            except DeskbridgeError as error:
                talk.tell("not_done", why=error)
                found = None
            if found is None:
                talk.tell("nobody_pressed", room=place.name)
            elif await talk.agrees("is_admin", name=found.user.name):
                return found
            place = await place.places.asked()


def _enough(talk: DiscordTalk, gateway: Gateway) -> None:
    """Raises `InvalidSettings` before the desk itself would have no session left today."""
    if gateway.left < FEWEST_LEFT:
        raise InvalidSettings(talk.say("few_sessions", left=gateway.left))


class _Place:
    """A channel that gets the button, and the way to another one."""

    def __init__(self, id_: str, name: str, places: "_Places") -> None:
        self.id = id_
        self.name = name
        self.places = places


class _Places:
    """Makes rooms, or asks for one that is there."""

    def __init__(self, talk: DiscordTalk, client: DiscordClient, me: Me, server: Server) -> None:
        self._talk = talk
        self._client = client
        self._me = me
        self._server = server
        self.made: tuple[MadeRoom, ...] = ()
        """What is to be bound."""

    async def find(self) -> _Place:
        """The new monitor room, else one that the operator names."""
        names = Names(
            category=self._talk.say("category"),
            forum=self._talk.say("forum"),
            monitor=self._talk.say("monitor"),
            topic=self._talk.say("topic"),
        )
        wanted = {"forum": names.forum, "monitor": names.monitor, "category": names.category}
        if not await self._talk.agrees("make_rooms", **wanted):
            return await self.asked()
        try:
            building = Building(self._client, self._me, self._server.id)
            made = await building.build(names, every_tag(self._talk.language))
        except DeskbridgeError as error:
            self._talk.tell("not_done", why=error)
            return await self.asked()
        self.made = (
            MadeRoom(ref=RoomRef(made.forum), title=made.forum_name),
            MadeRoom(ref=RoomRef(made.monitor), title=made.monitor_name, monitor=True),
        )
        key = "made" if made.is_forum else "made_without_forum"
        self._talk.tell(key, forum=made.forum_name, monitor=made.monitor_name)
        return _Place(made.monitor, made.monitor_name, self)

    async def asked(self) -> _Place:
        """A text channel by its name. Raises `InvalidSettings` when nothing is named."""
        while True:
            word = await self._talk.ask("place")
            channels = await inspecting.channels_of(self._client, self._server.id)
            found = inspecting.find_channel(channels, word, kinds=(0,))
            if found is not None:
                return _Place(str(found["id"]), str(found["name"]), self)
            self._talk.tell("no_place", word=word)
