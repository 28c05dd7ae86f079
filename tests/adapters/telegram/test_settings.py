"""A desk with settings that cannot work does not start, and says which and why."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from bridge.adapters.channels.telegram import plugin
from bridge.adapters.channels.telegram.settings import TelegramSettings
from bridge.domain.errors import InvalidSettings
from bridge.ports.clock import SystemClock
from tests.adapters.telegram.rig import SECRET, context_of
from tests.adapters.webchat.fakes import FolderFiles, MemoryStore

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


def settings(**changes: object) -> TelegramSettings:
    return TelegramSettings.model_validate({"token": TOKEN, **changes})


def test_a_token_is_enough() -> None:
    made = settings()

    assert (made.receive, made.bot_id) == ("polling", 123456789)
    assert made.files_at == "https://api.telegram.org/file"


@pytest.mark.parametrize("token", ["", "123", "xoxb-1-2", f"{TOKEN} ", "AAF:123456789"])
def test_what_is_no_token_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(token=token)

    assert "BotFather" in str(refused.value)
    assert not token or f"'{token}'" not in str(refused.value)


@pytest.mark.parametrize("secret", ["", "short", "with blanks in it, too", "é" * 20])
def test_a_webhook_without_a_good_secret_is_refused(secret: str) -> None:
    with pytest.raises(ValidationError, match="webhook_secret"):
        settings(receive="webhook", webhook_secret=secret)


@pytest.mark.parametrize(
    "url", ["ftp://a", "api.telegram.org", "https://a/b/", "https://a?b=c", "https://"]
)
def test_an_address_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="api_url"):
        settings(api_url=url)


def test_a_server_of_ones_own_may_have_its_files_elsewhere() -> None:
    own = settings(api_url="http://10.0.0.5:8081", file_url="http://10.0.0.5:8082/files")

    assert (own.api_url, own.files_at) == ("http://10.0.0.5:8081", "http://10.0.0.5:8082/files")


def test_a_webhook_needs_an_address_that_telegram_can_call(tmp_path: Path) -> None:
    context = context_of(MemoryStore(), FolderFiles(tmp_path), SystemClock(), None)  # type: ignore[arg-type]

    with pytest.raises(InvalidSettings, match="public_url"):
        plugin.build(settings(receive="webhook", webhook_secret=SECRET), context)


_WITHOUT = """
import sys
sys.modules["telegram"] = None
from bridge.adapters.channels.telegram import plugin
from bridge.adapters.channels.telegram.settings import TelegramSettings
from bridge.domain.errors import InvalidSettings
import bridge.app, bridge.cli.main
class Context: id = "tg"
for attempt in (
    lambda: plugin.build(TelegramSettings(token="{token}"), Context()),
    plugin.connects,
):
    try:
        attempt()
    except InvalidSettings as error:
        print(error)
"""


def test_without_its_library_the_product_works_and_one_line_says_what_to_install() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT.format(token=TOKEN)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all("pip install 'deskbridge[telegram]'" in line for line in lines)
    assert lines[0].startswith("[channels.tg] kind: telegram needs the package telegram")
