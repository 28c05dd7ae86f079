"""An app is installed as its manifest says, and can do no more than that."""

import pytest

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack import CannotDo, SlackSimulator

MANIFEST: JsonObject = {
    "display_information": {"name": "Deskbridge"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": "Deskbridge"},
        "shortcuts": [{"name": "Menu", "type": "message", "callback_id": "menu"}],
        "slash_commands": [{"command": "/queues", "should_escape": False}],
    },
    "oauth_config": {
        "scopes": {"bot": ["chat:write", "commands"], "bot_optional": ["users:read.email"]}
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def test_an_app_is_what_its_manifest_says() -> None:
    app = SlackSimulator().install(MANIFEST)

    assert app.scopes == {"chat:write", "commands", "users:read.email"}
    assert app.manifest.events == {"app_home_opened", "message.im"}
    assert app.manifest.commands == {"/queues": False}
    assert app.manifest.shortcuts[0].callback_id == "menu"
    assert app.manifest.socket_mode


@pytest.mark.parametrize(
    ("path", "value"), [("oauth_config", {"scopes": {"bot": ["chat:wriet"]}}),
                        ("settings", {"event_subscriptions": {"bot_events": ["massage.im"]}})]
)  # fmt: skip
def test_a_misspelt_scope_or_event_is_found(path: str, value: JsonObject) -> None:
    with pytest.raises(ValueError, match=r"chat:wriet|massage\.im"):
        SlackSimulator().install({**MANIFEST, path: value})


async def test_what_the_manifest_does_not_declare_nobody_can_use() -> None:
    slack = SlackSimulator()
    app = slack.install(MANIFEST)
    ana = slack.hire("Ana")
    room = slack.channel("room", ana, app)
    line = await ana.says(room, "x")

    for act in (
        ana.types(room, "/transfer"),
        ana.uses_shortcut("menu"),
        ana.uses_shortcut("other", line),
        ana.says(slack.direct(ana, app), "hello?"),
    ):
        with pytest.raises(CannotDo):
            await act


async def test_a_slash_command_does_not_work_in_a_thread() -> None:
    slack = SlackSimulator()
    app = slack.install(MANIFEST)
    ana = slack.hire("Ana")
    room = slack.channel("room", ana, app)
    line = await ana.says(room, "x")

    with pytest.raises(CannotDo):
        await ana.types(room, "/queues", thread=line)

    assert ana.whispers()[0].text == "/queues is not supported in threads. Sorry!"
    assert slack.office.deliveries == []


async def test_who_is_deactivated_can_do_nothing() -> None:
    slack = SlackSimulator()
    app = slack.install(MANIFEST)
    gil = slack.hire("Gil")
    room = slack.channel("room", gil, app)
    line = await gil.says(room, "x")
    await gil.becomes(deleted=True)

    for act in (
        gil.says(room, "y"),
        gil.types(room, "/queues"),
        gil.uses_shortcut("menu", line),
    ):
        with pytest.raises(CannotDo):
            await act
