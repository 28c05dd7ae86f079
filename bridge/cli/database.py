"""Commands on the database: back it up, check it, bring it up to date."""

import typer

app = typer.Typer(help="The database of this desk.", no_args_is_help=True)
