"""A whole desk in front of a simulated Slack, in which the app is installed from its manifest."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.adapters.workspaces.slack.setup.manifest import manifest
from bridge.commands.registry import declared
from bridge.demo.house import open_house
from bridge.demo.surfaces.patience import until
from bridge.domain.ids import WorkspaceId
from bridge.ports.connecting import AppWish
from bridge.settings import FILE_NAME, load
from bridge.simulators.common.wire import Json
from bridge.simulators.slack import App, Channel, Ephemeral, Message, Person, SlackSimulator, View
from bridge.simulators.slack.acts.elements import Placed, elements
from tests.adapters import office
from tests.patience import PATIENCE

Shown = Message | Ephemeral | View

_WORKSPACE = """\
[workspaces.slack]
kind = "slack"
bot_token = "{bot_token}"
app_token = "{app_token}"
api_url = "{api_url}"
language = "{language}"
posts_per_channel = 50
posts_per_minute = 10000
edits_per_minute = 10000
card_edit_seconds = 0.1
home_seconds = 0.1
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk(office.Talk):
    """One customer's conversation, and the card of its thread."""

    card: Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Office(office.ChatOffice):
    """Ana is an admin, Bo an agent, Zoe nobody; `support` and `sales` are rooms."""

    slack: SlackSimulator
    app: App
    ana: Person
    bo: Person
    zoe: Person
    room: Channel

    async def until(self, look: Callable[[], object]) -> None:
        await self.slack.until(lambda: look() or None, PATIENCE)

    # --- customers --------------------------------------------------------------------------

    async def waiting(self, name: str) -> Talk:
        """A customer who waits in support, with his card."""
        customer = await self.asks_for_help(name)
        card = await self.slack.message_in("support", lambda one: _is_card_of(one, name))
        workspace = self.house.app.parts.adapters.workspaces[WorkspaceId("slack")]
        assert isinstance(workspace, SlackWorkspace)
        threads, ref = workspace.site.threads, thread_ref(card.channel, card.ts)
        await until("the thread is known", lambda: threads.find(ref))
        return Talk(number=_number(card), customer=customer, card=card)

    async def held(self, name: str, by: Person | None = None) -> Talk:
        """The same, taken and answered: our side wrote last."""
        talk, agent = await self.waiting(name), by or self.bo
        await agent.clicks(talk.card, "run:take")
        await self.happened(talk, "assigned")
        await agent.replies(self.now(talk), "I am looking into it")
        await talk.customer.hears("I am looking into it")
        return talk

    def now(self, talk: Talk) -> Message:
        """The card as it is now."""
        return self.slack.world.message(talk.card.channel, talk.card.ts)

    # --- what a person sees -----------------------------------------------------------------

    def seen(self, person: Person) -> list[Shown]:
        """Everything that he alone sees, the newest last."""
        direct = self.slack.messages(self.slack.direct(person, self.app))
        return [*direct, *person.whispers(), *person.modals]

    async def told(self, person: Person, before: list[Shown]) -> Shown:
        """What is new for him alone."""

        def new() -> list[Shown]:
            return [one for one in self.seen(person) if one not in before]

        await self.until(new)
        return new()[-1]

    async def modal(self, person: Person, *block_ids: str) -> View:
        """The modal in front of him, once it has these blocks."""
        await self.until(lambda: person.modals and set(block_ids) <= fields(person.modals[-1]))
        return person.modals[-1]


def words(shown: Shown) -> str:
    """Everything that is written there, with spaces between."""
    return " ".join(_texts(blocks_of(shown))) or ("" if isinstance(shown, View) else shown.text)


def home(desk: Office, person: Person) -> str:
    """Everything that is written on his home."""
    view = person.home(desk.app)
    return "" if view is None else words(view)


def _texts(node: Json) -> Iterator[str]:
    if isinstance(node, list | tuple):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        for name, each in node.items():
            if name == "text" and isinstance(each, str):
                yield each
            elif name in ("text", "elements", "accessory", "label", "element", "options"):
                yield from _texts(each)


def blocks_of(shown: Shown) -> list[Json]:
    """Its blocks."""
    if not isinstance(shown, View):
        return list(shown.blocks)
    found = shown.content.get("blocks")
    return found if isinstance(found, list) else []


def fields(view: View) -> set[str]:
    """The ids of its blocks."""
    return {placed.block_id for placed in elements(blocks_of(view))}


def buttons(shown: Shown) -> list[Placed]:
    """Everything in it that can be pressed."""
    return [one for one in elements(blocks_of(shown)) if one.kind == "button"]


def _is_card_of(message: Message, name: str) -> bool:
    return not message.is_reply and name in words(message)


def _number(card: Message) -> int:
    return int(card.text.split()[0].removeprefix("#"))


@asynccontextmanager
async def open_office(folder: Path, *, language: str = "en") -> AsyncIterator[Office]:
    """A desk that runs as long as the block does."""
    async with SlackSimulator.running() as slack, AsyncExitStack() as open_:
        app = slack.install(manifest(declared(), AppWish()))
        ana, bo, zoe = (slack.hire(name) for name in ("Ana", "Bo", "Zoe"))
        room = slack.channel("support", ana, bo, app, kind="private")
        sales = slack.channel("sales", ana, bo, app, kind="private")
        monitor = slack.channel("monitor", ana, app, kind="private")
        path = folder / FILE_NAME
        path.touch(mode=0o600)
        path.write_text(
            (office.DESK + _WORKSPACE).format(
                bot_token=app.bot_token,
                app_token=app.app_token,
                api_url=slack.api_url,
                language=language,
            ),
            "utf-8",
        )
        house = await open_.enter_async_context(open_house(load(path, {})))
        desk = Office(
            slack=slack, app=app, house=house, ana=ana, bo=bo, zoe=zoe, room=room, open_=open_
        )
        await _set_up(desk, {"support": room, "sales": sales}, monitor, language)
        yield desk
        await open_.aclose()


async def _set_up(desk: Office, rooms: dict[str, Channel], monitor: Channel, language: str) -> None:
    await desk.furnish("slack", {name: room.id for name, room in rooms.items()}, monitor.id)
    for person, role in ((desk.ana, "admin"), (desk.bo, "agent")):
        await desk.hire(
            person.user.name,
            rooms,
            name=person.user.real_name,
            role=role,
            language=language,
            workspace="slack",
            user=person.id,
        )
        await person.types(rooms["support"], "/available on")
