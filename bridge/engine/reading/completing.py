"""Choices for an argument while it is typed, from memory."""

from collections.abc import Iterable, Iterator

from bridge.commands.permission import queues_of
from bridge.domain.conversation import Conversation, Priority, State
from bridge.domain.events import Actor
from bridge.domain.ids import Instant, Language
from bridge.domain.template import Template
from bridge.engine.lines.window import bars
from bridge.engine.state.desk import Desk
from bridge.locales import say
from bridge.ports.commands import ArgumentKind
from bridge.ports.queries import Choices, Complete, Option

_MOST = 25


def complete(
    desk: Desk, query: Complete, actor: Actor, language: Language, now: Instant
) -> Choices:
    """What matches the beginning of a word, at most 25 of it."""
    conversation = None if query.number is None else desk.conversation_by_number(query.number)
    match query.kind:
        case ArgumentKind.AGENT:
            return _choices(query, _agents(desk, language))
        case ArgumentKind.QUEUE:
            return _choices(query, _queues(desk, language))
        case ArgumentKind.TARGET:
            return _choices(query, _targets(desk, conversation, actor, language))
        case ArgumentKind.CONVERSATION:
            return _choices(query, _conversations(desk, actor))
        case ArgumentKind.CHOICE:
            return _choices(query, _priorities(language))
        case ArgumentKind.TEMPLATE:
            return _templates(desk, query, conversation, now)
        case ArgumentKind.TICKET:
            return _tickets(desk, query, conversation)
        case _:
            return Choices(options=())


def _choices(query: Complete, options: Iterable[Option]) -> Choices:
    prefix = query.prefix.strip().lower().lstrip("@#")
    found = [
        option
        for option in options
        if option.value.lower().lstrip("@#").startswith(prefix) or prefix in option.label.lower()
    ]
    return Choices(options=tuple(found[:_MOST]))


def _agents(desk: Desk, language: Language) -> Iterator[Option]:
    for agent in sorted(desk.agents, key=lambda a: (not a.available, a.name.lower())):
        if agent.active:
            word = "available" if agent.available else "unavailable"
            load = f"{desk.load(agent.id)}/{agent.capacity}"
            hint = f"{say(language, f'presence.{word}')} · {load}"
            yield Option(value=f"@{agent.handle}", label=agent.name, hint=hint)


def _queues(desk: Desk, language: Language) -> Iterator[Option]:
    for queue in sorted(desk.queues, key=lambda q: q.title.lower()):
        if queue.active:
            hint = say(language, "presence.queue", count=desk.waiting_in(queue.id))
            yield Option(value=queue.name, label=queue.title, hint=hint)


def _targets(
    desk: Desk, conversation: Conversation | None, actor: Actor, language: Language
) -> Iterator[Option]:
    """Who may get a conversation: neither who has it nor who asks, nor the queue it is in."""
    here = set()
    for person in (actor.agent, None if conversation is None else conversation.agent):
        found = None if person is None else desk.agent(person)
        here |= set() if found is None else {f"@{found.handle}"}
    if conversation is not None and conversation.queue is not None:
        queue = desk.queue(conversation.queue)
        here |= set() if queue is None else {queue.name}
    for option in (*_agents(desk, language), *_queues(desk, language)):
        if option.value not in here:
            yield option


def _conversations(desk: Desk, actor: Actor) -> Iterator[Option]:
    """What the actor may name without being told of others: what is his, and waits for him."""
    for conversation in desk.conversations:
        if conversation.open and _near(desk, conversation, actor):
            identity = desk.identity(conversation.identity)
            name = "" if identity is None else identity.name
            yield Option(value=f"#{conversation.number}", label=name)


def _near(desk: Desk, conversation: Conversation, actor: Actor) -> bool:
    if actor.is_admin or conversation.agent == actor.agent:
        return True
    if actor.agent is None or conversation.state not in (State.WAITING, State.PARKED):
        return False
    return bool(desk.memberships(actor.agent).intersection(queues_of(conversation)))


def _priorities(language: Language) -> Iterator[Option]:
    for priority in Priority:
        yield Option(value=priority.word, label=say(language, f"priority.{priority.word}"))


def _hint(template: Template) -> str:
    """Its language; and what the platform bills it as, where it is the platform's."""
    if template.channel is None:
        return template.language
    return f"{template.language} · {template.category}"


def _templates(
    desk: Desk, query: Complete, conversation: Conversation | None, now: Instant
) -> Choices:
    """Those that may be sent now, in the nearest language first, its other ones behind each."""
    prefix = query.prefix.strip().lower()
    usable = [
        template
        for template in desk.templates()
        if template.approved
        and f"{template.name}:{template.language}".lower().startswith(prefix)
        and (conversation is None or _may_cross(desk, conversation, template, now))
    ]
    shown = _by_name(usable, "" if conversation is None else conversation.language)[:_MOST]
    words: dict[str, Template] = {}
    for template in shown:
        word = f"{template.name}:{template.language}" if template.name in words else template.name
        words.setdefault(word, template)
    options = tuple(
        Option(value=word, label=template.body, hint=_hint(template))
        for word, template in words.items()
    )
    places = (channel.capabilities for channel in desk.places.channels.values())
    phones = any(place.starts_conversations and place.phones for place in places)
    return Choices(options=options, templates=tuple(words.values()), phones=phones)


def _may_cross(desk: Desk, conversation: Conversation, template: Template, now: Instant) -> bool:
    fits = template.channel in (None, conversation.channel)
    return fits and not bars(desk, conversation, template, now)


def _by_name(templates: list[Template], wanted: str) -> list[Template]:
    nearest: dict[str, int] = {}
    for each in templates:
        distance = each.distance(wanted)
        nearest[each.name] = min(distance, nearest.get(each.name, distance))
    return sorted(
        templates, key=lambda t: (nearest[t.name], t.name, t.distance(wanted), t.language)
    )


def _tickets(desk: Desk, query: Complete, conversation: Conversation | None) -> Choices:
    tickets = () if conversation is None else desk.tickets(conversation.contact)
    options = tuple(
        Option(value=ticket.name, label=ticket.description, hint=ticket.status)
        for ticket in tickets
        if str(ticket.number).startswith(query.prefix.upper().removeprefix("T"))
    )
    return Choices(options=options[:_MOST], tickets=tickets[:_MOST])
