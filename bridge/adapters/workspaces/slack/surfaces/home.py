"""The app's home: am I available, what do I hold, who waits, and the queues for admins; pure."""

from collections.abc import Iterator, Sequence

from bridge.adapters.common import labels
from bridge.adapters.workspaces.slack.blocks.outbound import button
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.surfaces import boards, kit
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet, write_sheet
from bridge.domain.ids import Instant
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.queries import ConversationRow, Home, Queues

AWAY = f"{kit.FILL}:unavailable"
"""The button that asks why before one is unavailable."""
_MOST_ROWS = 12
_REFRESHED = "{time}"


class HomeFacts(Value):
    """What a home shows. `queues` are those that he sees; `board` when he sees who is in them."""

    home: Home | None
    language: str
    url: str
    now: Instant
    queues: Queues | None = None
    board: bool = False


def home_view(facts: HomeFacts) -> Json:
    """The view for `views.publish`."""
    return {
        "type": "home",
        "private_metadata": write_sheet(Sheet(command="home")),
        "blocks": kit.fitted(_blocks(facts)),
    }


def _blocks(facts: HomeFacts) -> Iterator[Json]:
    home, language = facts.home, facts.language
    if home is None:
        yield kit.header(say(language, "slack.home.stranger_title"))
        yield kit.text(say(language, "slack.home.stranger"))
        return
    yield from _presence(home, facts)
    mine = say(language, "view.mine", count=len(home.holding))
    yield from _rows(mine, home.holding, len(home.holding), facts)
    waiting = say(language, "view.waiting", count=home.waits)
    empty = say(language, f"slack.home.no_waiting_{'given' if home.given else 'taken'}")
    yield from _rows(waiting, home.waiting, home.waits, facts, empty)
    if facts.board and facts.queues is not None and facts.queues.rows:
        yield kit.divider()
        yield kit.header(labels.title("queues", language))
        yield from boards.queue_blocks(facts.queues, language, facts.now)


def _presence(home: Home, facts: HomeFacts) -> Iterator[Json]:
    """The state and the one switch, and the lists a click away."""
    agent, language = home.agent, facts.language
    word = "available" if agent.available else "unavailable"
    lead = say(language, f"slack.home.{word}", name=agent.name)
    yield kit.header(lead)
    said = [say(language, "slack.home.load", held=len(home.holding), capacity=agent.capacity)]
    if not agent.available and agent.reason:
        said.insert(0, agent.reason)
    if home.queues:
        queues = ", ".join(_titles(home.queues, facts.queues))
        said.append(say(language, "slack.home.queues", queues=queues))
    yield kit.context(*said)
    yield kit.buttons([_switch(agent.available, language), *_lists(home, language)])


def _titles(names: Sequence[str], known: Queues | None) -> Iterator[str]:
    titles = {row.name: row.title for row in known.rows} if known is not None else {}
    return (titles.get(name) or name for name in names)


def _switch(available: bool, language: str) -> Json:
    if available:
        return kit.small_button(say(language, "slack.home.go_off"), AWAY)
    label = say(language, "slack.home.go_on")
    return button("available", label, None, {"state": "on"}, primary=True)


def _lists(home: Home, language: str) -> Iterator[Json]:
    for command in ("conversations", "queues"):
        if command in home.commands:
            yield button(command, labels.title(command, language), None, {})


def _rows(
    title: str, rows: Sequence[ConversationRow], count: int, facts: HomeFacts, empty: str = ""
) -> Iterator[Json]:
    yield kit.divider()
    yield kit.header(title)
    for row in rows[:_MOST_ROWS]:
        url = boards.link_to(row, facts.url)
        yield from boards.row_blocks(row, facts.language, facts.now, url)
    if empty and not rows:
        yield kit.context(empty)
    if count > _MOST_ROWS:
        more = say(facts.language, "workspace.card.more", count=count - _MOST_ROWS)
        yield kit.context(more)
