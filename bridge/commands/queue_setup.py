"""The verbs of `/queues` for admins: queues, their members, rooms and rules."""

import re

from bridge.commands.command import Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import (
    bare,
    first_word,
    is_person,
    the_agent,
    the_queue,
)
from bridge.commands.queue_rules import MAX_TITLE, RULES, changed, rule_named, said
from bridge.commands.request import Request
from bridge.domain.agent import Agent
from bridge.domain.ids import QueueId, RoomRef
from bridge.domain.moves import (
    BindRoom,
    ChangeAgent,
    CreateQueue,
    SetMember,
    UnbindRoom,
    done,
)
from bridge.domain.queue import MONITOR_ROOM, Queue

VERBS = {
    "create": ("criar",),
    "add": ("adicionar", "incluir"),
    "remove": ("remover", "tirar"),
    "capacity": ("capacidade",),
    "bind": ("vincular",),
    "unbind": ("desvincular",),
    "set": ("definir",),
}
MAX_CAPACITY = 100
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_ROOM = re.compile(r"<?#([^\s<>|]{1,120})(?:\|[^<>]*)?>?")


def create(text: str, request: Request, desk: DeskView) -> Wanted:
    """`create vendas Vendas e orçamentos`: the first word is the name in commands."""
    word, rest = first_word(text)
    name = bare(word)
    taken = {verb for key, spoken in VERBS.items() for verb in (key, *spoken)}
    if not _NAME.fullmatch(name) or name in taken | {"all", "todas", "me", MONITOR_ROOM}:
        refuse("bad_name", name=word)
    title = rest or word
    if len(title) > MAX_TITLE:
        refuse("too_long", limit=str(MAX_TITLE))
    return CreateQueue(name=name, title=title)


def add(text: str, request: Request, desk: DeskView) -> Wanted:
    """`add vendas @ana [level [position]]`, queue and agent in either order."""
    queue, agent, rest = _queue_and_agent(text, request, desk)
    level, _, position = rest.partition(" ")
    if not all(_small_number(word) for word in (level, position) if word):
        refuse("unexpected_words", words=rest, example=f"/queues add {queue.name} @{agent.handle}")
    return SetMember(
        queue=queue.id,
        agent=agent.id,
        level=int(level or 0),
        position=int(position) if position else None,
    )


def remove(text: str, request: Request, desk: DeskView) -> Wanted:
    """`remove vendas @ana`, in either order."""
    queue, agent, rest = _queue_and_agent(text, request, desk)
    if rest:
        refuse(
            "unexpected_words", words=rest, example=f"/queues remove {queue.name} @{agent.handle}"
        )
    return SetMember(queue=queue.id, agent=agent.id, level=None)


def _queue_and_agent(text: str, request: Request, desk: DeskView) -> tuple[Queue, Agent, str]:
    word, rest = first_word(text)
    if not rest:
        refuse("queue_and_agent")
    if is_person(word):
        agent = the_agent(word, request, desk)
        queue, rest = the_queue(rest, desk)
        return queue, agent, rest
    queue, rest = the_queue(text, desk)
    word, rest = first_word(rest)
    if not word:
        refuse("queue_and_agent")
    return queue, the_agent(word, request, desk), rest


def capacity(text: str, request: Request, desk: DeskView) -> Wanted:
    """`capacity @ana 5`: how many conversations at once."""
    word, rest = first_word(text)
    if not word:
        refuse("bad_capacity", limit=str(MAX_CAPACITY))
    agent = the_agent(word, request, desk)
    if not _small_number(rest) or int(rest) > MAX_CAPACITY:
        refuse("bad_capacity", limit=str(MAX_CAPACITY))
    return ChangeAgent(agent=agent.id, capacity=int(rest))


def bind(text: str, request: Request, desk: DeskView) -> Wanted:
    """`bind vendas [#room]`; without a room, the one it is typed in. `monitor` is no queue."""
    word, rest = first_word(text)
    if not word:
        refuse("which_queue_to_bind")
    if bare(word) in (MONITOR_ROOM, "monitoramento"):
        return _bound(None, "Monitor", rest, request)
    queue, rest = the_queue(text, desk)
    return _bound(queue.id, queue.title, rest, request)


def _bound(queue: QueueId | None, title: str, named: str, request: Request) -> Wanted:
    if request.workspace is None:
        refuse("not_in_workspace")
    return BindRoom(
        workspace=request.workspace, room=_room(named, request), title=title, queue=queue
    )


def unbind(text: str, request: Request, desk: DeskView) -> Wanted:
    """`unbind [#room]`; without a room, the one it is typed in."""
    if request.workspace is None:
        refuse("not_in_workspace")
    return UnbindRoom(workspace=request.workspace, room=_room(text, request))


def _room(named: str, request: Request) -> RoomRef:
    """A named room, else the one that the command was typed in."""
    word, rest = first_word(request.arguments.get("room", "") or named)
    if rest:
        refuse("unexpected_words", words=rest, example="/queues bind sales #sales")
    if not word:
        return request.room if request.room is not None else refuse("which_room")
    found = _ROOM.fullmatch(word)
    return RoomRef(found.group(1) if found else word)


def _small_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 3


# --- the rules of a queue -------------------------------------------------------------------


def change(text: str, request: Request, desk: DeskView) -> Wanted:
    """`set vendas strategy manual`: one rule at a time; without a rule, all are shown."""
    if not text:
        refuse("which_rule", rules=", ".join(RULES))
    queue, rest = the_queue(text, desk)
    word, value = first_word(rest)
    if not word:
        shown = "\n".join(f"{name} {words}" for name, words in said(queue, desk))
        return done("queue_rules", queue=queue.title, rules=shown)
    name = rule_named(word)
    if not value:
        refuse("rule_without_value", rule=name, value=dict(said(queue, desk))[name])
    return changed(queue, name, value, desk)
