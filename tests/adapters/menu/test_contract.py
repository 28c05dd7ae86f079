"""The menu bot keeps what every bot promises, and says what is wrong with its script."""

import hashlib
from pathlib import Path

import aiohttp
import pytest
from pydantic import ValidationError

from bridge.adapters.bots.menu import plugin
from bridge.adapters.bots.menu.adapter import MenuBot
from bridge.adapters.bots.menu.settings import MenuSettings
from bridge.domain.content import text_content
from bridge.domain.errors import TemporaryFailure
from bridge.ports.clock import SystemClock
from bridge.ports.plugin import AdapterContext, Diagnoses
from tests.contract.bot_contract import BotContract, BotRig, event
from tests.fakes.adapter_memory import FolderFiles, MemoryStore


def no_network() -> aiohttp.ClientSession:
    raise AssertionError("the menu bot calls nobody")


def menu_bot(folder: Path, file: Path | None = None) -> MenuBot:
    context = AdapterContext(
        id="shop",
        brand="Loja",
        public_url="",
        store=MemoryStore(),
        files=FolderFiles(folder),
        clock=SystemClock(),
        secret=lambda purpose: hashlib.sha256(purpose.encode()).digest(),
        http=no_network,
    )
    return plugin.build(MenuSettings(file=file), context)


class TestMenuBot(BotContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> BotRig:
        """The shop that is built in; and a file that is not there."""
        return BotRig(
            new=lambda: menu_bot(tmp_path),
            misconfigured=lambda: menu_bot(tmp_path, tmp_path / "missing.toml"),
        )


async def test_before_its_start_it_asks_to_be_tried_again(tmp_path: Path) -> None:
    with pytest.raises(TemporaryFailure):
        await menu_bot(tmp_path).ask(event(text_content("Hello")))


async def test_it_follows_the_file_of_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "menu.toml"
    file.write_text('[menus.main]\ntext = "Hm?"\nchoices = [{id = "a", label = "A", say = "B"}]\n')
    bot = menu_bot(tmp_path, file)
    await bot.start()

    reply = await bot.ask(event(text_content("Hello")))

    assert [line.words() for line in reply.messages] == ["Hello!", "Hm?"]


async def test_the_doctor_counts_what_a_good_script_has(tmp_path: Path) -> None:
    (check,) = await menu_bot(tmp_path).diagnose()

    assert check.ok
    assert check.name == "bots.shop script"
    assert check.detail == "the one that is built in: 3 menus, 2 answers"


async def test_the_doctor_sees_that_the_script_was_changed_after_the_start(tmp_path: Path) -> None:
    file = tmp_path / "menu.toml"
    file.write_text('[menus.main]\ntext = "Hm?"\nchoices = [{id = "a", label = "A", say = "B"}]\n')
    bot = menu_bot(tmp_path, file)
    await bot.start()
    (before,) = await bot.diagnose()

    file.write_text(file.read_text().replace("Hm?", "Yes?"))
    (after,) = await bot.diagnose()

    assert (before.warning, after.warning) == (False, True)
    assert "restart" in after.fix


async def test_the_doctor_names_every_mistake_of_a_bad_script(tmp_path: Path) -> None:
    file = tmp_path / "menu.toml"
    file.write_text("[menus]\n[person]\nqueu = 'x'\n")

    bot = menu_bot(tmp_path, file)
    assert isinstance(bot, Diagnoses)
    (check,) = await bot.diagnose()

    assert not check.ok
    assert check.detail.splitlines() == [
        "menu.toml: person.queu: is not a key here; did you mean queue?",
        "menu.toml: menus: is empty",
    ]
    assert check.fix


def test_a_slip_in_the_settings_is_refused() -> None:
    with pytest.raises(ValidationError):
        MenuSettings.model_validate({"fil": "menu.toml"})
