"""Typing into a menu whose entries the app looks up."""

from bridge.simulators.common.wire import JsonObject, arr, obj
from bridge.simulators.slack.acts.clicking import Clickable, app_of, blocks_of
from bridge.simulators.slack.acts.elements import find
from bridge.simulators.slack.acts.house import CannotDo, House
from bridge.simulators.slack.kit.elements import (
    EXTERNAL_MENUS,
    MAX_OPTIONS,
    check_group,
    check_option,
)
from bridge.simulators.slack.kit.problems import Problems
from bridge.simulators.slack.state.records import View
from bridge.simulators.slack.state.shapes import view_json

LEAST_TYPED = 3
"""Characters before Slack asks, unless `min_query_length` says otherwise."""


async def search(
    house: House,
    who: str,
    where: Clickable,
    action_id: str,
    typed: str,
    block_id: str | None = None,
) -> list[JsonObject]:
    """The entries that the app offers for what was typed. Raises `CannotDo` for bad ones."""
    placed = find(blocks_of(where), action_id, block_id=block_id)
    if placed.kind not in EXTERNAL_MENUS:
        raise CannotDo(f"{action_id} is a {placed.kind}: its entries do not come from the app")
    least = placed.element.get("min_query_length", LEAST_TYPED)
    if isinstance(least, int) and len(typed) < least:
        raise CannotDo(f"Slack asks the app only from {least} characters on")
    app = house.world.app(app_of(where))
    payload: JsonObject = {
        "type": "block_suggestion",
        **house.base(app, who),
        "action_id": action_id,
        "block_id": placed.block_id,
        "value": typed,
        **_place(house, where),
    }
    payload.pop("trigger_id")
    answer = await house.ask(app, "interactive", payload)
    if not answer.ok:
        raise CannotDo(f"no entries came for {typed!r} in three seconds ({answer.reason})")
    return _entries(answer.body)


def _place(house: House, where: Clickable) -> JsonObject:
    if isinstance(where, View):
        return {
            "container": {"type": "view", "view_id": where.id},
            "view": view_json(house.world, where),
        }
    return {
        "container": {"type": "message", "message_ts": where.ts, "channel_id": where.channel},
        "channel": {"id": where.channel},
    }


def _entries(body: JsonObject) -> list[JsonObject]:
    problems = Problems()
    found: list[JsonObject] = [dict(obj(one)) for one in arr(body.get("options"))]
    for index, entry in enumerate(found):
        check_option(problems, entry, f"/options/{index}")
    for index, group in enumerate(arr(body.get("option_groups"))):
        check_group(problems, obj(group), f"/option_groups/{index}")
        found += [dict(obj(one)) for one in arr(obj(group).get("options"))]
    problems.count(found, "/options", MAX_OPTIONS, least=0)
    if problems.found:
        raise CannotDo("Slack shows no entries: " + "; ".join(problems.found))
    return found
