"""Commands on agents: create, invite, remove, look at."""

from typing import Annotated

import typer

from bridge.cli.ask import Client, Json, part, with_desk
from bridge.cli.table import show

app = typer.Typer(help="The people who answer.", no_args_is_help=True)

Agent = Annotated[str, typer.Argument(help="The agent's handle, with or without @")]


@app.command("add")
def add(
    context: typer.Context,
    agent: Agent,
    name: Annotated[str, typer.Argument(help="What people are shown")],
    admin: Annotated[bool, typer.Option("--admin", help="May see and do everything")] = False,
    email: Annotated[str, typer.Option()] = "",
    capacity: Annotated[int, typer.Option(min=0, max=1000, help="Conversations at once")] = 5,
    language: Annotated[str | None, typer.Option(help="en or pt_BR; usually the desk's")] = None,
    queue: Annotated[list[str] | None, typer.Option(help="A queue he answers")] = None,
    workspace: Annotated[str | None, typer.Option(help="A workspace's id")] = None,
    user: Annotated[str | None, typer.Option(help="His user id there")] = None,
    invited: Annotated[bool, typer.Option("--invite", help="Print a one-time link too")] = False,
) -> None:
    """Create an agent."""
    body = {
        "handle": agent.removeprefix("@"),
        "name": name,
        "role": "admin" if admin else "agent",
        "email": email,
        "capacity": capacity,
        "language": language,
        "workspace": workspace,
        "user": user,
    }

    async def work(client: Client) -> list[str]:
        said = [(await client.send("POST", "/v1/agents", body))["message"]]
        for each in queue or ():
            path = f"/v1/queues/{part(each)}/members/{_handle(agent)}"
            said.append((await client.send("PUT", path, {"level": 0}))["message"])
        if invited:
            way_in = await client.send("POST", f"{_path(agent)}/invitation", {})
            said.append(way_in["url"])
        return said

    for line in with_desk(context, work):
        print(line)


@app.command("invite")
def invite(
    context: typer.Context,
    agent: Agent,
    email: Annotated[str | None, typer.Option(help="What he signs in with")] = None,
    workspace: Annotated[str | None, typer.Option(help="When several can invite")] = None,
) -> None:
    """Give an agent a one-time link to sign in with; no password is sent anywhere."""

    async def work(client: Client) -> Json:
        body = {"email": email, "workspace": workspace}
        return await client.send("POST", f"{_path(agent)}/invitation", body)

    print(with_desk(context, work)["url"])


@app.command("link")
def link(
    context: typer.Context,
    agent: Agent,
    workspace: Annotated[str, typer.Argument(help="The workspace's id in the settings")],
    user: Annotated[str, typer.Argument(help="His user id there")],
) -> None:
    """Say which user of a workspace an agent is."""
    _change(context, "PUT", f"{_path(agent)}/user", {"workspace": workspace, "user": user})


@app.command("set")
def set_agent(
    context: typer.Context,
    agent: Agent,
    name: Annotated[str | None, typer.Option()] = None,
    alias: Annotated[str | None, typer.Option(help="What customers may see")] = None,
    role: Annotated[str | None, typer.Option(help="agent or admin")] = None,
    capacity: Annotated[int | None, typer.Option(min=0, max=1000)] = None,
    language: Annotated[str | None, typer.Option(help="en or pt_BR")] = None,
) -> None:
    """Change an agent; what is not named stays."""
    body = {"name": name, "alias": alias, "role": role, "capacity": capacity, "language": language}
    given = {key: value for key, value in body.items() if value is not None}
    _change(context, "PATCH", _path(agent), given)


@app.command("remove")
def remove(context: typer.Context, agent: Agent) -> None:
    """Remove an agent; what he holds goes back to its queues."""
    _change(context, "PATCH", _path(agent), {"active": False})


@app.command("list")
def list_agents(context: typer.Context) -> None:
    """Show every agent."""

    async def work(client: Client) -> list[Json]:
        rows: list[Json] = []
        after: str | None = None
        while True:
            page = await client.get("/v1/agents", after=after, limit=200)
            rows += page["agents"]
            if (after := page["next"]) is None:
                return rows

    show(
        ("AGENT", "NAME", "ROLE", "ACTIVE", "AVAILABLE", "CONNECTED", "HOLDS", "OF", "QUEUES"),
        [
            (
                row["handle"],
                row["name"],
                row["role"],
                row["active"],
                row["available"],
                row["connected"],
                len(row["holding"]),
                row["capacity"],
                row["queues"],
            )
            for row in with_desk(context, work)
        ],
    )


def _change(context: typer.Context, method: str, path: str, body: Json) -> None:
    async def work(client: Client) -> Json:
        return await client.send(method, path, body)

    print(with_desk(context, work)["message"])


def _path(agent: str) -> str:
    return f"/v1/agents/{_handle(agent)}"


def _handle(agent: str) -> str:
    return part(agent.removeprefix("@"))
