"""The pages of the local workspace; every one is declared with who may open it."""

from collections.abc import Iterator

from aiohttp import web

from bridge.adapters.workspaces.local.pages import (
    account,
    assets,
    boards,
    commands,
    compose,
    files,
    home,
    people,
    sign_in,
    stream,
    thread,
)
from bridge.adapters.workspaces.local.pages.base import Page, route
from bridge.adapters.workspaces.local.site import Site

PAGES: tuple[Page, ...] = (
    *sign_in.PAGES,
    *account.PAGES,
    *home.PAGES,
    *thread.PAGES,
    *compose.PAGES,
    *commands.PAGES,
    *boards.PAGES,
    *people.PAGES,
    *files.PAGES,
    *stream.PAGES,
    *assets.PAGES,
)


def routes(site: Site) -> Iterator[web.RouteDef]:
    """Every page as a route; those of the demo only in the demo."""
    for page in PAGES:
        if site.context.demo or not page.demo:
            yield route(site, page)
