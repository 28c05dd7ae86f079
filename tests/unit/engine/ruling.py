"""Changes a queue's rules in one line of a test."""

from msgspec.structs import replace

from bridge.domain.moves import ChangeQueue
from tests.fakes.office import Office


async def rule(office: Office, name: str = "sales", **rules: object) -> None:
    """Change these rules of a queue, as the operator would."""
    queue = office.engine.desk.queue_by_name(name)
    assert queue is not None
    outcome = await office.do(replace(ChangeQueue(queue=queue.id), **rules))
    assert outcome.ok, outcome
