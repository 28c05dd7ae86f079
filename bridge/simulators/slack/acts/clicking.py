"""Clicks on messages, on what only one sees, on the home tab and in modals."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, obj
from bridge.simulators.slack.acts.elements import Placed, chosen, find, held
from bridge.simulators.slack.acts.house import CannotDo, House, Outcome
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import Ephemeral, Message, View
from bridge.simulators.slack.state.shapes import channel_type, message_json, view_json
from bridge.simulators.slack.tickets import Reply

Clickable = Message | Ephemeral | View


async def click(
    house: House,
    who: str,
    where: Clickable,
    action_id: str,
    *,
    value: str | None,
    option: Json,
    filled: Mapping[str, Json],
    block_id: str | None = None,
) -> Outcome:
    """Use an element: press a button, choose an `option` of a menu.

    `filled` is what stands in the fields around it, by action id or block id.
    """
    where = _now(house, where)
    placed = find(blocks_of(where), action_id, value, block_id)
    if placed.in_input:
        raise CannotDo(f"{action_id} is a field of a form: fill it in and submit")
    app = house.world.app(app_of(where))
    payload: JsonObject = {
        "type": "block_actions",
        **house.base(app, who),
        **_place(house, app, who, where),
        "actions": [_action(house, placed, option)],
    }
    state: JsonObject = {"values": held(blocks_of(where), filled)}
    payload["state"] = state
    if isinstance(where, View):
        payload["view"] = view_json(house.world, where) | {"state": state}
        del payload["state"]
    await house.done("clicks", who, action_id=action_id, value=value, **_said(where))
    answer = await house.ask(app, "interactive", payload)
    return Outcome(answered=answer.ok, body=answer.body, reason=answer.reason)


def blocks_of(where: Clickable) -> tuple[Json, ...]:
    """The blocks that a person sees, attachments' blocks too."""
    if isinstance(where, View):
        content = where.content.get("blocks")
        return tuple(content) if isinstance(content, list) else ()
    found: list[Json] = [*where.blocks]
    for attachment in where.attachments:
        inside = obj(attachment).get("blocks")
        found += inside if isinstance(inside, list) else []
    return tuple(found)


def app_of(where: Clickable) -> str:
    """Whose element it is."""
    if where.app_id is None:
        raise CannotDo("a person's message has nothing to click")
    return where.app_id


def _now(house: House, where: Clickable) -> Clickable:
    """As it is on the screen now: it may have been edited since it was looked at."""
    world = house.world
    if isinstance(where, Message):
        return world.message(where.channel, where.ts)
    if isinstance(where, Ephemeral):
        return where
    if where.kind == "home":
        return world.homes[where.app_id, where.user]
    stack = world.modals.get((where.app_id, where.user), [])
    for view in stack:
        if view.id == where.id:
            return view
    raise CannotDo("this modal is closed")


def _action(house: House, placed: Placed, option: Json) -> JsonObject:
    element = placed.element
    said: JsonObject = {"type": placed.kind}
    if placed.kind == "button":
        said |= {"text": element.get("text"), "value": element.get("value")}
        if element.get("style"):
            said["style"] = element["style"]
    else:
        said |= chosen(placed, option)
    return {
        **{name: value for name, value in said.items() if value is not None},
        "action_id": placed.action_id,
        "block_id": placed.block_id,
        "action_ts": house.world.mint.ts("actions"),
    }


def _place(house: House, app: App, who: str, where: Clickable) -> JsonObject:
    """`container` and what belongs to it."""
    world = house.world
    if isinstance(where, View):
        return {"container": {"type": "view", "view_id": where.id}}
    ephemeral = isinstance(where, Ephemeral)
    channel = world.channel(where.channel)
    container: JsonObject = {
        "type": "message",
        "message_ts": where.ts,
        "channel_id": where.channel,
        "is_ephemeral": ephemeral,
    }
    shown = {} if isinstance(where, Ephemeral) else message_json(world, where)
    thread_ts = where.thread_ts if isinstance(where, Ephemeral) else shown.get("thread_ts")
    if isinstance(thread_ts, str):
        container["thread_ts"] = thread_ts
    names = {"channel": channel.name, "group": "privategroup"}
    reply = Reply(
        app_id=app.id,
        user=who,
        channel=where.channel,
        message_ts=where.ts,
        thread_ts=thread_ts if isinstance(thread_ts, str) else None,
        ephemeral=ephemeral,
    )
    place: JsonObject = {
        "container": container,
        "channel": {
            "id": channel.id,
            "name": names.get(channel_type(channel), "directmessage"),
        },
        "response_url": house.tickets.response_url(reply),
    }
    return place if ephemeral else place | {"message": shown}


def _said(where: Clickable) -> JsonObject:
    if isinstance(where, View):
        return {"view": where.id}
    return {"channel": where.channel, "ts": where.ts}
