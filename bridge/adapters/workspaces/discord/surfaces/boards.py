"""Lists as private answers: histories, queues, conversations, one conversation's buttons; pure."""

from collections.abc import Iterator, Sequence

from bridge.adapters.common import labels
from bridge.adapters.common.rows import conversation_facts, person_words, waiting_words
from bridge.adapters.workspaces.discord.cards.cards import thread_address
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import FORM, PAGE, Pressed
from bridge.adapters.workspaces.discord.refs import is_snowflake
from bridge.adapters.workspaces.discord.surfaces import kit
from bridge.adapters.workspaces.discord.surfaces.answers import Ids
from bridge.adapters.workspaces.discord.text.writing import literal
from bridge.domain.card import CardAction, ConversationCard
from bridge.domain.conversation import State
from bridge.domain.ids import SECOND, Instant
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.queries import AgentRow, ConversationRow, Conversations, History, QueueRow, Queues

PAGE_NUMBER = "page"
"""The argument of a board's buttons that says where in it."""

EVENTS_ON_A_PAGE = 15
QUEUES_ON_A_PAGE = 4
ROWS_ON_A_PAGE = 8
_MOST_PEOPLE = 20
_MAX_LINE = 150
_MAX_SAID = 220
_WAITS = (State.WAITING, State.OFFERED, State.PARKED)


class Look(Value):
    """Who looks at what: `pressed` says which board it is, `guild` where links lead."""

    pressed: Pressed
    language: str
    now: Instant
    guild: str
    page: int = 0

    def say(self, key: str, **data: object) -> str:
        """A text in the reader's language."""
        return say(self.language, key, **data)


def page_of(pressed: Pressed) -> int:
    """The page that a button asks for."""
    word = pressed.arguments.get(PAGE_NUMBER, "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 0


# --- history ----------------------------------------------------------------------------------


def events(history: History, look: Look, ids: Ids) -> Json:
    """What happened, each with its moment; the newest page first, in it the newest last."""
    rows = list(zip(history.events, history.sentences, strict=True))
    pages = max(1, -(-len(rows) // EVENTS_ON_A_PAGE))
    page = min(look.page, pages - 1)
    until = len(rows) - page * EVENTS_ON_A_PAGE
    some = rows[max(0, until - EVENTS_ON_A_PAGE) : until]
    lines = [f"{moment(event.at)}  {_said(sentence)}" for event, sentence in some]
    said = "\n".join(lines) or look.say("workspace.board.no_events")
    title = f"{labels.title('events', look.language)} · #{history.number}"
    parts = [
        kit.heading(title),
        kit.text(said),
        *(kit.small(remark) for remark in history.remarks),
        *_paging(page, pages, look, ids, newest_first=True),
    ]
    return kit.private(parts, kit.BLUE_EDGE)


def _said(sentence: str) -> str:
    return literal(kit.clipped(sentence, _MAX_SAID))


def moment(at: Instant) -> str:
    """A moment in its reader's own time zone."""
    return f"<t:{at // SECOND}:f>"


# --- queues -----------------------------------------------------------------------------------


def queues(board: Queues, look: Look, ids: Ids) -> Json:
    """Every queue: who waits, who is there, who is not."""
    pages = max(1, -(-len(board.rows) // QUEUES_ON_A_PAGE))
    page = min(look.page, pages - 1)
    parts = [kit.heading(labels.title("queues", look.language))]
    for queue in board.rows[page * QUEUES_ON_A_PAGE : (page + 1) * QUEUES_ON_A_PAGE]:
        parts += [kit.divider(), *_queue(queue, look, ids)]
    if not board.rows:
        parts.append(kit.text(look.say("workspace.board.no_queues")))
    return kit.private([*parts, *_paging(page, pages, look, ids, refresh=True)], kit.BLUE_EDGE)


def _queue(queue: QueueRow, look: Look, ids: Ids) -> Iterator[Json]:
    title = f"**{literal(kit.one_line(queue.title or queue.name))}**"
    if queue.closed:
        title = f"{title} · {literal(queue.closed)}"
    said = literal(waiting_words(queue, look.language, look.now))
    people = [
        *(_person("🟢", agent, look.language) for agent in queue.connected),
        *(_person("⚪", agent, look.language) for agent in queue.disconnected),
    ]
    words = "\n".join([title, said, *people[:_MOST_PEOPLE]])
    first = next((row for row in queue.waiting if row.state in _WAITS), None)
    if first is None:
        yield kit.text(words)
    else:
        yield kit.beside(words, _take(first, look, ids, f" #{first.number}"))


def _person(mark: str, agent: AgentRow, language: str) -> str:
    return f"{mark}  {literal(kit.one_line(person_words(agent, language)))}"


# --- conversations ----------------------------------------------------------------------------


def conversations(found: Conversations, look: Look, ids: Ids) -> Json:
    """One row each with the way to it, and a button that narrows them down."""
    pages = max(1, -(-len(found.rows) // ROWS_ON_A_PAGE))
    page = min(look.page, pages - 1)
    parts = [kit.heading(labels.title("conversations", look.language))]
    some = found.rows[page * ROWS_ON_A_PAGE : (page + 1) * ROWS_ON_A_PAGE]
    parts += [kit.beside(_row(row, look), _way(row, look, ids)) for row in some]
    if not found.rows:
        parts.append(kit.text(look.say("workspace.board.none")))
    elif found.next is not None and page == pages - 1:
        parts.append(kit.small(look.say("workspace.board.more")))
    form = Pressed(kind=FORM, command="conversations", arguments=_filters(look.pressed))
    narrow = kit.button(look.say("workspace.board.filter"), ids(form, 0))
    return kit.private(
        [*parts, *_paging(page, pages, look, ids, narrow, refresh=True)], kit.BLUE_EDGE
    )


def _filters(pressed: Pressed) -> dict[str, str]:
    return {name: value for name, value in pressed.arguments.items() if name != PAGE_NUMBER}


def _row(row: ConversationRow, look: Look) -> str:
    dot = "🟤" if row.state is State.ENDED else "🟡" if row.state in _WAITS else "🟢"
    head = f"{dot}  **#{row.number} {literal(kit.clipped(row.customer, _MAX_LINE))}**"
    facts = " · ".join(conversation_facts(row, look.language, look.now))
    lines = [head, literal(kit.one_line(facts))]
    if row.last_line:
        lines.append(f"-# {literal(kit.clipped(row.last_line, _MAX_LINE))}")
    return "\n".join(lines)


def _way(row: ConversationRow, look: Look, ids: Ids) -> Json:
    """Take what waits; go to the thread of what somebody has."""
    if row.state in _WAITS:
        return _take(row, look, ids)
    if row.thread is not None and is_snowflake(row.thread):
        return kit.link(look.say("discord.ask.open_thread"), thread_address(look.guild, row.thread))
    shown = Pressed(kind=PAGE, command="events", number=row.number)
    return kit.button(labels.title("events", look.language), ids(shown, row.number))


def _take(row: ConversationRow, look: Look, ids: Ids, more: str = "") -> Json:
    taken = Pressed(command="take", number=row.number)
    return kit.button(look.say("button.take") + more, ids(taken, row.number), style=kit.GREEN)


# --- one conversation -------------------------------------------------------------------------


def menu(card: ConversationCard, actions: Sequence[CardAction], language: str, ids: Ids) -> Json:
    """What can be done with a conversation."""
    lead = f"{card.customer} · {card.channel} · #{card.number}"
    buttons = [
        kit.button(
            labels.action_label(action, language),
            ids(
                Pressed(command=action.command, number=card.number, arguments=action.arguments),
                place,
            ),
            style=kit.BLUE if action.primary else kit.GREY,
        )
        for place, action in enumerate(actions)
    ]
    asked = kit.text(say(language, "workspace.form.menu_lead"))
    return kit.private([kit.heading(lead), asked, *kit.rows(buttons)], kit.BLUE_EDGE)


# --- paging -----------------------------------------------------------------------------------


def _paging(
    page: int,
    pages: int,
    look: Look,
    ids: Ids,
    *more: Json,
    refresh: bool = False,
    newest_first: bool = False,
) -> list[Json]:
    """Back, next, and what else there is; nothing where one page is all."""
    buttons: list[Json] = []
    if pages > 1:
        step = -1 if newest_first else 1
        back, onward = page - step, page + step
        buttons = [
            _to(back, pages, look, ids, look.say("discord.ask.previous")),
            _to(onward, pages, look, ids, look.say("discord.ask.next")),
        ]
    buttons += more
    if refresh:
        again = kit.button("↻", ids(_page(look, page), 999))
        buttons.append(again)
    if not buttons:
        return []
    position = look.say("discord.ask.page", page=page + 1, pages=pages)
    return [*([kit.small(position)] if pages > 1 else []), *kit.rows(buttons)]


def _to(page: int, pages: int, look: Look, ids: Ids, label: str) -> Json:
    gone = not 0 <= page < pages
    return kit.button(label, ids(_page(look, page), 0 if page >= 0 else 998), disabled=gone)


def _page(look: Look, page: int) -> Pressed:
    arguments = _filters(look.pressed) | ({PAGE_NUMBER: str(page)} if page > 0 else {})
    pressed = look.pressed
    return Pressed(kind=PAGE, command=pressed.command, number=pressed.number, arguments=arguments)
