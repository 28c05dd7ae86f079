"""Agents in every workspace: they find their customers' threads and answer in them."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import aiohttp

from bridge.simulators.common.wire import Json
from bridge.simulators.discord import DiscordSimulator
from bridge.simulators.discord import Person as DiscordPerson
from bridge.simulators.slack import Message, SlackSimulator
from bridge.simulators.slack import Person as SlackPerson
from tests.crash.people import Agent as LocalPerson

_ARTICLE = re.compile(r'<article id="l\d+" class="line ([^"]*)"(.*?)</article>', re.DOTALL)
_CODE = re.compile(r"\bc\d{2,4}\b")


class Agent(Protocol):
    """The one agent of a workspace."""

    async def threads(self) -> Mapping[str, str]:
        """Which customers' threads he sees, and what the workspace calls them."""
        ...

    async def say(self, thread: str, line: str) -> None:
        """A line in a thread; returns when the workspace has it."""
        ...


class InSlack:
    """Ana: what she writes is Slack's, whether the desk lives or not."""

    def __init__(self, slack: SlackSimulator, ana: SlackPerson, room: str) -> None:
        """She is in the room."""
        self._slack = slack
        self._ana = ana
        self._room = room

    async def threads(self) -> Mapping[str, str]:
        """See `Agent.threads`."""
        roots = [one for one in self._slack.messages(self._room) if one.thread_ts in (None, one.ts)]
        return {_customer(*texts(one.blocks)): one.ts for one in reversed(roots)}

    async def say(self, thread: str, line: str) -> None:
        """See `Agent.say`."""
        await self._ana.replies(self._root(thread), line)

    def _root(self, thread: str) -> Message:
        return next(one for one in self._slack.messages(self._room) if one.ts == thread)


class InDiscord:
    """Bia: as Ana, in a forum."""

    def __init__(self, discord: DiscordSimulator, bia: DiscordPerson, forum: str) -> None:
        """She may write in it."""
        self._discord = discord
        self._bia = bia
        self._forum = forum

    async def threads(self) -> Mapping[str, str]:
        """See `Agent.threads`."""
        posts = self._discord.threads(self._forum)
        return {_customer(post.name): post.id for post in reversed(posts)}

    async def say(self, thread: str, line: str) -> None:
        """See `Agent.say`."""
        await self._bia.says(thread, line)


@dataclass(frozen=True, kw_only=True, slots=True)
class OnThePage:
    """A line as it stands on a page of the local workspace."""

    text: str
    at: float
    mine: bool
    troubled: bool


class AtThePages:
    """Caio, at the local workspace's pages: what is there when all is over is what he saw."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        """He is signed in as soon as he may be."""
        self._url = url
        self._http = http
        self.person = LocalPerson("caio", http, url)

    async def threads(self) -> Mapping[str, str]:
        """See `Agent.threads`."""
        return await self.person.threads()

    async def say(self, thread: str, line: str) -> None:
        """See `Agent.say`."""
        await self.person.says(thread, line)

    async def reads(self, thread: str) -> list[OnThePage]:
        """Every line of a thread, oldest first."""
        pages, more = [], f"/threads/{thread}"
        while more:
            async with self._http.get(f"{self._url}{more}") as answer:
                answer.raise_for_status()
                pages.append(await answer.text())
            found = re.search(r'class="earlier[^>]*hx-get="/desk([^"]+)"', pages[-1])
            more = "" if found is None else html.unescape(found.group(1))
        return [line for page in reversed(pages) for line in _lines(page)]


def _lines(page: str) -> Iterator[OnThePage]:
    for kind, article in _ARTICLE.findall(page):
        text = re.search(r'<div class="text"[^>]*>(.*?)</div>', article, re.S)
        at = re.search(r'data-at="(\d+)"', article)
        yield OnThePage(
            text="" if text is None else text.group(1),
            at=0.0 if at is None else int(at.group(1)) / 1_000,
            mine="by-agent" in kind,
            troubled=any(
                f"mark-{mark}" in article for mark in ("unknown", "failed", "not_crossed")
            ),
        )


def texts(said: Json) -> Iterator[str]:
    """Every string in it."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for value in said.values():
            yield from texts(value)
    elif isinstance(said, Sequence):
        for value in said:
            yield from texts(value)


def _customer(*texts: str) -> str:
    """Of whom a card speaks first."""
    return next((found.group(0) for text in texts for found in _CODE.finditer(text)), "")
