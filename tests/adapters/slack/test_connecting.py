"""`deskbridge connect slack`: questions, checks, a press of a button, and the settings."""

import asyncio
import json
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.adapters.workspaces.slack.setup.connecting import SlackConnecting
from bridge.adapters.workspaces.slack.setup.ears import HttpEar
from bridge.adapters.workspaces.slack.setup.manifest import manifest
from bridge.cli import connecting
from bridge.cli.starter import write_starter
from bridge.commands.registry import declared
from bridge.domain.errors import InvalidSettings
from bridge.ports.clock import SystemClock
from bridge.ports.connecting import AppWish, Connected
from bridge.settings import load
from bridge.settings.sources import open_to_others
from bridge.simulators.slack import App, Channel, Message, Person, SlackSimulator
from tests.adapters.sitter import Sitter
from tests.adapters.slack.office import buttons, words
from tests.patience import until
from tests.ports import kept_port

LONGEST_ADDRESS = 8_000
"""What common web servers take of an address."""


class Scene:
    """A Slack with an app that was made from the manifest, and Ana who sits there."""

    def __init__(self, slack: SlackSimulator) -> None:
        self.slack = slack
        self.app = slack.install(manifest(declared(), AppWish()))
        self.ana = slack.hire("Ana", is_admin=True)
        self.wish = AppWish(api_url=slack.api_url)

    async def button(self, person: Person) -> Message:
        """The message with the button, in his direct messages."""
        room = self.slack.direct(person, self.app)
        return await self.slack.message_in(room, lambda one: bool(buttons(one)))

    def has(self, room: Channel, count: int) -> bool:
        return len(self.slack.messages(room)) == count

    async def connect_with(self, sitter: Sitter, handle: str) -> Connected:
        """Connect, while this person presses what he is sent."""
        self.ana = self.slack.person(handle)
        return await self.connect(sitter, self.ana)

    async def connect(self, sitter: Sitter, who: Person | None = None) -> Connected:
        """Connect, while somebody presses what he is sent."""
        connecting_ = asyncio.create_task(
            SlackConnecting(patience=20).connect(sitter, declared(), self.wish)
        )
        if who is not None:
            message = await self.button(self.ana)
            await who.clicks(message, buttons(message)[0].action_id)
        return await connecting_


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    async with SlackSimulator.running() as slack:
        yield Scene(slack)


async def test_whoever_presses_the_button_may_be_the_first_admin() -> None:
    async with scene() as at:
        sitter = Sitter(at.app.bot_token, at.app.app_token, "@ana")

        connected = await at.connect(sitter, at.ana)

        assert connected.settings == {
            "bot_token": at.app.bot_token,
            "app_token": at.app.app_token,
            "api_url": at.slack.api_url,
        }
        assert connected.admin is not None
        assert (connected.admin.id, connected.handle) == (at.ana.id, "ana")
        answered = at.slack.messages(at.slack.direct(at.ana, at.app))[-1]
        assert "It works" in words(answered)
        assert not buttons(answered)


async def test_somebody_is_found_by_the_name_that_colleagues_see() -> None:
    async with scene() as at:
        at.slack.hire("zoe", real_name="Zoë Lima")
        sitter = Sitter(at.app.bot_token, at.app.app_token, "Zoë Lima")

        connected = await at.connect_with(sitter, "zoe")

        assert connected.handle == "zoe"


async def test_of_two_with_one_name_the_operator_says_which() -> None:
    async with scene() as at:
        for handle in ("max1", "max2"):
            at.slack.hire(handle, real_name="Max Berg")
        sitter = Sitter(at.app.bot_token, at.app.app_token, "Max Berg")

        with pytest.raises(InvalidSettings):
            await at.connect(sitter)

        assert "@max1, @max2" in sitter.said()


async def test_the_link_makes_an_app_from_our_manifest() -> None:
    async with scene() as at:
        sitter = Sitter()

        with pytest.raises(InvalidSettings, match="nothing was changed"):
            await at.connect(sitter)

        link = next(word for word in sitter.said().split() if word.startswith("https://"))
        query = parse_qs(urlsplit(link).query)
        assert query["new_app"] == ["1"]
        assert json.loads(query["manifest_json"][0]) == manifest(declared(), at.wish)
        assert len(link) < LONGEST_ADDRESS


async def test_tokens_are_never_shown() -> None:
    async with scene() as at:
        sitter = Sitter(at.app.bot_token, at.app.app_token, "@ana")

        await at.connect(sitter, at.ana)

        secret = [question for question, hidden in sitter.asked if hidden]
        assert len(secret) == 2
        assert at.app.bot_token not in sitter.said()
        assert at.app.app_token not in sitter.said()


def no_token(app: App) -> str:
    return "hello"


def unknown_bot_token(app: App) -> str:
    return "xoxb-nobody-knows-it"


def user_token(app: App) -> str:
    return app.bot_token.replace("xoxb", "xoxp")


@pytest.mark.parametrize(
    ("wrong", "way_out"),
    [
        (no_token, "begins with xoxb-"),
        (user_token, "begins with xoxb-"),
        (lambda app: app.app_token, "it is asked for next"),
        (unknown_bot_token, "Copy the whole of it again"),
    ],
)
async def test_a_wrong_bot_token_is_asked_for_again_with_the_way_out(
    wrong: Callable[[App], str], way_out: str
) -> None:
    async with scene() as at:
        sitter = Sitter(wrong(at.app), at.app.bot_token, at.app.app_token, "@ana")

        await at.connect(sitter, at.ana)

        assert way_out in sitter.said()


def another_apps_token(app: App) -> str:
    return "xapp-1-A0ANOTHER-1234567890-abcdef"


def unknown_app_token(app: App) -> str:
    return f"xapp-1-{app.id}-1234567890-abcdef"


@pytest.mark.parametrize(
    ("wrong", "way_out"),
    [
        (no_token, "begins with xapp-"),
        (lambda app: app.bot_token, "is a token of OAuth & Permissions"),
        (another_apps_token, "belongs to another app"),
        (unknown_app_token, "connections:write"),
    ],
)
async def test_a_wrong_app_token_is_asked_for_again_with_the_way_out(
    wrong: Callable[[App], str], way_out: str
) -> None:
    async with scene() as at:
        sitter = Sitter(at.app.bot_token, wrong(at.app), at.app.app_token, "@ana")

        await at.connect(sitter, at.ana)

        assert way_out in sitter.said()


async def test_a_scope_that_is_missing_is_named() -> None:
    async with scene() as at:
        at.slack.take_scope(at.app, "files:write")
        sitter = Sitter(at.app.bot_token)

        with pytest.raises(InvalidSettings):
            await at.connect(sitter)

        assert "It lacks: files:write" in sitter.said()


async def test_a_room_that_the_app_is_not_in_is_no_place_for_the_button() -> None:
    async with scene() as at:
        at.slack.channel("elsewhere", at.ana)
        sitter = Sitter(at.app.bot_token, at.app.app_token, "#nowhere", "#elsewhere", "@ana")

        await at.connect(sitter, at.ana)

        assert "knows no #nowhere" in sitter.said()
        assert "invite it" in sitter.said()


async def test_a_guest_is_no_admin() -> None:
    async with scene() as at:
        guest = at.slack.hire("Guest", is_restricted=True)
        room = at.slack.channel("setup", at.ana, guest, at.app)
        sitter = Sitter(at.app.bot_token, at.app.app_token, "#setup", "#setup")
        task = asyncio.create_task(at.connect(sitter))

        await until(lambda: len(at.slack.messages(room)) == 1)
        first = at.slack.messages(room)[0]
        await guest.clicks(first, buttons(first)[0].action_id)
        await until(lambda: len(at.slack.messages(room)) == 2)
        second = at.slack.messages(room)[1]
        await at.ana.clicks(second, buttons(second)[0].action_id)
        connected = await task

        assert "no guest" in sitter.said()
        assert connected.admin is not None
        assert connected.admin.id == at.ana.id


async def test_nobody_becomes_an_admin_without_a_yes_at_the_terminal() -> None:
    async with scene() as at:
        bo = at.slack.hire("Bo")
        room = at.slack.channel("setup", at.ana, bo, at.app)
        sitter = Sitter(at.app.bot_token, at.app.app_token, "#setup", "#setup", yes=(False, True))
        task = asyncio.create_task(at.connect(sitter))

        for count, person in ((1, bo), (2, at.ana)):
            await at.slack.until(partial(at.has, room, count))
            message = at.slack.messages(room)[-1]
            await person.clicks(message, buttons(message)[0].action_id)
        connected = await task

        assert connected.admin is not None
        assert connected.admin.id == at.ana.id


async def test_when_nobody_presses_one_is_told_what_to_look_at() -> None:
    async with scene() as at:
        sitter = Sitter(at.app.bot_token, at.app.app_token, "@ana")

        with pytest.raises(InvalidSettings):
            await SlackConnecting(patience=0.2).connect(sitter, declared(), at.wish)

        assert "Interactivity" in sitter.said()
        left = at.slack.messages(at.slack.direct(at.ana, at.app))[-1]
        assert not buttons(left)


@asynccontextmanager
async def by_http(at: Scene) -> AsyncIterator[None]:
    """Slack calls the place where the desk will listen."""
    with kept_port() as port:
        url = f"http://127.0.0.1:{port}/slack/slack/events"
        at.wish = AppWish(api_url=at.slack.api_url, url=url, port=port)
        at.slack.point(at.app, url)
        yield


async def test_by_http_the_press_of_the_button_comes_to_where_the_desk_will_be() -> None:
    async with scene() as at, by_http(at):
        sitter = Sitter(at.app.bot_token, "short", at.app.signing_secret, "@ana")

        connected = await at.connect(sitter, at.ana)

        assert connected.settings["mode"] == "http"
        assert connected.settings["signing_secret"] == at.app.signing_secret
        assert connected.admin is not None
        assert connected.admin.id == at.ana.id
        assert "32 letters and digits" in sitter.said()


async def test_by_http_slack_may_look_whether_the_address_is_ours() -> None:
    async with scene() as at, by_http(at):
        ear = HttpEar(
            at.wish.url, (at.wish.host, at.wish.port), at.app.signing_secret, SystemClock()
        )
        await ear.open(lambda payload: None)

        verified = await at.slack.office.verify_url(at.app)
        await ear.close()

        assert verified


async def test_by_http_another_apps_secret_is_named() -> None:
    async with scene() as at, by_http(at):
        sitter = Sitter(at.app.bot_token, "0" * 32, "@ana", yes=(False,))
        task = asyncio.create_task(
            SlackConnecting(patience=0.5).connect(sitter, declared(), at.wish)
        )
        message = await at.button(at.ana)
        await at.ana.clicks(message, buttons(message)[0].action_id)

        with pytest.raises(InvalidSettings, match="nothing was changed"):
            await task

        assert "signs with another secret" in sitter.said()


async def test_by_http_one_may_go_on_unproved_and_is_told_what_is_missing() -> None:
    async with scene() as at, by_http(at):
        sitter = Sitter(at.app.bot_token, at.app.signing_secret, yes=(True,))

        connected = await at.connect(sitter)

        assert connected.admin is None
        assert connected.settings["mode"] == "http"
        assert "Not proved" in sitter.said()
        assert at.wish.url in sitter.said()


async def test_by_http_a_desk_that_runs_already_is_in_the_way() -> None:
    async with scene() as at, by_http(at):
        taken = HttpEar(at.wish.url, (at.wish.host, at.wish.port), "", SystemClock())
        await taken.open(lambda payload: None)
        sitter = Sitter(at.app.bot_token, at.app.signing_secret, "@ana", yes=(False,))

        with pytest.raises(InvalidSettings):
            await at.connect(sitter)
        await taken.close()

        assert f"Nothing can be heard at 127.0.0.1:{at.wish.port}" in sitter.said()


# --- at the command line ----------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    target = tmp_path / "deskbridge.toml"
    write_starter(target, brand="Casa Aurora", language="en")
    return target


def text_of(file: Path) -> str:
    return file.read_text("utf-8")


def listening_at(file: Path, port: int) -> str:
    """The settings, changed to this port."""
    text = text_of(file).replace("port = 8080", f"port = {port}")
    file.write_text(text, "utf-8")
    return text


async def connected_at(desk: Path, at: Scene, sitter: Sitter) -> None:
    task = asyncio.create_task(connecting.connect_platform(sitter, desk, "slack", "slack", at.wish))
    message = await at.button(at.ana)
    await at.ana.clicks(message, buttons(message)[0].action_id)
    await task


async def test_the_settings_are_written_and_keep_what_stands_there(desk: Path) -> None:
    before = text_of(desk)
    async with scene() as at:
        sitter = Sitter(at.app.bot_token, at.app.app_token, "@ana")

        await connected_at(desk, at, sitter)

        text = text_of(desk)
        written = tomllib.loads(text)["workspaces"]
        assert written["slack"]["kind"] == "slack"
        assert written["slack"]["bot_token"] == at.app.bot_token
        assert written["local"] == {"kind": "local"}
        assert all(line in text for line in before.splitlines() if line.startswith("#"))
        assert not open_to_others(desk)
        assert isinstance(load(desk, {}).workspaces["slack"].settings, SlackSettings)


async def test_who_pressed_is_an_admin_of_the_desk(desk: Path) -> None:
    async with scene() as at:
        sitter = Sitter(at.app.bot_token, at.app.app_token, "@ana")

        await connected_at(desk, at, sitter)

        assert "(@ana) is an admin of the desk now" in sitter.said()


async def test_from_http_to_a_socket_nothing_of_http_is_left(desk: Path) -> None:
    async with scene() as at:
        usual = at.wish
        async with by_http(at):
            before = listening_at(desk, at.wish.port)
            sitter = Sitter(at.app.bot_token, at.app.signing_secret, "@ana")
            await connected_at(desk, at, sitter)
        assert "public_url" in sitter.said()
        at.wish = usual
        at.app = at.slack.install(manifest(declared(), usual))

        await connected_at(
            desk, at, Sitter(at.app.bot_token, at.app.app_token, "@ana", yes=(True, True))
        )

        table = tomllib.loads(text_of(desk))["workspaces"]["slack"]
        assert sorted(table) == ["api_url", "app_token", "bot_token", "kind"]
        assert text_of(desk).startswith(before.rstrip())


async def test_tokens_that_are_there_are_replaced_only_when_one_agrees(desk: Path) -> None:
    async with scene() as at:
        await connected_at(desk, at, Sitter(at.app.bot_token, at.app.app_token, "@ana"))
        before = text_of(desk)

        await connecting.connect_platform(Sitter(yes=(False,)), desk, "slack", "slack", at.wish)

        assert text_of(desk) == before


async def test_without_settings_one_is_told_to_make_some(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="deskbridge init"):
        await connecting.connect_platform(
            Sitter(), tmp_path / "deskbridge.toml", "slack", "slack", AppWish()
        )


async def test_a_platform_that_does_not_exist_is_named(desk: Path) -> None:
    with pytest.raises(InvalidSettings, match="no icq to connect"):
        await connecting.connect_platform(Sitter(), desk, "icq", "icq", AppWish())
