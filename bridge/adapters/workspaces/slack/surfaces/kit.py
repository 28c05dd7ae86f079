"""The few kinds of blocks that our modals and homes are made of, within Slack's limits; pure.

Limits: docs.slack.dev/reference/block-kit and the models of slack_sdk, read November 2026.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec

from bridge.adapters.common.choices import Choice
from bridge.adapters.workspaces.slack.blocks.outbound import plain_text
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet, write_sheet
from bridge.adapters.workspaces.slack.text.richtext import section as run
from bridge.adapters.workspaces.slack.text.richtext import words
from bridge.domain.ids import SECOND, Instant
from bridge.locales import say

PICK = "pick"
FILL = "fill"
LINK = "link"
"""What an element's action id begins with: a picker's `pick:<kind>`, a field that changes the
form it stands in, a button that only leads somewhere."""

MAX_OPTIONS = 100
MAX_BLOCKS = 100
_TITLE = 24
_LABEL = 2_000
_OPTION = 75
_OPTION_VALUE = 150
_PLACEHOLDER = 150
_SECTION = 3_000
_INPUT = 3_000
_HEADER = 150
_BUTTON = 75
_VIEW = 200_000
"""Bytes of a view's blocks: Slack refuses a view of more than 250 kB (`view_too_large`)."""


def modal(
    title: str, blocks: Iterable[Json], sheet: Sheet, language: str, *, submit: str = ""
) -> Json:
    """A modal; without `submit` it can only be closed."""
    view: Json = {
        "type": "modal",
        "title": plain_text(title, _TITLE),
        "close": plain_text(
            say(language, "workspace.form.cancel" if submit else "workspace.form.close"), _TITLE
        ),
        "private_metadata": write_sheet(sheet),
        "callback_id": f"form:{sheet.command}"[:255],
        "blocks": fitted(blocks),
    }
    return view | {"submit": plain_text(submit, _TITLE)} if submit else view


def fitted(blocks: Iterable[Json]) -> list[Json]:
    """As many of the blocks as one view takes."""
    shown: list[Json] = []
    left = _VIEW
    for block in islice(blocks, MAX_BLOCKS):
        left -= len(msgspec.json.encode(block)) + 1
        if left < 0:
            break
        shown.append(block)
    return shown


def header(text: str) -> Json:
    """A heading."""
    return {"type": "header", "text": plain_text(text, _HEADER)}


def text(words_: str, accessory: Json | None = None) -> Json:
    """A paragraph, which Slack shows as it is, with a button beside it."""
    block: Json = {"type": "section", "text": plain_text(words_, _SECTION)}
    return block if accessory is None else block | {"accessory": accessory}


def context(*facts: str) -> Json:
    """Small print."""
    shown = [plain_text(fact, _LABEL) for fact in facts if fact]
    return {"type": "context", "elements": shown[:10] or [plain_text(" ", 1)]}


def divider() -> Json:
    """A line."""
    return {"type": "divider"}


def quote(words_: str) -> Json:
    """Somebody's words, apart from ours."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [words(words_ or " ")]}],
    }


def bullets(items: Sequence[Sequence[Json]]) -> Json:
    """A list of runs of inline elements."""
    elements = [run(item) for item in items] or [run([words(" ")])]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": elements}],
    }


def lines(items: Sequence[Sequence[Json]]) -> Json:
    """Runs of inline elements, each on a line of its own, which has its own mark."""
    runs = [each for item in items for each in (words("\n"), *item)]
    return {"type": "rich_text", "elements": [run(runs[1:] or [words(" ")])]}


def moment(at: Instant, format_: str = "{date_short_pretty} {time}") -> Json:
    """A moment in its reader's own time zone."""
    return {"type": "date", "timestamp": at // SECOND, "format": format_, "fallback": "?"}


def buttons(elements: Sequence[Json]) -> Json:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements[:25])}


def link(label: str, url: str) -> Json:
    """A button that leads to a page."""
    return {
        "type": "button",
        "action_id": f"{LINK}:{url[-200:]}",
        "text": plain_text(label, _BUTTON),
        "url": url,
    }


def small_button(label: str, action_id: str, value: str = "") -> Json:
    """A button of a view itself, which runs no command."""
    made: Json = {"type": "button", "action_id": action_id, "text": plain_text(label, _BUTTON)}
    return made | {"value": value} if value else made


def field(
    name: str, label: str, element: Json, *, optional: bool = False, dispatch: bool = False
) -> Json:
    """A field of a form; `dispatch` says that the form follows what is chosen in it."""
    block: Json = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, _LABEL),
        "element": element,
        "optional": optional,
    }
    return block | {"dispatch_action": True} if dispatch else block


def line(
    initial: str = "", *, long: bool = False, limit: int = _INPUT, dispatch: bool = False
) -> Json:
    """A place to type in."""
    element: Json = {
        "type": "plain_text_input",
        "action_id": f"{FILL}:line",
        "multiline": long,
        "max_length": min(limit, _INPUT),
    }
    if initial:
        element["initial_value"] = initial[: min(limit, _INPUT)]
    if dispatch:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    return element


def file(endings: Sequence[str]) -> Json:
    """A place for one file with one of these endings."""
    return {
        "type": "file_input",
        "action_id": f"{FILL}:file",
        "filetypes": list(endings),
        "max_files": 1,
    }


def menu(choices: Sequence[Choice], initial: str = "", placeholder: str = "") -> Json:
    """A menu whose entries are known."""
    options = [option(each) for each in choices[:MAX_OPTIONS]]
    element: Json = {"type": "static_select", "action_id": f"{FILL}:menu", "options": options}
    return element | _initial(choices, initial) | _placeholder(placeholder)


def radio(choices: Sequence[Choice], initial: str = "") -> Json:
    """A few entries, all in sight."""
    options = [option(each) for each in choices[:10]]
    element: Json = {"type": "radio_buttons", "action_id": f"{FILL}:radio", "options": options}
    return element | _initial(choices, initial)


def search(kind: str, initial: Choice | None = None, placeholder: str = "") -> Json:
    """A menu whose entries the desk looks up while one types."""
    element: Json = {
        "type": "external_select",
        "action_id": f"{PICK}:{kind}",
        "min_query_length": 0,
    }
    if initial is not None:
        element["initial_option"] = option(initial)
    return element | _placeholder(placeholder)


def option(choice: Choice) -> Json:
    """One entry as Slack takes it."""
    made: Json = {"text": plain_text(choice.label, _OPTION), "value": choice.value[:_OPTION_VALUE]}
    return made | {"description": plain_text(choice.hint, _OPTION)} if choice.hint else made


def _initial(choices: Sequence[Choice], initial: str) -> Json:
    found = next((each for each in choices if each.value == initial and initial), None)
    return {} if found is None else {"initial_option": option(found)}


def _placeholder(text_: str) -> Json:
    return {"placeholder": plain_text(text_, _PLACEHOLDER)} if text_ else {}
