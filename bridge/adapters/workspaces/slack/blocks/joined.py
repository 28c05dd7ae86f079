"""Several lines of one speaker as one message, each in blocks of its own; pure.

The message in Slack is the only record of its parts: to change one of them, its blocks are read,
and all the others go back as they were.
"""

from collections.abc import Sequence

from bridge.adapters.workspaces.slack.blocks.outbound import NEVER_PARSED, Line, beginning, escaped
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.text.richtext import rich_text, words, words_in

_NAME = "name"


def joined_message(lines: Sequence[Line]) -> Json:
    """The arguments of `chat.postMessage` that show these lines, all of one speaker."""
    first = lines[0]
    blocks: list[Json] = []
    if first.name and not first.customised:
        [named] = rich_text((), [words(first.name, bold=True)])
        blocks.append({**named, "block_id": _NAME})
    for part, line in enumerate(lines):
        blocks += _part(part, line)
    return shown_again(blocks, first)


def shown_again(blocks: Sequence[Json], line: Line) -> Json:
    """The arguments that show these blocks in the name of this line's speaker."""
    shown: Json = {"blocks": list(blocks), "text": escaped(words_in(blocks)) or " "}
    dressed = {"username": line.name} if line.name and line.customised else {}
    return shown | NEVER_PARSED | dressed


def with_part(blocks: Sequence[Json], part: int, line: Line) -> list[Json] | None:
    """The blocks with another text for one part; None when that part was taken away."""
    places = [place for place, block in enumerate(blocks) if _is_of(block, part)]
    if not places:
        return None
    rest = without_part(blocks, part)
    return [*rest[: places[0]], *_part(part, line), *rest[places[0] :]]


def without_part(blocks: Sequence[Json], part: int) -> list[Json]:
    """The blocks without one part."""
    return [block for block in blocks if not _is_of(block, part)]


def is_empty(blocks: Sequence[Json]) -> bool:
    """Whether no part is left."""
    return all(block.get("block_id") == _NAME for block in blocks)


def _part(part: int, line: Line) -> list[Json]:
    blocks = rich_text(line.text, beginning(line)) or rich_text((), [words(" ")])
    return [{**block, "block_id": f"line-{part}-{n}"} for n, block in enumerate(blocks)]


def _is_of(block: Json, part: int) -> bool:
    return str(block.get("block_id", "")).startswith(f"line-{part}-")
