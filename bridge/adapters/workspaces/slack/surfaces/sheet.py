"""What a modal remembers from being opened to being sent, and what was filled in; pure."""

import msgspec

from bridge.adapters.workspaces.slack.receiving.payloads import Payload, SlackFile, file_of
from bridge.adapters.workspaces.slack.text.richtext import clean
from bridge.domain.value import Value

MAX_METADATA = 3_000

_CHOSEN = (
    "value",
    "selected_user",
    "selected_conversation",
    "selected_channel",
    "selected_date",
)


class Sheet(Value, omit_defaults=True):
    """The command that a modal is for, about which conversation, and where its answer goes.

    `text` is what was typed behind a slash command; `arguments` are given already.
    """

    command: str = ""
    number: int | None = None
    channel: str = ""
    root: str = ""
    in_thread: bool = False
    text: str = ""
    arguments: dict[str, str] = {}


_decoder = msgspec.json.Decoder(Sheet)


def write_sheet(sheet: Sheet) -> str:
    """The sheet as a view's `private_metadata`; what has no room is asked for again."""
    written = msgspec.json.encode(sheet).decode()
    if len(written) <= MAX_METADATA:
        return written
    return msgspec.json.encode(msgspec.structs.replace(sheet, text="", arguments={})).decode()


def read_sheet(metadata: str) -> Sheet:
    """The sheet of a view; an empty one for a view that has none."""
    try:
        return _decoder.decode(metadata or "{}")
    except msgspec.DecodeError:
        return Sheet()


def filled(view: Payload) -> dict[str, str]:
    """What stands in the fields of a view, by block id; nothing in the empty ones."""
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, dict) else None
    found = {}
    for block, actions in (blocks or {}).items():
        for held in actions.values():
            found[str(block)] = _value(held)
    return found


def shared(view: Payload) -> dict[str, tuple[SlackFile, ...]]:
    """The files that stand in the fields of a view, by block id."""
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, dict) else None
    found = {}
    for block, actions in (blocks or {}).items():
        given = [each for held in actions.values() for each in held.get("files") or ()]
        files = tuple(file for each in given if (file := file_of(each)) is not None)
        if files:
            found[str(block)] = files
    return found


def changed(action: Payload) -> dict[str, str]:
    """What somebody has just chosen or typed in one field."""
    return {str(action.get("block_id", "")): _value(action)}


def _value(held: Payload) -> str:
    option = held.get("selected_option")
    if isinstance(option, dict):
        return clean(str(option.get("value") or ""))
    return clean(next((str(held[name]) for name in _CHOSEN if held.get(name)), "")).strip()
