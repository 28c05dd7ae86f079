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


Time = Annotated[float | None, typer.Option(help="Seconds; 0 is off")]
Words = Annotated[str | None, typer.Option()]


@app.command("set")
def set_rules(  # one parameter for each rule: this is the command line's way to name them
    context: typer.Context,
    queue: Queue,
    title: Words = None,
    strategy: Annotated[
        str | None, typer.Option(help="least_loaded, longest_idle, round_robin, ordered, manual")
    ] = None,
    visibility: Annotated[str | None, typer.Option(help="room or assignee")] = None,
    names: Annotated[str | None, typer.Option(help="name, alias or brand")] = None,
    order: Annotated[str | None, typer.Option(help="strict or target")] = None,
    targets: Annotated[str | None, typer.Option(help="urgent=0,high=120: seconds")] = None,
    specialist_first: Annotated[bool | None, typer.Option()] = None,
    require_connected: Annotated[bool | None, typer.Option()] = None,
    escalate_after: Time = None,
    starvation: Time = None,
    sticky_window: Time = None,
    sticky_wait: Time = None,
    offer: Annotated[float | None, typer.Option(help="Seconds to accept; 0: no offers")] = None,
    first_reply: Time = None,
    notify_after: Time = None,
    inactivity: Time = None,
    max_waiting: Annotated[int | None, typer.Option(min=0, help="0 is no limit")] = None,
    max_transfers: Annotated[int | None, typer.Option(min=0, help="0 is no limit")] = None,
    max_wait: Time = None,
    overflow: Annotated[str | None, typer.Option(help="Queues, like support,night; or off")] = None,
    overflow_end: Annotated[str | None, typer.Option(help="wait or bot")] = None,
    hours: Annotated[
        str | None, typer.Option(help='"mon-fri 8-18, America/Sao_Paulo, BR"; or always')
    ] = None,
    closed: Annotated[str | None, typer.Option(help="park, refuse or overflow")] = None,
    wait_target: Time = None,
    reply_target: Time = None,
    alerts: Annotated[
        str | None, typer.Option(help="agent=75,queue=100,admins=150; or off")
    ] = None,
    tell_waiting: Time = None,
    active: Annotated[bool | None, typer.Option("--open/--closed")] = None,
) -> None:
    """Change a queue's rules; what is not named stays."""
    body: Json = {
        "title": title,
        "strategy": strategy,
        "visibility": visibility,
        "names": names,
        "order": order,
        "targets": None if targets is None else _pairs(targets),
        "specialist_first": specialist_first,
        "require_connected": require_connected,
        "escalate_after": escalate_after,
        "starvation": starvation,
        "sticky_window": sticky_window,
        "sticky_wait": sticky_wait,
        "offer_timeout": offer,
        "first_reply_timeout": first_reply,
        "notify_after": notify_after,
        "inactivity_timeout": inactivity,
        "max_waiting": max_waiting,
        "max_transfers": max_transfers,
        "max_wait": max_wait,
        "overflow": None if overflow is None else _listed(overflow),
        "overflow_end": overflow_end,
        "hours": hours,
        "closed_policy": closed,
        "wait_target": wait_target,
        "reply_target": reply_target,
        "alerts": None
        if alerts is None
        else [{"to": to, "percent": percent} for to, percent in _pairs(alerts).items()],
        "tell_waiting": tell_waiting,
        "active": active,
    }
    given = {key: value for key, value in body.items() if value is not None}
    _change(context, "PATCH", f"/v1/queues/{part(queue)}", given)


def _listed(text: str) -> list[str]:
    """`a,b`; `off` is none."""
    return [] if text == "off" else [word.strip() for word in text.split(",") if word.strip()]


def _pairs(text: str) -> dict[str, int]:
    """`a=1,b=2`; `off` is none."""
    pairs = {}
    for word in _listed(text):
        name, _, number = word.partition("=")
        if not number.isascii() or not number.isdigit():
            raise typer.BadParameter(f"{word} is not like name=number")
        pairs[name.strip()] = int(number)
    return pairs


@app.command("show")
def show_rules(context: typer.Context, queue: Queue) -> None:
    """Show a queue's rules."""

    async def work(client: Client) -> Json:
        return await client.get(f"/v1/queues/{part(queue)}")

    row = with_desk(context, work)
    first = ("title", "active", "strategy", "visibility", "names")
    rules = {name: row[name] for name in first} | row["rules"]
    show(("RULE", "VALUE"), [(name, _worded(value)) for name, value in rules.items()])


def _worded(value: object) -> object:
    """What is made of parts, as `set` takes it."""
    if isinstance(value, dict):
        return ",".join(f"{name}={number:g}" for name, number in value.items())
    if isinstance(value, list):
        parts = (
            f"{each['to']}={each['percent']}" if isinstance(each, dict) else str(each)
            for each in value
        )
        return ",".join(parts) or "off"
    return f"{value:g}" if isinstance(value, float) else value


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
