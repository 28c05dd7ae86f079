"""The demo as a whole: a desk, the hour before, and the page to look at it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bridge.adapters.channels.webchat.settings import WebChatSettings
from bridge.demo.cast import set_up
from bridge.demo.colleagues import at_the_desk
from bridge.demo.house import CHANNEL, HOST, House, earlier, open_house, settle_in
from bridge.demo.opening import BEFORE, the_opening
from bridge.demo.pages import DemoPages
from bridge.demo.phone.shop import open_shop
from bridge.settings import FILE_NAME, Settings

Scene = Callable[[], Awaitable[None]]
Watch = Callable[[Sequence[Scene]], Iterable[Scene]]
"""Hands the scenes on, one after another, and may show how far it is."""


@asynccontextmanager
async def open_demo(
    folder: Path, *, language: str, host: str = HOST, port: int = 0, watch: Watch = iter
) -> AsyncIterator[House]:
    """The demo, ready to be looked at; in a folder where it was before, it goes on from there.

    Raises `InvalidSettings`, `StorageUnavailable`.
    """
    fresh = not (folder / FILE_NAME).exists()
    pages = DemoPages()
    async with open_shop(earlier(BEFORE if fresh else 0)) as shop:
        settings = settle_in(folder, language, shop.environment())
        async with open_house(settings, host=host, port=port, pages=(pages,), shop=shop) as house:
            if fresh:
                await _prepare(house, language, watch)
            pages.play_on(house, secret=secret_of(settings), language=language)
            yield house


async def _prepare(house: House, language: str, watch: Watch) -> None:
    async with the_opening(house, at_the_desk(house)) as opening:
        for scene in watch((partial(set_up, house, language=language), *opening.scenes)):
            await scene()


def secret_of(settings: Settings) -> str:
    """What the shop signs its customers' names with."""
    chat = settings.channels[CHANNEL].settings
    assert isinstance(chat, WebChatSettings), f"[channels.{CHANNEL}] is no web chat"
    assert chat.identity_secret is not None, f"[channels.{CHANNEL}] lacks identity_secret"
    return chat.identity_secret.get_secret_value()
