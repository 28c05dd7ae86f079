"""Commands on bots: make a secret, try one, look at what it was never told and tell it."""

import base64
import secrets
from typing import Annotated

import typer

from bridge.cli.ask import Client, Json, part, with_desk
from bridge.cli.table import show

app = typer.Typer(help="Bots of your own.", no_args_is_help=True)

Bot = Annotated[str, typer.Argument(help="The bot's id in the settings")]


@app.command("secret")
def secret() -> None:
    """Make a secret for [bots.<id>] or [channels.<id>]; the other side needs it, too."""
    print("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())


@app.command("check")
def check(
    url: Annotated[str, typer.Argument(help="Where the bot takes its events")],
    secret: Annotated[
        str,
        typer.Option(envvar="DESKBRIDGE_BOT_SECRET", help="The secret that it shares with us"),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document")] = False,
) -> None:
    """Try a bot: does it answer, keep the contract, prove its caller, and in time?"""
    from bridge.cli.examining import examine

    if not examine(url, secret, as_json):
        raise typer.Exit(1)


@app.command("dead")
def dead(context: typer.Context, bot: Bot) -> None:
    """Show the news that a bot was never told."""

    async def work(client: Client) -> Json:
        return await client.get(_letters(bot))

    show(
        ("ID", "EVENT", "CONVERSATION", "SINCE", "WHY"),
        [
            (row["id"], row["type"], f"#{row['conversation']}", row["at"][:19], row["error"])
            for row in with_desk(context, work)["dead_letters"]
        ],
    )


@app.command("replay")
def replay(
    context: typer.Context,
    bot: Bot,
    letter: Annotated[str | None, typer.Argument(help="Its id in the list; none: all")] = None,
) -> None:
    """Tell a bot now what it was never told; it acts once on each."""

    async def work(client: Client) -> int:
        letters = [letter]
        if letter is None:
            found = await client.get(_letters(bot))
            letters = [row["id"] for row in reversed(found["dead_letters"])]
        for each in letters:
            await client.send("POST", f"{_letters(bot)}/{part(str(each))}/replay")
        return len(letters)

    print(f"{with_desk(context, work)} to be told again")


def _letters(bot: str) -> str:
    return f"/v1/bots/{part(bot)}/dead-letters"
