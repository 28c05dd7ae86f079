"""Buttons, menus and fields: what Slack accepts as an element of a block."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, arr, obj
from bridge.simulators.slack.kit.problems import Problems

STATIC_MENUS = frozenset({"static_select", "multi_static_select"})
EXTERNAL_MENUS = frozenset({"external_select", "multi_external_select"})
PEOPLE_MENUS = frozenset(
    {
        "users_select", "multi_users_select", "conversations_select",
        "multi_conversations_select", "channels_select", "multi_channels_select",
    }
)  # fmt: skip
CHOICES = frozenset({"radio_buttons", "checkboxes"})
FIELDS = frozenset(
    {
        "plain_text_input", "email_text_input", "url_text_input", "number_input",
        "rich_text_input", "file_input",
    }
)  # fmt: skip
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})

MENUS = STATIC_MENUS | EXTERNAL_MENUS | PEOPLE_MENUS
ACTIONS = MENUS | CHOICES | PICKERS | {"button", "overflow", "workflow_button"}
ACCESSORIES = ACTIONS | {"image"}
INPUTS = MENUS | CHOICES | PICKERS | FIELDS

MAX_OPTIONS = 100
MAX_OVERFLOW = 5
MAX_CHOICES = 10


def check_element(
    problems: Problems, element: Mapping[str, Json], at: str, allowed: frozenset[str]
) -> None:
    """One element where only `allowed` kinds may stand."""
    kind = element.get("type")
    if kind not in allowed:
        problems.add(f"unsupported type: {kind}", f"{at}/type")
        return
    problems.optional(element, "action_id", at, 255)
    if element.get("confirm") is not None:
        _confirm(problems, obj(element["confirm"]), f"{at}/confirm")
    if element.get("placeholder") is not None:
        problems.text(element["placeholder"], f"{at}/placeholder", 150, plain=True)
    if kind == "button":
        _button(problems, element, at)
    elif kind == "overflow":
        _options(problems, element, at, MAX_OVERFLOW)
    elif kind in CHOICES:
        _options(problems, element, at, MAX_CHOICES)
    elif kind in STATIC_MENUS:
        _menu(problems, element, at)
    elif kind in EXTERNAL_MENUS and element.get("initial_option") is not None:
        check_option(problems, element["initial_option"], f"{at}/initial_option")
    elif kind == "image":
        _image(problems, element, at)


def _button(problems: Problems, element: Mapping[str, Json], at: str) -> None:
    problems.text(element.get("text"), f"{at}/text", 75, plain=True)
    problems.optional(element, "value", at, 2_000)
    problems.optional(element, "url", at, 3_000)
    problems.optional(element, "accessibility_label", at, 75)
    if element.get("style") not in (None, "primary", "danger"):
        problems.add("must be one of: primary, danger", f"{at}/style")


def _image(problems: Problems, element: Mapping[str, Json], at: str) -> None:
    problems.length(element.get("alt_text"), f"{at}/alt_text", 2_000, least=1)
    if element.get("image_url") is None and element.get("slack_file") is None:
        problems.add("missing required field: image_url", at)


def _confirm(problems: Problems, confirm: Mapping[str, Json], at: str) -> None:
    problems.text(confirm.get("title"), f"{at}/title", 100, plain=True)
    problems.text(confirm.get("text"), f"{at}/text", 300)
    problems.text(confirm.get("confirm"), f"{at}/confirm", 30, plain=True)
    problems.text(confirm.get("deny"), f"{at}/deny", 30, plain=True)


def _menu(problems: Problems, element: Mapping[str, Json], at: str) -> None:
    groups = arr(element.get("option_groups"))
    if not groups:
        _options(problems, element, at, MAX_OPTIONS)
        return
    problems.count(groups, f"{at}/option_groups", MAX_OPTIONS)
    for index, group in enumerate(groups):
        check_group(problems, obj(group), f"{at}/option_groups/{index}")


def check_group(problems: Problems, group: Mapping[str, Json], at: str) -> None:
    """A labelled group of options."""
    problems.text(group.get("label"), f"{at}/label", 75, plain=True)
    _options(problems, group, at, MAX_OPTIONS)


def _options(problems: Problems, source: Mapping[str, Json], at: str, most: int) -> None:
    options = arr(source.get("options"))
    problems.count(options, f"{at}/options", most)
    values = [obj(option).get("value") for option in options]
    if len(set(map(str, values))) != len(values):
        problems.add("duplicate option values", f"{at}/options")
    for index, option in enumerate(options):
        check_option(problems, option, f"{at}/options/{index}")
    initial = source.get("initial_option")
    if initial is not None and obj(initial).get("value") not in values:
        problems.add("must match exactly one option", f"{at}/initial_option")


def check_option(problems: Problems, option: Json, at: str) -> None:
    """One entry of a menu."""
    problems.text(obj(option).get("text"), f"{at}/text", 75)
    problems.length(obj(option).get("value"), f"{at}/value", 150, least=1)
    if obj(option).get("description") is not None:
        problems.text(obj(option)["description"], f"{at}/description", 75, plain=True)
