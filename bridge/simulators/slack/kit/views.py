"""Modals and home tabs: what Slack accepts as a view."""

from collections.abc import Mapping
from typing import Literal

from bridge.simulators.common.wire import Json, arr, dump, obj
from bridge.simulators.slack.errors import SlackRefused, invalid
from bridge.simulators.slack.kit.blocks import check_blocks
from bridge.simulators.slack.kit.problems import Problems

MAX_BYTES = 250_000


def check_view(view: Mapping[str, Json], kind: Literal["modal", "home"]) -> None:
    """Raises `invalid_arguments` with every reason, or `view_too_large`."""
    problems = Problems()
    if view.get("type") != kind:
        problems.add(f"must be a valid enum value: {kind}", "/view/type")
    problems.optional(view, "private_metadata", "/view", 3_000)
    problems.optional(view, "callback_id", "/view", 255)
    problems.optional(view, "external_id", "/view", 255)
    if kind == "modal":
        _modal(problems, view)
    blocks = view.get("blocks")
    if blocks is None:
        problems.add("missing required field: blocks", "/view")
    found = problems.found + check_blocks(arr(blocks), kind, "/view/blocks")
    if found:
        raise invalid("invalid_arguments", found)
    if len(dump(view).encode()) > MAX_BYTES:
        raise SlackRefused("view_too_large")


def _modal(problems: Problems, view: Mapping[str, Json]) -> None:
    problems.text(view.get("title"), "/view/title", 24, plain=True)
    problems.text(view.get("submit"), "/view/submit", 24, plain=True, required=False)
    problems.text(view.get("close"), "/view/close", 24, plain=True, required=False)
    has_input = any(obj(block).get("type") == "input" for block in arr(view.get("blocks")))
    if has_input and view.get("submit") is None:
        problems.add("missing required field: submit", "/view")
