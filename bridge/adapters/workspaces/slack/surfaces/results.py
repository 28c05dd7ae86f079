"""An answer as the modal that it was asked in shows it; pure."""

from collections.abc import Sequence

from bridge.adapters.common import labels
from bridge.adapters.workspaces.slack.blocks.outbound import private_answer
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.surfaces import kit
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet
from bridge.domain.delivery import OfferedCommand
from bridge.domain.text import to_plain
from bridge.locales import say
from bridge.ports.commands import Answer

_MAX_ERROR = 500

_BLAMED = {
    "transfer": ("target",),
    "priority": ("level",),
    "ticket": ("description", "ticket"),
    "template": ("template",),
    "return-to-bot": ("summary",),
    "note": ("text",),
    "available": ("reason",),
    "conversations": ("text",),
}
_ABOUT = {
    "unknown_conversation": "conversation",
    "not_in_thread": "conversation",
    "bad_number": "address",
    "which_channel": "address",
    "no_phone_channel": "address",
    "channel_unsupported": "address",
    "which_ticket": "ticket",
    "unknown_ticket": "ticket",
    "no_open_ticket": "ticket",
    "bad_type": "type",
    "bad_status": "status",
}


def result(answer: Answer, sheet: Sheet, language: str) -> Json:
    """The answer, and the ways on as buttons."""
    shown = private_answer(answer.text, answer.offers, spoken(answer.offers), sheet.number)
    return kit.modal(labels.title(sheet.command, language), shown["blocks"], sheet, language)


def spoken(offers: Sequence[OfferedCommand]) -> list[str]:
    """What the buttons say: the desk has put it in words."""
    return [offer.label for offer in offers]


def sorry(key: str, sheet: Sheet, language: str) -> Json:
    """A sentence of ours instead of what was asked for."""
    said = kit.text(say(language, f"slack.sorry.{key}"))
    return kit.modal(labels.title(sheet.command, language), [said], sheet, language)


def loading(sheet: Sheet, language: str) -> Json:
    """What is seen while the desk is asked."""
    said = kit.text(say(language, "workspace.form.loading"))
    return kit.modal(labels.title(sheet.command, language), [said], sheet, language)


def errors(answer: Answer, sheet: Sheet, view: Json) -> Json | None:
    """The refusal under the field that is to blame; None where there is no field."""
    fields = [block["block_id"] for block in view["blocks"] if block.get("type") == "input"]
    blamed = [
        *filter(None, (_ABOUT.get(answer.code),)),
        *(name for name in fields if answer.code == "missing_params" and name.startswith("value.")),
        *_BLAMED.get(sheet.command, ()),
        *fields,
    ]
    found = next((name for name in blamed if name in fields), None)
    if found is None:
        return None
    said = to_plain(answer.text)[:_MAX_ERROR] or "?"
    return {"response_action": "errors", "errors": {found: said}}
