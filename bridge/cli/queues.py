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
    position: Annotated[
        int | None, typer.Option(min=0, max=999, help="Place in an ordered queue, smallest first")
    ] = None,
) -> None:
    """Let an agent answer a queue."""
    _change(context, "PUT", _member(queue, agent), {"level": level, "position": position})


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


def _said(help_: str) -> object:
    return typer.Option(help=help_)


Words = Annotated[str | None, typer.Option()]
Switch = Annotated[bool | None, typer.Option()]
Seconds = Annotated[float | None, _said("Seconds; 0 is off")]
Count = Annotated[int | None, typer.Option(min=0, help="0 is no limit")]
StrategyName = Annotated[
    str | None, _said("least_loaded, longest_idle, round_robin, ordered, manual")
]
Targets = Annotated[str | None, _said("urgent=0,high=120: seconds")]
OfferTime = Annotated[float | None, _said("Seconds to accept; 0: no offers")]
Queues = Annotated[str | None, _said("Queues, like support,night; or off")]
Hours = Annotated[str | None, _said('"mon-fri 8-18, America/Sao_Paulo, BR"; or always')]
Alerts = Annotated[str | None, _said("agent=75,queue=100,admins=150; or off")]


@app.command("set")
def set_rules(
    context: typer.Context,
    queue: Queue,
    title: Words = None,
    strategy: StrategyName = None,
    visibility: Annotated[str | None, _said("room or assignee")] = None,
    names: Annotated[str | None, _said("name, alias or brand")] = None,
    order: Annotated[str | None, _said("strict or target")] = None,
    targets: Targets = None,
    specialist_first: Switch = None,
    require_connected: Switch = None,
    escalate_after: Seconds = None,
    starvation: Seconds = None,
    sticky_window: Seconds = None,
    sticky_wait: Seconds = None,
    offer: OfferTime = None,
    first_reply: Seconds = None,
    notify_after: Seconds = None,
    inactivity: Seconds = None,
    max_waiting: Count = None,
    max_transfers: Count = None,
    max_wait: Seconds = None,
    overflow: Queues = None,
    overflow_end: Annotated[str | None, _said("wait or bot")] = None,
    hours: Hours = None,
    closed: Annotated[str | None, _said("park, refuse or overflow")] = None,
    wait_target: Seconds = None,
    reply_target: Seconds = None,
    alerts: Alerts = None,
    tell_waiting: Seconds = None,
    active: Annotated[bool | None, typer.Option("--open/--closed")] = None,
) -> None:
    """Change a queue's rules; what is not named stays."""
    given = {name: value for name, value in context.params.items() if value is not None}
    _change(context, "PATCH", f"/v1/queues/{part(queue)}", _body(given))


_OTHER_NAMES = {
    "offer": "offer_timeout",
    "first_reply": "first_reply_timeout",
    "inactivity": "inactivity_timeout",
    "closed": "closed_policy",
}


def _body(given: Json) -> Json:
    """The options that were given, as the API takes them."""
    body = {_OTHER_NAMES.get(name, name): value for name, value in given.items()}
    del body["queue"]
    if "targets" in body:
        body["targets"] = _pairs(body["targets"])
    if "overflow" in body:
        body["overflow"] = _listed(body["overflow"])
    if "alerts" in body:
        told = _pairs(body["alerts"])
        body["alerts"] = [{"to": to, "percent": percent} for to, percent in told.items()]
    return body


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
