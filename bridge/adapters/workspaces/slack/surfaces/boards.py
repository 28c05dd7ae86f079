"""Lists in a modal: a conversation's history, the queues, conversations, one's buttons; pure."""

from collections.abc import Iterator, Sequence

from bridge.adapters.common import labels
from bridge.adapters.common.rows import conversation_facts, person_words, waiting_words
from bridge.adapters.workspaces.slack.blocks.cards import permalink
from bridge.adapters.workspaces.slack.blocks.outbound import button
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.refs import Place
from bridge.adapters.workspaces.slack.surfaces import kit
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet
from bridge.adapters.workspaces.slack.text.richtext import words
from bridge.domain.card import CardAction, ConversationCard
from bridge.domain.conversation import State
from bridge.domain.ids import Instant
from bridge.locales import say
from bridge.ports.queries import AgentRow, ConversationRow, Conversations, History, Queues

FILTER = f"{kit.FILL}:filter"
"""The button over a list of conversations that asks which ones."""

_MOST_EVENTS = 200
_IN_ONE_BLOCK = 40
_MOST_ROWS = 45
_MAX_LINE = 200


def events(history: History, sheet: Sheet, language: str) -> Json:
    """What happened, newest last, each with its moment."""
    rows = list(zip(history.events, history.sentences, strict=True))[-_MOST_EVENTS:]
    items = [[kit.moment(event.at), words(f"  {said}")] for event, said in rows]
    blocks = [kit.header(f"#{history.number}")]
    starts = range(0, len(items), _IN_ONE_BLOCK)
    blocks += [kit.bullets(items[at : at + _IN_ONE_BLOCK]) for at in starts]
    if not items:
        blocks.append(kit.text(say(language, "workspace.board.no_events")))
    blocks += [kit.context(remark) for remark in history.remarks]
    return kit.modal(labels.title("events", language), blocks, sheet, language)


def queues(board: Queues, sheet: Sheet, language: str, now: Instant) -> Json:
    """Every queue: who waits, who is there, who is not."""
    blocks = list(queue_blocks(board, language, now))
    if not blocks:
        blocks = [kit.text(say(language, "workspace.board.no_queues"))]
    return kit.modal(labels.title("queues", language), blocks, sheet, language)


def queue_blocks(board: Queues, language: str, now: Instant) -> Iterator[Json]:
    """The same for a home."""
    for queue in board.rows:
        title = queue.title or queue.name
        yield kit.header(f"{title} · {queue.closed}" if queue.closed else title)
        yield kit.text(waiting_words(queue, language, now))
        people = [
            *_people(queue.connected, True, language),
            *_people(queue.disconnected, False, language),
        ]
        if people:
            yield kit.lines(people[:_IN_ONE_BLOCK])


def _people(
    agents: Sequence[AgentRow], connected: bool, language: str
) -> Iterator[tuple[Json, Json]]:
    for agent in agents:
        mark: Json = {
            "type": "emoji",
            "name": "large_green_circle" if connected else "white_circle",
        }
        yield mark, words(f"  {person_words(agent, language)}")


def conversations(found: Conversations, sheet: Sheet, language: str, now: Instant) -> Json:
    """One row each, with a button that narrows them down."""
    ask = kit.small_button(say(language, "workspace.board.filter"), FILTER)
    blocks = [kit.buttons([ask])]
    for row in found.rows[:_MOST_ROWS]:
        blocks += row_blocks(row, language, now)
    if not found.rows:
        blocks.append(kit.text(say(language, "workspace.board.none")))
    elif found.next is not None or len(found.rows) > _MOST_ROWS:
        blocks.append(kit.context(say(language, "workspace.board.more")))
    return kit.modal(labels.title("conversations", language), blocks, sheet, language)


def row_blocks(row: ConversationRow, language: str, now: Instant, url: str = "") -> list[Json]:
    """One conversation: what it is, what was said last, and the way to it."""
    facts = (f"#{row.number} {row.customer}", *conversation_facts(row, language, now))
    blocks = [kit.text(" · ".join(facts), _way(row, language, url))]
    if row.last_line:
        blocks.append(kit.context(row.last_line[:_MAX_LINE]))
    return blocks


def _way(row: ConversationRow, language: str, url: str) -> Json | None:
    """Take what waits; go to the thread of what somebody has."""
    if row.state in (State.WAITING, State.OFFERED, State.PARKED):
        return button(
            "take", say(language, "button.take"), row.number, {}, place=row.number, primary=True
        )
    if url:
        return kit.link(say(language, "slack.home.open"), url)
    return button("events", labels.title("events", language), row.number, {}, place=row.number)


def menu(
    card: ConversationCard, actions: Sequence[CardAction], sheet: Sheet, language: str
) -> Json:
    """What can be done with a conversation."""
    made = [
        button(
            action.command,
            labels.action_label(action, language),
            card.number,
            action.arguments,
            place=place,
            primary=action.primary,
        )
        for place, action in enumerate(actions)
    ]
    blocks = [kit.context(f"{card.customer} · {card.channel} · #{card.number}"), kit.buttons(made)]
    return kit.modal(say(language, "workspace.form.menu"), blocks, sheet, language)


def link_to(row: ConversationRow, workspace_url: str) -> str:
    """Slack's own link to a conversation's thread; empty where it has none here."""
    channel, _, ts = (row.thread or "").partition(":")
    if not workspace_url or not ts or channel[:1] not in ("C", "D", "G"):
        return ""
    return permalink(workspace_url, Place(channel=channel, ts=ts))
