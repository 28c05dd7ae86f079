"""The app manifest says what the code does, no more and no less, and Slack would take it."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge.adapters.workspaces import slack
from bridge.adapters.workspaces.slack.setup.manifest import EVENTS, METHODS, manifest, scopes
from bridge.adapters.workspaces.slack.setup.slash_names import command_named, slash_name
from bridge.adapters.workspaces.slack.setup.yaml import to_yaml
from bridge.cli.main import app
from bridge.commands.registry import declared
from bridge.domain.ids import Language
from bridge.ports.connecting import AppWish
from tests.adapters.slack.manifest_schema import slips
from tests.adapters.slack.receiving_rig import receiving

CODE = sorted(Path(slack.__file__).parent.rglob("*.py"))
TOP = Path(__file__).parents[3]
METHOD = re.compile(r"(?:auth|bots|chat|conversations|files|reactions|users|views)\.[a-zA-Z.]+")
TABLES = {"manifest.py", "budget.py", "errors.py"}
"""Files that only list methods."""

WISHES = (
    AppWish(),
    AppWish(url="https://desk.example.com/slack/slack/events"),
    AppWish(prefix="acme-", language=Language("pt_BR")),
)


def called() -> Iterator[str]:
    """Every method that the code names: as an argument, and where the SDK is called itself."""
    for path in CODE:
        if path.name in TABLES:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and _is_method(node.value):
                yield str(node.value)


def _is_method(value: object) -> bool:
    known = isinstance(value, str) and METHOD.fullmatch(value) is not None
    return known or value == "apps.connections.open"


def test_the_manifest_knows_every_method_that_the_code_calls_and_no_other() -> None:
    assert set(called()) == set(METHODS)


async def test_the_manifest_knows_every_event_that_is_handled_and_no_other(tmp_path: Path) -> None:
    async with receiving(tmp_path) as rig:
        handled = set(rig.receiving.intake.handled)

    assert {name.partition(".")[0] for name in EVENTS} == handled


@pytest.mark.parametrize("wish", WISHES, ids=("socket", "http", "prefix"))
def test_slack_takes_the_manifest(wish: AppWish) -> None:
    assert slips(manifest(declared(), wish)) == []


def test_slack_would_refuse_another_manifest() -> None:
    wrong = manifest(declared(), AppWish())
    wrong["features"]["slash_commands"][0]["command"] = "transfer"
    wrong["features"]["shortcuts"][0]["name"] = "x" * 25
    wrong["settings"]["socket_mode"] = True

    assert len(slips(wrong)) == 3


def test_by_http_everything_comes_to_one_address() -> None:
    url = "https://desk.example.com/slack/slack/events"

    made = manifest(declared(), AppWish(url=url))

    settings = made["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == url
    assert settings["interactivity"]["request_url"] == url
    assert {each["url"] for each in made["features"]["slash_commands"]} == {url}


def test_no_scope_is_asked_for_twice_or_without_need() -> None:
    asked = manifest(declared(), AppWish())["oauth_config"]["scopes"]

    assert set(asked["bot"]) == scopes()
    assert not set(asked["bot"]) & set(asked["bot_optional"])


@pytest.mark.parametrize("prefix", ["", "acme-"])
def test_every_command_is_found_again_by_its_slash_name(prefix: str) -> None:
    names = [spec.name for spec in declared()]

    found = [command_named(f"/{slash_name(name, prefix)}", prefix) for name in names]

    assert found == names


def test_slack_keeps_its_own_help() -> None:
    commands = manifest(declared(), AppWish())["features"]["slash_commands"]

    assert "/help" not in {each["command"] for each in commands}


def test_the_file_at_the_top_is_up_to_date() -> None:
    written = (TOP / "app_manifest.yml").read_text("utf-8")

    assert written == to_yaml(manifest(declared(), AppWish()))


def test_the_command_line_says_whether_the_file_is_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    printed = run(app, ["manifest", "slack"]).output

    before = run(app, ["manifest", "slack", "--check"])
    Path("app_manifest.yml").write_text(printed, "utf-8")
    after = run(app, ["manifest", "slack", "--check"])

    assert (before.exit_code, after.exit_code) == (1, 0)
    assert "out of date" in before.output


def test_an_address_without_a_path_gets_the_adapters_own() -> None:
    printed = CliRunner().invoke(app, ["manifest", "slack", "--http", "https://d.example"]).output

    assert "request_url: https://d.example/slack/slack/events" in printed.replace('"', "")


# --- as YAML ----------------------------------------------------------------------------------

DOCUMENTS: Mapping[str, object] = {
    "a: 1\n": {"a": 1},
    '"yes": "no"\n': {"yes": "no"},
    "a:\n  - b: c\n    d: true\n": {"a": [{"b": "c", "d": True}]},
    'a: "b: c"\n': {"a": "b: c"},
    'a:\n  - x\n  - "1"\n': {"a": ["x", "1"]},
    "a: []\n": {"a": []},
}


@pytest.mark.parametrize("written", DOCUMENTS)
def test_what_could_be_read_as_something_else_is_quoted(written: str) -> None:
    assert to_yaml(DOCUMENTS[written]) == written


def test_the_schema_is_slacks_own() -> None:
    """It is shipped with the tests under its licence."""
    folder = TOP / "tests" / "payloads" / "slack"

    schema = json.loads((folder / "manifest.schema.1.0.0.json").read_text("utf-8"))

    assert schema["title"] == "App Manifest"
    assert "MIT License" in (folder / "LICENSE").read_text("utf-8")
