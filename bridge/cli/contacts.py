"""Commands on customers: find one, give him his data, erase it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.ask import Client, Json, part, with_desk
from bridge.cli.table import show

app = typer.Typer(help="Customers: their data, given to them or erased.", no_args_is_help=True)

_ALL = "/v1/contacts"
_AMBIGUOUS = 2
_PAUSE = 0.5

Who = Annotated[
    str, typer.Argument(help="#number of a conversation, an address, CHANNEL/ADDRESS, or an id")
]


@app.command("find")
def find(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="A name, an address, a #number or an id")],
) -> None:
    """Show the customers who may be meant."""

    async def work(client: Client) -> list[Json]:
        found: list[Json] = (await client.get(_ALL, who=text))["contacts"]
        return found

    found = with_desk(context, work)
    if not found:
        _nobody(text)
    _show(found)


@app.command("export")
def export(
    context: typer.Context,
    who: Who,
    to: Annotated[Path, typer.Argument(help="The .zip to write, or a folder for it")],
) -> None:
    """Write all that the desk has of a customer, with his files, into one .zip."""
    from bridge.cli.config import read_settings
    from bridge.cli.exporting import target, write

    contact = _one(context, who)
    path = target(to, contact["id"])

    async def work(client: Client) -> list[Json]:
        return [line async for line in _lines(client, contact["id"])]

    data = read_settings(context).data_dir
    counts = write(path, data, contact["id"], with_desk(context, work))
    print(f"{path} has " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    print("keep it as secret as the desk itself")


@app.command("erase")
def erase(
    context: typer.Context,
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    end: Annotated[bool, typer.Option("--end", help="End what is open of him first")] = False,
) -> None:
    """Erase a customer: names, addresses, lines, files and cases, for ever."""
    contact = _one(context, who)
    _say_what_goes(contact)
    if contact["open"] and not end:
        open_ = ", ".join(f"#{number}" for number in contact["open"])
        typer.echo(f"{open_} is not ended: end it first, or say --end", err=True)
        raise typer.Exit(1)
    if not yes and not typer.confirm("Erase it? This cannot be undone."):
        print("nothing was changed")
        raise typer.Exit(1)
    path = f"{_ALL}/{part(contact['id'])}"

    async def work(client: Client) -> Json:
        if contact["open"]:
            await client.send("POST", f"{path}/end")
        return await _to_its_end(client, await client.send("POST", f"{path}/erase"))

    _say_what_went(with_desk(context, work))


@app.command("erased")
def erased(context: typer.Context) -> None:
    """Show who was erased, by number, when and by whom."""

    async def work(client: Client) -> Json:
        return await client.get("/v1/erasures")

    show(
        ("ID", "CONTACT", "CONVERSATIONS", "SINCE", "BY", "DONE"),
        [
            (
                row["id"],
                row["contact"],
                [f"#{number}" for number in row["conversations"]],
                row["at"][:19],
                row["by"],
                (row["done_at"] or "")[:19],
            )
            for row in with_desk(context, work)["erasures"]
        ],
    )


def _one(context: typer.Context, who: str) -> Json:
    """Whom this names; exit 1 when it is nobody, 2 when it may be several."""

    async def work(client: Client) -> list[Json]:
        found: list[Json] = (await client.get(_ALL, who=who, exact="true"))["contacts"]
        return found

    found = with_desk(context, work)
    if not found:
        _nobody(who)
    if len(found) > 1:
        typer.echo(f"{who} may be any of these; name him by his id:", err=True)
        _show(found)
        raise typer.Exit(_AMBIGUOUS)
    return found[0]


def _nobody(who: str) -> None:
    typer.echo(f"nobody is known as {who}; deskbridge contacts find looks for names", err=True)
    raise typer.Exit(1)


def _show(found: list[Json]) -> None:
    show(
        ("ID", "NAME", "CONVERSATIONS", "OPEN", "TICKETS", "ADDRESSES"),
        [
            (
                row["id"],
                row["name"],
                row["conversations"],
                [f"#{number}" for number in row["open"]],
                row["tickets"],
                row["addresses"],
            )
            for row in found
        ],
    )


def _say_what_goes(contact: Json) -> None:
    print(
        f"{contact['name']} (contact {contact['id']}): {contact['conversations']} conversations "
        f"with all that was said in them, {contact['tickets']} tickets, "
        f"{len(contact['addresses'])} addresses"
    )


async def _lines(client: Client, contact: str) -> AsyncIterator[Json]:
    path, after = f"{_ALL}/{part(contact)}/export", None
    while True:
        found = await client.get(path, after=after)
        for line in found["lines"]:
            yield line
        if (after := found["next"]) is None:
            return


async def _to_its_end(client: Client, begun: Json) -> Json:
    """Wait for it; what a desk that does not run cannot do is left for its next start."""
    path, found, said = f"/v1/erasures/{part(begun['erasure']['id'])}", begun, False
    while found["erasure"]["done_at"] is None and not found["waits"]:
        if not said:
            print("erasing; it goes on although you stop this")
            said = True
        await asyncio.sleep(_PAUSE)
        found = await client.get(path)
    return found


def _say_what_went(found: Json) -> None:
    erasure, remains = found["erasure"], found["remains"]
    if erasure["done_at"] is None:
        print("nobody knows him any more; calls are still to be made, so the rest goes when the")
        print("desk runs: deskbridge run")
    else:
        counts = ", ".join(f"{count} {table}" for table, count in erasure["counts"].items())
        print(f"erased: {counts or 'there was nothing but his name'}")
    print("what this desk cannot erase:")
    for thread in remains["threads"]:
        print(f"  a thread in {thread['workspace']}: {thread['link'] or thread['thread']}")
    for channel in remains["channels"]:
        print(f"  what the channel {channel} kept, which is not in the settings any more")
    for copy in remains["copies"]:
        print(f"  a copy of the database beside it: {copy}")
    print("  with SQLite, pieces in gaps of its pages: stop the desk, and deskbridge db compact")
    print("  backups that you made before now, and what is on his own phone")
