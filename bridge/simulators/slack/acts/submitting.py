"""Filling in a modal, submitting it, closing it, and what the app makes of that."""

from collections.abc import Mapping, Sequence

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.slack.acts.clicking import blocks_of
from bridge.simulators.slack.acts.elements import Placed, elements, held, initial
from bridge.simulators.slack.acts.house import CannotDo, House, Outcome
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.outlets.parcel import Answer
from bridge.simulators.slack.state import modals
from bridge.simulators.slack.state.records import View
from bridge.simulators.slack.state.shapes import view_json


async def submit(house: House, who: str, view: View, values: Mapping[str, Json]) -> Outcome:
    """Fill in fields by action id or block id and press the button below."""
    state = _state(view, values)
    app = house.world.app(view.app_id)
    payload: JsonObject = {
        "type": "view_submission",
        **house.base(app, who),
        "view": view_json(house.world, view) | {"state": {"values": state}},
        "response_urls": [],
    }
    await house.done("submits", who, view=view.id, values=dict(values))
    answer = await house.ask(app, "interactive", payload)
    if not answer.ok:
        return Outcome(answered=False, reason=answer.reason)
    try:
        errors = _obey(house, who, view, answer)
    except SlackRefused as e:
        return Outcome(answered=False, body=answer.body, reason=f"{e.code} {e.more}")
    finally:
        house.world.changes.release()
    return Outcome(answered=True, body=answer.body, errors=errors)


async def close(house: House, who: str, view: View) -> Outcome:
    """Press cancel or the cross. The app hears of it if it asked to."""
    app = house.world.app(view.app_id)
    modals.close_modal(house.world, view)
    await house.done("closes", who, view=view.id)
    if not view.content.get("notify_on_close"):
        return Outcome(answered=True)
    payload: JsonObject = {
        "type": "view_closed",
        **house.base(app, who),
        "view": view_json(house.world, view),
        "is_cleared": False,
    }
    payload.pop("trigger_id")
    answer = await house.ask(app, "interactive", payload)
    return Outcome(answered=answer.ok, body=answer.body, reason=answer.reason)


def _obey(house: House, who: str, view: View, answer: Answer) -> JsonObject:
    """Do what `response_action` says. Gives the errors that are now shown."""
    world, app = house.world, house.world.app(view.app_id)
    if not any(one.id == view.id for one in world.modals.get((app.id, who), [])):
        return {}
    match answer.body.get("response_action"):
        case None:
            modals.close_modal(world, view)
        case "clear":
            modals.close_modal(world, view, all_of_them=True)
        case "errors":
            errors = dict(obj(answer.body.get("errors")))
            _check_errors(view, errors)
            modals.show_errors(world, view, errors)
            return errors
        case "update":
            modals.update_modal(world, view, obj(answer.body.get("view")))
        case "push":
            modals.push_modal(world, app, who, obj(answer.body.get("view")))
        case other:
            raise SlackRefused(f"unknown response_action {other}")
    return {}


def _check_errors(view: View, errors: JsonObject) -> None:
    inputs = {txt(obj(one).get("block_id")) for one in blocks_of(view)}
    unknown = set(errors) - inputs
    if unknown or not errors:
        raise SlackRefused(f"errors for blocks that are not there: {sorted(unknown)}")


def _state(view: View, values: Mapping[str, Json]) -> JsonObject:
    """What every field holds. Raises `CannotDo` for what Slack would not let through."""
    blocks = blocks_of(view)
    for placed in elements(blocks):
        given = [values[one] for one in (placed.action_id, placed.block_id) if one in values]
        _check(placed, given[0] if given else initial(placed))
    return held(blocks, values)


def _check(placed: Placed, value: Json) -> None:
    if placed.block.get("type") != "input":
        return
    if value in (None, "", []):
        if not placed.block.get("optional"):
            raise CannotDo(f"{placed.action_id} must be filled in")
        return
    if placed.kind == "file_input":
        _check_files(placed, arr(value))
    length = len(value) if isinstance(value, str) else 0
    most, least = placed.element.get("max_length"), placed.element.get("min_length")
    if isinstance(most, int) and length > most:
        raise CannotDo(f"{placed.action_id} takes no more than {most} characters")
    if isinstance(least, int) and placed.kind == "plain_text_input" and length < least:
        raise CannotDo(f"{placed.action_id} needs {least} characters")


def _check_files(placed: Placed, files: Sequence[Json]) -> None:
    most, endings = placed.element.get("max_files", 10), arr(placed.element.get("filetypes"))
    if isinstance(most, int) and len(files) > most:
        raise CannotDo(f"{placed.block_id} takes no more than {most} files")
    for file in files:
        if endings and obj(file).get("filetype") not in endings:
            raise CannotDo(f"{placed.block_id} takes only {endings}")
