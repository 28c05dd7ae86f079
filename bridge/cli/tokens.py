"""Commands on the tokens of programs: make, list, revoke."""

from typing import Annotated

import typer

from bridge.cli.ask import Client, Json, part, with_desk
from bridge.cli.table import show

app = typer.Typer(help="Tokens for programs that use the API.", no_args_is_help=True)

_SCOPES = "conversations:read, queues:read, agents:read or metrics:read; may be repeated"


@app.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Which program it is for")],
    scope: Annotated[
        list[str],
        typer.Option(help="conversations:read, queues:read, agents:read, metrics:read, bot:speak"),
    ],
    channel: Annotated[str | None, typer.Option(help="Only this channel's conversations")] = None,
    bot: Annotated[str | None, typer.Option(help="The bot it speaks for, with bot:speak")] = None,
) -> None:
    """Make a token; its text is shown this once."""
    body: Json = {"name": name, "scopes": scope, "channel": channel, "bot": bot}

    async def work(client: Client) -> Json:
        return await client.send("POST", "/v1/tokens", body)

    print(with_desk(context, work)["token"])


@app.command("list")
def list_tokens(context: typer.Context) -> None:
    """Show every token, without its text."""

    async def work(client: Client) -> Json:
        return await client.get("/v1/tokens")

    show(
        ("ID", "NAME", "SCOPES", "CHANNEL", "BOT", "SINCE"),
        [
            (
                row["id"],
                row["name"],
                row["scopes"],
                row["channel"],
                row["bot"],
                row["created_at"][:10],
            )
            for row in with_desk(context, work)["tokens"]
        ],
    )


@app.command("revoke")
def revoke(
    context: typer.Context, token: Annotated[str, typer.Argument(help="Its id in the list")]
) -> None:
    """Refuse a token from now on."""

    async def work(client: Client) -> Json:
        return await client.send("DELETE", f"/v1/tokens/{part(token)}")

    with_desk(context, work)
    print(f"{token} is revoked")
