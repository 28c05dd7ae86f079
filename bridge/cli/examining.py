"""Tries a bot for `deskbridge bot check`."""

import asyncio

import aiohttp
from pydantic import ValidationError

from bridge.adapters.bots.webhook.examining import Examination
from bridge.adapters.bots.webhook.settings import WebhookSettings
from bridge.cli.doctor import show
from bridge.cli.terminal import terminal_language
from bridge.domain.errors import InvalidSettings
from bridge.ports.plugin import Check


def examine(url: str, secret: str, as_json: bool) -> bool:
    """Show every check; true when the bot may be used. Raises `InvalidSettings`."""
    checks = asyncio.run(_checks(url, secret))
    show(checks, as_json)
    return all(each.ok for each in checks)


async def _checks(url: str, secret: str) -> list[Check]:
    try:
        settings = WebhookSettings.model_validate({"url": url, "secret": secret})
    except ValidationError as error:
        said = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise InvalidSettings(said.removeprefix("Value error, ")) from error
    async with aiohttp.ClientSession() as http:
        examination = Examination(settings, terminal_language(), http)
        return [each async for each in examination.checks()]
