"""What a message says and what hangs under it, checked as Telegram checks it."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.entities import checked, units, with_found
from bridge.simulators.telegram.errors import BrokenRules, TelegramRefused
from bridge.simulators.telegram.records import Chat

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_DATA = 64
MAX_BUTTONS = 100
_ACTIONS = frozenset(
    {
        "url", "callback_data", "web_app", "login_url", "switch_inline_query",
        "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text",
        "callback_game", "pay",
    }
)  # fmt: skip


def text_said(said: Mapping[str, Json]) -> JsonObject:
    """`text` and `entities` of a message. Raises `TelegramRefused`."""
    text = txt(said.get("text"))
    if not text.strip():
        raise TelegramRefused(400, "message text is empty")
    if units(text) > MAX_TEXT:
        raise TelegramRefused(400, "message is too long")
    return _formatted("text", "entities", text, said)


def caption_said(said: Mapping[str, Json]) -> JsonObject:
    """`caption` and `caption_entities` of a file; nothing where it has none."""
    text = txt(said.get("caption"))
    if units(text) > MAX_CAPTION:
        raise TelegramRefused(400, "message caption is too long")
    return _formatted("caption", "caption_entities", text, said) if text else {}


def _formatted(name: str, spans: str, text: str, said: Mapping[str, Json]) -> JsonObject:
    if said.get("parse_mode"):
        raise BrokenRules("parse_mode is not simulated: entities say the same without escapes")
    entities = with_found(text, checked(text, arr(said.get(spans))))
    return {name: text, spans: entities} if entities else {name: text}


def markup_said(call: Call) -> JsonObject:
    """`reply_markup` as a message shows it: only an inline keyboard is."""
    markup = call.obj("reply_markup")
    if "inline_keyboard" not in markup:
        return {}
    rows = [[obj(one) for one in arr(row)] for row in arr(markup["inline_keyboard"])]
    buttons = [one for row in rows for one in row]
    for one in buttons:
        _check_button(one)
    if len(buttons) > MAX_BUTTONS:
        raise TelegramRefused(400, "REPLY_MARKUP_TOO_LONG")
    return {"reply_markup": {"inline_keyboard": rows}} if buttons else {}


def _check_button(button: Mapping[str, Json]) -> None:
    if not txt(button.get("text")).strip():
        raise TelegramRefused(400, "can't parse inline keyboard button: Text is empty")
    if len(_ACTIONS & set(button)) != 1:
        details = "Text buttons are unallowed in the inline keyboard"
        raise TelegramRefused(400, f"can't parse inline keyboard button: {details}")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(txt(data).encode()) <= MAX_DATA:
        raise TelegramRefused(400, "BUTTON_DATA_INVALID")


def reply_said(desk: Desk, call: Call, chat: Chat) -> tuple[int, JsonObject]:
    """What a message answers, and the part that it quotes. Raises `TelegramRefused`."""
    about = call.obj("reply_parameters")
    if not about:
        return 0, {}
    if about.get("quote_parse_mode"):
        raise BrokenRules("quote_parse_mode is not simulated")
    if about.get("chat_id") not in (None, chat.id):
        raise BrokenRules("an answer to another chat is not simulated")
    id_ = about.get("message_id")
    found = desk.world.found(chat, id_ if isinstance(id_, int) else 0)
    if found is None:
        if about.get("allow_sending_without_reply") is True:
            return 0, {}
        raise TelegramRefused(400, "message to be replied not found")
    return found.id, _quote(found.text, about)


def _quote(text: str, about: Mapping[str, Json]) -> JsonObject:
    """ "The quote must be an exact substring of the message to be replied to"."""
    quote = txt(about.get("quote"))
    if not quote:
        return {}
    if units(quote) > MAX_CAPTION or quote not in text:
        raise TelegramRefused(400, "QUOTE_TEXT_INVALID")
    said: JsonObject = {"text": quote, "position": units(text[: text.index(quote)])}
    entities = checked(quote, arr(about.get("quote_entities")))
    return {"quote": {**said, "is_manual": True, **({"entities": entities} if entities else {})}}
