"""Modals: who may show one, for how long, and how they stack."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, CannotDo, SlackSimulator
from tests.simulators.slack.desk import Desk
from tests.simulators.slack.ear import Body, Ear


def _modal(title: str = "Modal", **more: object) -> Body:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "blocks": [],
        **more,
    }


class Clock:
    """The simulator's wall clock, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.5

    def __call__(self) -> float:
        return self.now


def _trigger(slack: SlackSimulator, app: App, desk: Desk) -> str:
    return slack.house.tickets.trigger(app, desk.ana.id)


async def _error(client: AsyncWebClient, method: str, **arguments: object) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    return str(refused.value.response["error"])


async def test_a_trigger_works_once(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    trigger = _trigger(slack, app, desk)
    await client.views_open(trigger_id=trigger, view=_modal())

    again = await _error(client, "views.open", trigger_id=trigger, view=_modal())
    other = await _error(client, "views.open", trigger_id="1.2.3", view=_modal())

    assert (again, other) == ("exchanged_trigger_id", "invalid_trigger_id")
    assert len(desk.ana.modals) == 1


@pytest.mark.parametrize(("seconds", "works"), [(2.9, True), (3.1, False)])
async def test_a_trigger_lives_three_seconds(seconds: float, works: bool) -> None:
    clock = Clock()
    async with SlackSimulator.running(now=clock) as slack:
        app = slack.install("Desk")
        desk = Desk(slack, app)
        client = AsyncWebClient(app.bot_token, base_url=slack.api_url)
        trigger = _trigger(slack, app, desk)
        clock.now += seconds

        if works:
            await client.views_open(trigger_id=trigger, view=_modal())
        else:
            error = await _error(client, "views.open", trigger_id=trigger, view=_modal())
            assert error == "expired_trigger_id"

        assert len(desk.ana.modals) == works


async def test_three_modals_stack_and_no_more(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    root = await client.views_open(trigger_id=_trigger(slack, app, desk), view=_modal())
    for n in range(2):
        view = _modal(f"Over {n}")
        await client.views_push(trigger_id=_trigger(slack, app, desk), view=view)

    error = await _error(client, "views.push", trigger_id=_trigger(slack, app, desk), view=_modal())

    assert error == "push_limit_reached"
    assert {view.root_view_id for view in desk.ana.modals} == {root["view"]["id"]}


async def test_an_update_with_an_old_hash_is_refused(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    opened = await client.views_open(trigger_id=_trigger(slack, app, desk), view=_modal())
    view = opened["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=_modal("New"))

    error = await _error(
        client, "views.update", view_id=view["id"], hash=view["hash"], view=_modal("Newer")
    )

    assert error == "hash_conflict"
    assert desk.ana.modals[0].content["title"] == {"type": "plain_text", "text": "New"}


async def test_a_closed_modal_cannot_be_updated_and_tells_who_asked(
    slack: SlackSimulator, app: App, ear: Ear, client: AsyncWebClient, desk: Desk
) -> None:
    view = _modal(notify_on_close=True, private_metadata="42")
    opened = await client.views_open(trigger_id=_trigger(slack, app, desk), view=view)

    await desk.ana.closes(desk.ana.modals[0])

    error = await _error(client, "views.update", view_id=opened["view"]["id"], view=_modal())
    assert error == "not_found"
    assert ear.heard[-1].body["type"] == "view_closed"
    assert ear.heard[-1].body["view"]["private_metadata"] == "42"


async def test_a_required_field_is_not_let_through_empty(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    field = {"type": "plain_text_input", "action_id": "note", "max_length": 3}
    label = {"type": "plain_text", "text": "Note"}
    blocks = [{"type": "input", "block_id": "note", "label": label, "element": field}]
    view = _modal(blocks=blocks, submit=label)
    await client.views_open(trigger_id=_trigger(slack, app, desk), view=view)

    for values in ({}, {"note": ""}, {"note": "four"}, {"other": "x", "note": "y"}):
        with pytest.raises(CannotDo):
            await desk.ana.submits(desk.ana.modals[0], values)


async def test_a_home_tab_is_published_for_one_person(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    published = await client.views_publish(
        user_id=desk.ana.id, view={"type": "home", "blocks": [{"type": "divider"}]}
    )
    error = await _error(
        client, "views.publish", user_id=desk.ana.id, view={"type": "modal", "blocks": []}
    )

    home = desk.ana.home(app)
    assert home is not None
    assert home.id == published["view"]["id"]
    assert error == "invalid_arguments"
    assert desk.bo.home(app) is None


async def test_two_fields_may_have_one_action_and_are_told_apart_by_their_blocks(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk, ear: Ear
) -> None:
    fields = [
        {
            "type": "input",
            "block_id": name,
            "dispatch_action": True,
            "label": {"type": "plain_text", "text": name},
            "element": {"type": "plain_text_input", "action_id": "line"},
        }
        for name in ("first", "second")
    ]
    view = _modal(blocks=fields, submit={"type": "plain_text", "text": "Send"})
    await client.views_open(trigger_id=_trigger(slack, app, desk), view=view)

    await desk.ana.clicks(desk.ana.modals[-1], "line", block_id="second", option="42")

    told = next(one.body for one in ear.heard if one.body.get("type") == "block_actions")
    assert [(one["block_id"], one["value"]) for one in told["actions"]] == [("second", "42")]
