"""Commands on what did not reach a customer: look at it, send it again."""

from typing import Annotated

import typer

from bridge.cli.ask import Client, Json, part, with_desk
from bridge.cli.table import show

app = typer.Typer(help="What did not reach a customer.", no_args_is_help=True)

_ALL = "/v1/deliveries"


@app.command("failed")
def failed(context: typer.Context) -> None:
    """Show what did not reach a customer, or perhaps did not."""

    async def work(client: Client) -> Json:
        return await client.get(f"{_ALL}/failed")

    show(
        ("ID", "STATE", "CONVERSATION", "CHANNEL", "SINCE", "WHY"),
        [
            (
                row["id"],
                row["state"],
                f"#{row['conversation']}",
                row["channel"],
                row["at"][:19],
                row["error"],
            )
            for row in with_desk(context, work)["deliveries"]
        ],
    )


@app.command("retry")
def retry(
    context: typer.Context,
    delivery: Annotated[str, typer.Argument(help="Its id in the list, or: all")],
) -> None:
    """Send it again. What is only unknown may arrive twice then."""

    async def work(client: Client) -> int:
        chosen = [delivery]
        if delivery == "all":
            found = await client.get(f"{_ALL}/failed")
            chosen = [row["id"] for row in reversed(found["deliveries"])]
        for each in chosen:
            await client.send("POST", f"{_ALL}/{part(each)}/retry")
        return len(chosen)

    print(f"{with_desk(context, work)} sent again")
