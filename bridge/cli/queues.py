"""Commands on queues: open, staff, bind to rooms, look at."""

from typing import Annotated

import typer

from bridge.cli.ask import Client, Json, part, with_desk
from bridge.cli.table import show

app = typer.Typer(help="Queues and who answers them.", no_args_is_help=True)

Queue = Annotated[str, typer.Argument(help="The queue's word, as in commands")]
Agent = Annotated[str, typer.Argument(help="The agent's handle, with or without @")]


@app.command("create")
def create(
    context: typer.Context,
    queue: Queue,
    title: Annotated[str | None, typer.Argument(help="What people are shown")] = None,
) -> None:
    """Open a queue."""
    body = {"name": queue, "title": title or queue.replace("-", " ").capitalize()}
    _change(context, "POST", "/v1/queues", body)


@app.command("add")
def add(
    context: typer.Context,
    queue: Queue,
    agent: Agent,
    level: Annotated[int, typer.Option(min=0, max=9, help="Higher levels are tried later")] = 0,
) -> None:
    """Let an agent answer a queue."""
    _change(context, "PUT", _member(queue, agent), {"level": level})


@app.command("remove")
def remove(context: typer.Context, queue: Queue, agent: Agent) -> None:
    """Take an agent out of a queue; what he holds he keeps."""
    _change(context, "DELETE", _member(queue, agent), None)


@app.command("capacity")
def capacity(
    context: typer.Context,
    agent: Agent,
    conversations: Annotated[int, typer.Argument(min=0, max=1000)],
) -> None:
    """Set how many conversations an agent takes at once."""
    _change(context, "PATCH", f"/v1/agents/{_handle(agent)}", {"capacity": conversations})


@app.command("bind")
def bind(
    context: typer.Context,
    queue: Annotated[str, typer.Argument(help='The queue, or "monitor"')],
    workspace: Annotated[str, typer.Argument(help="The workspace's id in the settings")],
    room: Annotated[str, typer.Argument(help="The room's id in that workspace")],
    title: Annotated[str | None, typer.Option(help="What people are shown")] = None,
) -> None:
    """Have a queue's threads appear in a room."""
    body: Json = {"workspace": workspace, "room": room, "title": title or room}
    if queue != "monitor":
        body["queue"] = queue
    _change(context, "POST", "/v1/rooms", body)


@app.command("set")
def set_rules(
    context: typer.Context,
    queue: Queue,
    title: Annotated[str | None, typer.Option()] = None,
    strategy: Annotated[
        str | None, typer.Option(help="least_loaded, longest_idle, round_robin, ordered, manual")
    ] = None,
    visibility: Annotated[str | None, typer.Option(help="room or assignee")] = None,
    names: Annotated[str | None, typer.Option(help="name, alias or brand")] = None,
    first_reply: Annotated[float | None, typer.Option(help="Seconds; 0 is off")] = None,
    notify_after: Annotated[float | None, typer.Option(help="Seconds; 0 is off")] = None,
    inactivity: Annotated[float | None, typer.Option(help="Seconds; 0 is off")] = None,
    active: Annotated[bool | None, typer.Option("--open/--closed")] = None,
) -> None:
    """Change a queue's rules; what is not named stays."""
    body = {
        "title": title,
        "strategy": strategy,
        "visibility": visibility,
        "names": names,
        "first_reply_timeout": first_reply,
        "notify_after": notify_after,
        "inactivity_timeout": inactivity,
        "active": active,
    }
    given = {key: value for key, value in body.items() if value is not None}
    _change(context, "PATCH", f"/v1/queues/{part(queue)}", given)


@app.command("list")
def list_queues(context: typer.Context) -> None:
    """Show every queue: who waits, who is there."""

    async def work(client: Client) -> Json:
        return await client.get("/v1/queues")

    rows = with_desk(context, work)["queues"]
    show(
        ("QUEUE", "TITLE", "OPEN", "STRATEGY", "WAITING", "CONNECTED", "DISCONNECTED", "ROOMS"),
        [
            (
                row["name"],
                row["title"],
                row["active"],
                row["strategy"],
                len(row["waiting"]),
                row["connected"],
                row["disconnected"],
                row["rooms"],
            )
            for row in rows
        ],
    )


def _change(context: typer.Context, method: str, path: str, body: Json | None) -> None:
    async def work(client: Client) -> Json:
        return await client.send(method, path, body)

    print(with_desk(context, work)["message"])


def _member(queue: str, agent: str) -> str:
    return f"/v1/queues/{part(queue)}/members/{_handle(agent)}"


def _handle(agent: str) -> str:
    return part(agent.removeprefix("@"))
