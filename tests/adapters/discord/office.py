"""A whole desk in front of a simulated Discord server with a forum for each queue."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bridge.adapters.workspaces.discord.adapter import DiscordWorkspace
from bridge.adapters.workspaces.discord.custom_ids import Pressed, read_custom_id
from bridge.demo.house import open_house
from bridge.demo.surfaces.patience import until
from bridge.domain.ids import ThreadRef, WorkspaceId
from bridge.settings import FILE_NAME, load
from bridge.simulators.common.wire import Json, obj
from bridge.simulators.discord import (
    App,
    Channel,
    DiscordSimulator,
    Guild,
    Message,
    Modal,
    Outcome,
    Person,
    Timing,
)
from bridge.simulators.discord.api.components import inside
from tests.adapters import office
from tests.patience import PATIENCE

_WORKSPACE = """\
[workspaces.discord]
kind = "discord"
bot_token = "{bot_token}"
guild = "{guild}"
api_url = "{api_url}"
gateway_url = "{gateway_url}"
language = "{language}"
calls_per_second = 10000
calls_of_a_kind = 10000
posts_in_thread = 1000
threads_in_room = 10000
card_edit_seconds = 0.1
"""
# A busy machine is no slow app: nothing here is lost to the clock.
TIMING = Timing(answer_within=PATIENCE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk(office.Talk):
    """One customer's conversation, and its thread."""

    thread: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Office(office.ChatOffice):
    """Ana is an admin, Bo an agent, Zoe nobody; `support` and `sales` are forums."""

    discord: DiscordSimulator
    guild: Guild
    app: App
    ana: Person
    bo: Person
    zoe: Person
    lobby: Channel

    @property
    def workspace(self) -> DiscordWorkspace:
        """The adapter itself."""
        found = self.house.app.parts.adapters.workspaces[WorkspaceId("discord")]
        assert isinstance(found, DiscordWorkspace)
        return found

    async def until(self, look: Callable[[], object]) -> None:
        await self.discord.until(lambda: look() or None, PATIENCE)

    # --- customers --------------------------------------------------------------------------

    async def waiting(self, name: str) -> Talk:
        """A customer who waits in support, with his card."""
        customer = await self.asks_for_help(name)

        def opened() -> Channel | None:
            threads = self.discord.threads("support")
            return next((one for one in threads if one.name.startswith(f"{name} ·")), None)

        thread = await self.discord.until(opened, PATIENCE)
        book = self.workspace.site.threads
        await until("the thread is known", lambda: book.find(ThreadRef(thread.id)))
        return Talk(number=int(thread.name.rpartition("#")[2]), customer=customer, thread=thread)

    async def held(self, name: str, by: Person | None = None) -> Talk:
        """The same, taken and answered: our side wrote last."""
        talk, agent = await self.waiting(name), by or self.bo
        await agent.presses(self.card(talk), button(self.card(talk), "take"))
        await self.happened(talk, "assigned")
        await agent.says(talk.thread, "I am looking into it")
        await talk.customer.hears("I am looking into it")
        return talk

    def card(self, talk: Talk) -> Message:
        """The card as it is now."""
        return self.discord.world.message(talk.thread.id, talk.thread.id)

    # --- what a person sees -----------------------------------------------------------------

    async def settled(
        self, person: Person, outcome: Outcome, instead_of: Message | None = None
    ) -> Message:
        """The private answer to what he did, as it is in the end.

        Where he pressed something in a private answer, the new one takes the place of that.
        """
        assert outcome.answered, "The application did not respond"
        if outcome.interaction.answer != "update" or instead_of is None:
            return await person.settled(outcome, PATIENCE)
        await self.until(lambda: self.now(instead_of) != instead_of)
        return self.now(instead_of)

    async def used(self, person: Person, room: Channel, command: str, **given: str) -> Message:
        """What he is shown for a slash command."""
        return await self.settled(person, await person.uses(room, command, **given))

    async def pressed(self, person: Person, shown: Message, custom_id: str) -> Message:
        """What takes the place of what he pressed in."""
        return await self.settled(person, await person.presses(shown, custom_id), shown)

    def now(self, message: Message) -> Message:
        """A message as it is now."""
        world = self.discord.world
        return world.whispers.get(message.id) or world.message(message.channel_id, message.id)

    def direct(self, person: Person) -> list[Message]:
        """His direct messages with the bot."""
        channels = self.discord.world.channels.values()
        found = next((one for one in channels if person.id in one.recipients), None)
        return [] if found is None else self.discord.messages(found)

    async def told(self, person: Person, before: int) -> Message:
        """The newest direct message to him."""
        await self.until(lambda: len(self.direct(person)) > before)
        return self.direct(person)[-1]


def words(shown: Message | Modal) -> str:
    """Everything that is written there, with spaces between."""
    own = shown.content if isinstance(shown, Message) else shown.title
    return " ".join(filter(None, (own, *_texts(list(shown.components)))))


def _texts(node: Json) -> Iterator[str]:
    if isinstance(node, list | tuple):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        for name, each in node.items():
            if name in ("content", "label", "placeholder", "description") and isinstance(each, str):
                yield each.replace("\\", "")
            elif name in ("components", "accessory", "component", "options"):
                yield from _texts(each)


def usable(shown: Message | Modal) -> list[dict[str, Json]]:
    """Everything in it that can be pressed, chosen in or typed in."""
    return [dict(one) for _, one in inside(list(shown.components)) if one.get("custom_id")]


def pressable(shown: Message) -> list[tuple[str, Pressed]]:
    """The ids of what can be pressed, and what they say."""
    found = []
    for one in usable(shown):
        written = str(one["custom_id"])
        pressed = read_custom_id(written)
        if pressed is not None and not one.get("disabled"):
            found.append((written, pressed))
    return found


def button(shown: Message, command: str, **arguments: str) -> str:
    """The id of the button or menu of this command, with these arguments at least."""
    for written, pressed in pressable(shown):
        if pressed.command == command and arguments.items() <= pressed.arguments.items():
            return written
    raise AssertionError(f"no {command} {arguments} in {words(shown)}: {pressable(shown)}")


def options(shown: Message | Modal, custom_id: str) -> list[dict[str, Json]]:
    """The entries of a menu."""
    part = next(one for one in usable(shown) if one["custom_id"] == custom_id)
    found = part["options"]
    assert isinstance(found, list)
    return [dict(obj(each)) for each in found]


@asynccontextmanager
async def open_office(
    folder: Path,
    *,
    language: str = "en",
    more: str = "",
    timing: Timing = TIMING,
    roles: Mapping[str, str] = MappingProxyType({}),
    forums: bool = True,
) -> AsyncIterator[Office]:
    """A desk that runs as long as the block does.

    `more` are settings of the workspace, `roles` what people are given in the server. Without
    `forums` the rooms are text channels.
    """
    async with DiscordSimulator.running(timing=timing) as discord, AsyncExitStack() as open_:
        guild, app = discord.guild("Aurora", owner="olga"), discord.application()
        discord.invite(app, guild)
        ana, bo, zoe = (discord.person(name, guild) for name in ("ana", "bo", "zoe"))
        for person in (ana, bo, zoe):
            if (role := roles.get(person.user.name)) is not None:
                discord.role(guild, role, person)
        make = discord.forum if forums else discord.channel
        rooms = {name: make(guild, name) for name in ("support", "sales")}
        monitor, lobby = discord.channel(guild, "monitor"), discord.channel(guild, "lobby")
        path = _written(
            folder, office.DESK + _WORKSPACE + more, discord, app, guild=guild.id, language=language
        )
        house = await open_.enter_async_context(open_house(load(path, {})))
        desk = Office(
            discord=discord, guild=guild, app=app, house=house, ana=ana, bo=bo, zoe=zoe,
            lobby=lobby, open_=open_,
        )  # fmt: skip
        await desk.until(lambda: len(discord.world.commands) > 10)
        await _set_up(desk, rooms, monitor, language)
        yield desk
        await open_.aclose()


def _written(folder: Path, settings: str, discord: DiscordSimulator, app: App, **more: str) -> Path:
    """The settings of a desk in this folder."""
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    addresses = {"api_url": discord.api_url, "gateway_url": discord.gateway_url}
    path.write_text(settings.format(bot_token=app.token, **addresses, **more), "utf-8")
    return path


async def _set_up(desk: Office, rooms: dict[str, Channel], monitor: Channel, language: str) -> None:
    await desk.furnish("discord", {name: room.id for name, room in rooms.items()}, monitor.id)
    for person, role in ((desk.ana, "admin"), (desk.bo, "agent")):
        await desk.hire(
            person.user.name,
            rooms,
            name=person.user.name.capitalize(),
            role=role,
            language=language,
            workspace="discord",
            user=person.id,
        )
        outcome = await person.uses(desk.lobby, "available", state="on")
        await desk.settled(person, outcome)
