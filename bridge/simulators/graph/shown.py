"""What stands on a customer's screen: every line with all that belongs to it."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.graph.person import choices_of, words_of
from bridge.simulators.graph.records import Sent
from bridge.simulators.graph.world import World

_FILES = frozenset({"image", "video", "audio", "document", "sticker"})
_NO_LINES = frozenset({"reaction", "edit", "revoke", "system"})
"""They change another line, or are nobody's."""


def screen(world: World, number: str, customer: str) -> list[Json]:
    """Every line between the two, oldest first; what failed never reached the screen."""
    thread = world.thread(number, customer)
    reactions = _reactions(thread)
    return [
        {**line(world, sent), "reactions": reactions.get(sent.id, {})}
        for sent in thread
        if sent.type not in _NO_LINES and (sent.direction == "in" or sent.status != "failed")
    ]


def line(world: World, sent: Sent) -> JsonObject:
    """One line. `status` of the customer's own is `sent`, `delivered` (stored) or `read`."""
    said: JsonObject = {
        "id": sent.id,
        "from": sent.direction,
        "type": sent.type,
        "text": words_of(sent),
        "at": sent.at,
        "status": _own(world, sent) if sent.direction == "in" else sent.status,
        "choices": [label for _, label, _ in choices_of(sent)],
    }
    if sent.revoked:
        return {**said, "gone": True, "choices": []}
    if sent.edited:
        said["edited"] = True
    quoted = world.messages.get(sent.quoted)
    if quoted is not None:
        said["quoted"] = {"id": quoted.id, "from": quoted.direction, "text": _excerpt(quoted)}
    return {**said, **_more(world, sent)}


def _own(world: World, sent: Sent) -> str:
    if sent.id in world.seen:
        return "read"
    return "delivered" if sent.id in world.taken else "sent"


def _reactions(thread: list[Sent]) -> dict[str, JsonObject]:
    """The last emoji of either side on each message."""
    shown: dict[str, JsonObject] = {}
    for sent in thread:
        if sent.type == "reaction":
            about = _body(sent)
            emoji = shown.setdefault(txt(about.get("message_id")), {})
            emoji[sent.direction] = txt(about.get("emoji"))
    return {
        message: {side: emoji for side, emoji in sides.items() if emoji}
        for message, sides in shown.items()
    }


def _body(sent: Sent) -> Mapping[str, Json]:
    """What was said: a webhook names it by its type, a call stands for itself."""
    return sent.body if sent.direction == "out" else obj(sent.body.get(sent.type))


def _excerpt(sent: Sent) -> str:
    return words_of(sent)[:200] or sent.type


def _more(world: World, sent: Sent) -> JsonObject:
    about = _body(sent)
    if sent.type in _FILES:
        return {"file": _file(world, about)}
    if sent.type == "location":
        return {"place": dict(about)}
    if sent.type == "contacts":
        return {"cards": arr(sent.body.get("contacts"))}
    if sent.type == "template":
        return {"parts": about.get("parts"), "links": about.get("links")}
    action = obj(about.get("action"))
    if sent.type == "interactive" and action.get("sections"):
        rows = [row for each in arr(action.get("sections")) for row in arr(obj(each).get("rows"))]
        return {"list": {"label": txt(action.get("button")), "rows": rows}}
    return {}


def _file(world: World, about: Mapping[str, Json]) -> JsonObject:
    """What is known of a file; one that only has an address is not shown."""
    media = world.media.get(txt(about.get("id")))
    if media is None:
        return {"id": "", "mime": "", "name": txt(about.get("link")), "size": 0}
    name = txt(about.get("filename")) or media.name
    return {
        "id": media.id,
        "mime": media.mime,
        "name": name,
        "size": len(media.body),
        "voice": about.get("voice") is True,
    }
