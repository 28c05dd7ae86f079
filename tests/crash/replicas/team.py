"""Sets a new desk up through its API, as the command line does: two queues and who answers them."""

import random
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from bridge.settings.key import OPERATOR, desk_key
from bridge.web.tokens import operator_token
from tests.crash.replicas.doors import Doors
from tests.crash.replicas.ground import Ground
from tests.crash.replicas.people import Agent, Replies

QUEUES = ("help", "sales")


def operator(data_dir: Path) -> dict[str, str]:
    """What the command line proves itself with."""
    token = operator_token(desk_key(data_dir).secret(OPERATOR))
    return {"Authorization": f"Bearer {token}"}


async def hire(
    doors: Doors, as_operator: dict[str, str], handles: Sequence[str], capacity: int
) -> dict[str, str]:
    """Make queues and agents; gives each agent's way in."""

    async def send(method: str, path: str, body: dict[str, object]) -> dict[str, object]:
        return (await doors.ask(method, path, as_operator, body=body)).value()

    for queue in QUEUES:
        await send("POST", "/v1/queues", {"name": queue, "title": queue.title()})
        # Who answers late, on a busy machine, keeps his conversation: only agents move any.
        await send("PATCH", f"/v1/queues/{queue}", {"first_reply_timeout": 0})
    ways_in = {}
    for handle in handles:
        mail = f"{handle}@example.com"
        person = {"handle": handle, "name": handle.title(), "email": mail, "capacity": capacity}
        await send("POST", "/v1/agents", person)
        for queue in QUEUES:
            await send("PUT", f"/v1/queues/{queue}/members/{handle}", {"level": 0})
        invited = await send("POST", f"/v1/agents/{handle}/invitation", {})
        ways_in[handle] = urlsplit(str(invited["url"])).path
    return ways_in


def agents(
    handles: Sequence[str],
    urls: Sequence[str],
    replies: Replies,
    chance: random.Random,
    pause: float,
    ground: Ground,
) -> list[Agent]:
    """Each in a network of his own; everybody transfers to the queues and to his colleagues."""
    return [
        Agent(
            handle,
            ground.doors(urls, number, ground.home(number)),
            chance,
            replies,
            (*QUEUES, *(f"@{other}" for other in handles if other != handle)),
            pause,
        )
        for number, handle in enumerate(handles)
    ]
