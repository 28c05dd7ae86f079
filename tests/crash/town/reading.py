"""What the ledgers of the platforms say was shown, and to whom: for `tests.crash.verdict`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from tests.crash.town.agents import OnThePage, texts
from tests.crash.verdict import Shown, Told

_LINE = re.compile(r"\b(r-)?(c\d{2,4})-\d{4}\b")
_CODE = re.compile(r"\bc\d{2,4}\b")
_TROUBLE = {"grey_question", "x", "no_entry_sign", "❔", "❌", "🚫"}
"""How the workspaces mark a line that is unknown, failed, or was not let through."""

Entries = Sequence[JsonObject]
Places = Mapping[str, str]
"""Codes of customers by what a platform calls them, or their threads."""


def thread_of(code: str) -> str:
    """Where a customer's lines belong."""
    return f"thread of {code}"


def chat_of(code: str) -> str:
    """Where the replies to him belong."""
    return f"chat of {code}"


def lines_in(said: Json, *, replies: bool) -> Iterator[str]:
    """The numbered lines in whatever a platform was sent: customers', or replies to them."""
    for text in texts(said):
        for found in _LINE.finditer(text):
            if bool(found.group(1)) is replies:
                yield found.group(0)


def room_of(workspace: str, code: str) -> str:
    """Where the thread for him belongs."""
    return f"{workspace}, for {code}"


def opening_of(code: str) -> str:
    """What stands for the opening of his thread: it must be there once, as a line."""
    return f"the thread for {code}"


def in_slack(ledger: Entries) -> tuple[list[Shown], list[Told]]:
    """Lines in threads, threads that were opened, and marks on replies."""
    threads: dict[str, str] = {}
    replies: dict[str, str] = {}
    shown: list[Shown] = []
    told: list[Told] = []
    for entry in ledger:
        args, result = obj(entry.get("args")), obj(entry.get("result"))
        at = _at(entry)
        if entry["what"] == "chat.postMessage" and not args.get("thread_ts"):
            code = _first_code(args)
            threads[txt(result.get("ts"))] = code
            shown.append(Shown(line=opening_of(code), where=room_of("slack", code), at=at))
        elif entry["what"] == "chat.postMessage":
            place = thread_of(threads.get(txt(args.get("thread_ts")), "nobody"))
            text = args.get("blocks") or args.get("text")
            shown += [
                Shown(line=line, where=place, at=at) for line in lines_in(text, replies=False)
            ]
        elif entry["what"] == "person.says":
            replies[txt(entry.get("ts"))] = txt(entry.get("text"))
        elif entry["what"] == "reactions.add" and args.get("name") in _TROUBLE:
            told.append(Told(line=replies[txt(args.get("timestamp"))], at=at))
    return shown, told


def in_discord(ledger: Entries) -> tuple[list[Shown], list[Told]]:
    """The same of Discord."""
    threads: dict[str, str] = {}
    replies: dict[str, str] = {}
    shown: list[Shown] = []
    told: list[Told] = []
    for entry in ledger:
        path, body, result = (obj(entry.get(name)) for name in ("path", "body", "result"))
        what, at = txt(entry["what"]), _at(entry)
        channel = txt(path.get("channel_id"))
        if what == "POST /channels/{channel_id}/threads":
            code = _first_code(body.get("name"))
            threads[txt(result.get("id"))] = code
            shown.append(Shown(line=opening_of(code), where=room_of("discord", code), at=at))
        elif what == "POST /channels/{channel_id}/messages" and not result.get("repeated"):
            place = thread_of(threads.get(channel, "nobody"))
            shown += [
                Shown(line=line, where=place, at=at) for line in lines_in(body, replies=False)
            ]
        elif what == "person.says":
            replies[txt(entry.get("id"))] = txt(entry.get("text"))
        elif what.startswith("PUT ") and txt(path.get("emoji")) in _TROUBLE:
            mark = Told(line=replies[txt(path.get("message_id"))], at=at)
            if all(each.line != mark.line for each in told):  # the same again is one
                told.append(mark)
    return shown, told


def on_pages(code: str, lines: Iterable[OnThePage]) -> tuple[list[Shown], list[Told]]:
    """The same of one thread of the local workspace, as its agent sees it."""
    shown: list[Shown] = []
    told: list[Told] = []
    for line in lines:
        if line.mine and line.troubled:
            told += [Told(line=one, at=line.at) for one in lines_in(line.text, replies=True)]
        elif not line.mine:
            shown += [
                Shown(line=one, where=thread_of(code), at=line.at)
                for one in lines_in(line.text, replies=False)
            ]
    return shown, told


def on_whatsapp(ledger: Entries, people: Places) -> list[Shown]:
    """Replies that Graph took, by whom they were for."""
    return [
        Shown(line=line, where=chat_of(people.get(txt(entry["to"]), "nobody")), at=_at(entry))
        for entry in ledger
        if entry["what"] == "messages"
        for line in lines_in(entry["call"], replies=True)
    ]


def on_telegram(ledger: Entries, people: Places) -> list[Shown]:
    """Replies that Telegram took."""
    return [
        Shown(line=line, where=chat_of(people.get(str(entry["chat"]), "nobody")), at=_at(entry))
        for entry in ledger
        if entry["what"] == "sendMessage"
        for line in lines_in(entry["call"], replies=True)
    ]


def on_a_platform(ledger: Entries) -> list[Shown]:
    """Replies that a connected platform took."""
    return [
        Shown(line=line, where=chat_of(_customer(entry["data"])), at=_at(entry))
        for entry in ledger
        if entry["what"] == "message.created"
        for line in lines_in(entry["data"], replies=True)
    ]


def _customer(data: Json) -> str:
    return txt(obj(obj(data).get("customer")).get("id"))


def _first_code(said: Json) -> str:
    codes = (found.group(0) for text in texts(said) for found in _CODE.finditer(text))
    return next(codes, "nobody")


def _at(entry: JsonObject) -> float:
    at = entry["at"]
    return float(at) if isinstance(at, int | float) else 0.0
