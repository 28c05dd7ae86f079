"""Blocks: what Slack accepts in a message, a modal and a home tab."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from bridge.simulators.common.wire import Json, JsonObject, arr, dump, obj, txt
from bridge.simulators.slack.kit.elements import (
    ACCESSORIES,
    ACTIONS,
    INPUTS,
    check_element,
)
from bridge.simulators.slack.kit.problems import Problems

Surface = Literal["message", "modal", "home"]

MOST: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MAX_MARKDOWN = 12_000

_Check = Callable[[Problems, Mapping[str, Json], str], None]


def check_blocks(blocks: Sequence[Json], surface: Surface, at: str = "/blocks") -> list[str]:
    """Everything that Slack would refuse, in its own words. Empty when they are fine."""
    problems = Problems()
    problems.count(blocks, at, MOST[surface], least=0)
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        _block(problems, obj(block), f"{at}/{index}", surface, seen)
    markdown = sum(
        len(txt(obj(block).get("text"))) for block in blocks if obj(block).get("type") == "markdown"
    )
    if markdown > MAX_MARKDOWN:
        problems.add(f"markdown must be less than {MAX_MARKDOWN + 1} characters", at)
    return problems.found


def _block(
    problems: Problems, block: Mapping[str, Json], at: str, surface: Surface, seen: set[str]
) -> None:
    kind = txt(block.get("type"))
    check = _CHECKS.get(kind)
    wrong_place = kind in ("markdown", "file") and surface != "message"
    if check is None or wrong_place:
        problems.add(f"unsupported type: {kind or None}", f"{at}/type")
        return
    problems.optional(block, "block_id", at, 255)
    block_id = txt(block.get("block_id"))
    if block_id and block_id in seen:
        problems.add(f"block_id already exists: {block_id}", f"{at}/block_id")
    seen.add(block_id)
    check(problems, block, at)


def _section(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    fields = arr(block.get("fields"))
    if not fields or block.get("text") is not None:
        problems.text(block.get("text"), f"{at}/text", 3_000)
    if "fields" in block:
        problems.count(fields, f"{at}/fields", 10)
    for index, field in enumerate(fields):
        problems.text(field, f"{at}/fields/{index}", 2_000)
    if block.get("accessory") is not None:
        check_element(problems, obj(block["accessory"]), f"{at}/accessory", ACCESSORIES)


def _header(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    problems.text(block.get("text"), f"{at}/text", 150, plain=True)


def _context(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    elements = arr(block.get("elements"))
    problems.count(elements, f"{at}/elements", 10)
    for index, element in enumerate(elements):
        here = f"{at}/elements/{index}"
        if obj(element).get("type") == "image":
            check_element(problems, obj(element), here, ACCESSORIES)
        else:
            problems.text(element, here, 3_000)


def _actions(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    elements = [obj(element) for element in arr(block.get("elements"))]
    problems.count(elements, f"{at}/elements", 25)
    seen: set[str] = set()
    for index, element in enumerate(elements):
        check_element(problems, element, f"{at}/elements/{index}", ACTIONS)
        action_id = txt(element.get("action_id"))
        if action_id and action_id in seen:
            problems.add(f'`action_id` "{action_id}" already exists', f"{at}/elements/{index}")
        seen.add(action_id)


def _input(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    problems.text(block.get("label"), f"{at}/label", 2_000, plain=True)
    problems.text(block.get("hint"), f"{at}/hint", 2_000, plain=True, required=False)
    check_element(problems, obj(block.get("element")), f"{at}/element", INPUTS)


def _image(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    problems.length(block.get("alt_text"), f"{at}/alt_text", 2_000, least=1)
    problems.text(block.get("title"), f"{at}/title", 2_000, plain=True, required=False)
    if block.get("image_url") is None and block.get("slack_file") is None:
        problems.add("missing required field: image_url", at)


def _markdown(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    problems.length(block.get("text"), f"{at}/text", MAX_MARKDOWN, least=1)


_RICH = frozenset(
    {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
)
_RICH_LEAVES = frozenset(
    {"text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "date", "color"}
)


def _rich_text(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    elements = arr(block.get("elements"))
    problems.count(elements, f"{at}/elements", 1_000)
    for index, element in enumerate(elements):
        here, part = f"{at}/elements/{index}", obj(element)
        if part.get("type") not in _RICH:
            problems.add(f"unsupported type: {part.get('type')}", f"{here}/type")
        elif part["type"] == "rich_text_list":
            for place, item in enumerate(arr(part.get("elements"))):
                _leaves(problems, obj(item), f"{here}/elements/{place}")
        else:
            _leaves(problems, part, here)


def _leaves(problems: Problems, section: Mapping[str, Json], at: str) -> None:
    for index, leaf in enumerate(arr(section.get("elements"))):
        one, here = obj(leaf), f"{at}/elements/{index}"
        if one.get("type") not in _RICH_LEAVES:
            problems.add(f"unsupported type: {one.get('type')}", f"{here}/type")
        elif one["type"] == "text":
            problems.length(one.get("text"), f"{here}/text", 40_000, least=1)
        elif one["type"] == "link":
            problems.length(one.get("url"), f"{here}/url", 3_000, least=1)


def _nothing(problems: Problems, block: Mapping[str, Json], at: str) -> None:
    """A divider has nothing to check."""


_CHECKS: Mapping[str, _Check] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "divider": _nothing,
}


def with_ids(blocks: Sequence[Json], mint: Callable[[], str]) -> tuple[JsonObject, ...]:
    """The blocks as Slack gives them back: every block and element has an id."""
    return tuple(_with_id(obj(block), mint) for block in blocks)


def _with_id(block: Mapping[str, Json], mint: Callable[[], str]) -> JsonObject:
    done: JsonObject = {**block, "block_id": block.get("block_id") or mint()}
    for name in ("accessory", "element"):
        if name in block:
            done[name] = _acting(obj(block[name]), mint)
    if block.get("type") == "actions":
        done["elements"] = [_acting(obj(one), mint) for one in arr(block.get("elements"))]
    return done


def _acting(element: Mapping[str, Json], mint: Callable[[], str]) -> JsonObject:
    if element.get("type") == "image" or element.get("action_id"):
        return dict(element)
    return {**element, "action_id": mint()}


def characters(blocks: Sequence[Json]) -> int:
    """How long Slack finds the blocks of a message, all together."""
    return len(dump(list(blocks))) if blocks else 0
