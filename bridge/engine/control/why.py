"""Why a decision fell as it did: what was compared, as plain words of our history."""

from bridge.domain.queue import Queue, Strategy
from bridge.engine.step import Step
from bridge.routing.facts import Match, Weighed


def compared(step: Step, match: Match) -> dict[str, str]:
    """What made the chosen agent come before the next best; empty when nothing was compared."""
    queue = step.desk.queues.get(match.queue)
    if match.chosen is None or queue is None:
        return {}
    words = {"load": _load(match.chosen)}
    if match.rival is None:
        return {**words, "because": "alone"}
    rival = step.desk.agents.get(match.rival.agent)
    return {
        **words,
        "because": _decisive(queue, match.chosen, match.rival),
        "rival": "" if rival is None else rival.name,
        "rival_load": _load(match.rival),
    }


def _decisive(queue: Queue, chosen: Weighed, rival: Weighed) -> str:
    """The first of the compared keys that differs; a key of `because.` in the catalogue."""
    if chosen.breadth != rival.breadth:
        return "specialist"
    if chosen.rank[0] != rival.rank[0]:
        return queue.strategy.value
    if chosen.rank[1:] == rival.rank[1:]:
        return "equal"
    turn = queue.strategy is not Strategy.LONGEST_IDLE or chosen.rank[0] == 1
    return "turn" if turn else "longest_idle"


def _load(weighed: Weighed) -> str:
    return f"{weighed.used}/{weighed.capacity}"
