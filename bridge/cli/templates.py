"""Commands on the desk's own templates."""

from typing import Annotated

import typer

from bridge.cli.ask import Client, Json, with_desk

app = typer.Typer(help="Prepared texts that agents send.", no_args_is_help=True)


@app.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its word in /template")],
    text: Annotated[str, typer.Argument(help="With {{variables}}")],
    language: Annotated[str | None, typer.Option(help="en or pt_BR; usually the desk's")] = None,
) -> None:
    """Write a template; the same name again replaces it."""

    async def work(client: Client) -> Json:
        body = {"name": name, "language": language, "body": text}
        return await client.send("POST", "/v1/templates", body)

    print(with_desk(context, work)["message"])
