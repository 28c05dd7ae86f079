"""Answers reach the one who asked, and nobody else: in his modal, in the thread, in the room."""

import asyncio
from collections.abc import Coroutine

import aiohttp
import msgspec
import structlog

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.tasks import begun
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.slack.blocks.outbound import private_answer
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces.modals import Modals
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.adapters.workspaces.slack.surfaces.results import result, spoken
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import WorkspaceUserId
from bridge.ports.commands import Answer, WorkspaceUser

log = structlog.get_logger("bridge.slack")


class Answers:
    """Tells people what became of what they asked. Never late for an ack: it does not wait."""

    def __init__(self, site: Site, voice: Voice, modals: Modals, eyes: DeskEyes) -> None:
        """Nothing is under way."""
        self._site = site
        self._voice = voice
        self._modals = modals
        self._eyes = eyes
        self._under_way: set[asyncio.Task[None]] = set()

    def tell(
        self,
        occasion: Occasion,
        user: WorkspaceUser,
        answer: Answer,
        command: str,
        number: int | None = None,
    ) -> None:
        """Bring him the answer; one that was given before has no words.

        Buttons under it are about the conversation of this `number`.
        """
        if occasion.sheet is None and number is not None:
            occasion = msgspec.structs.replace(occasion, sheet=Sheet(number=number))
        if answer.text:
            self.later(self._tell(occasion, user, answer, command))

    def later(self, work: Coroutine[object, object, None]) -> None:
        """Do it without letting Slack wait."""
        task = begun(_kept(work), "slack answer")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Everybody has his answer."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _tell(
        self, occasion: Occasion, user: WorkspaceUser, answer: Answer, command: str
    ) -> None:
        answer = self._site.named(answer, occasion.in_thread)
        if occasion.view:
            sheet = occasion.sheet or Sheet()
            shown = msgspec.structs.replace(sheet, command=sheet.command or command)
            view = result(answer, shown, await self._eyes.language(user))
            if await self._modals.change(occasion.view, view):
                return
        if not await self._respond(occasion, answer):
            await self._whisper(occasion, answer)

    async def _respond(self, occasion: Occasion, answer: Answer) -> bool:
        """Through the address that Slack gave for it: no budget, and it may replace what was."""
        if not occasion.response_url:
            return False
        body = self._shown(answer, occasion) | {
            "response_type": "ephemeral",
            "replace_original": occasion.replaces,
        }
        if occasion.in_thread:
            body["thread_ts"] = occasion.root
        try:
            async with self._site.slack.session.post(occasion.response_url, json=body) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("response_url_failed", why=repr(error))
            return False

    def _shown(self, answer: Answer, occasion: Occasion) -> Json:
        number = None if occasion.sheet is None else occasion.sheet.number
        return private_answer(answer.text, answer.offers, spoken(answer.offers), number)

    async def _whisper(self, occasion: Occasion, answer: Answer) -> None:
        if occasion.thread is None and occasion.channel:
            try:
                await self._site.slack.call(
                    "chat.postEphemeral",
                    channel=occasion.channel,
                    user=occasion.user,
                    **self._shown(answer, occasion),
                )
                return
            except SlackRefusal:
                log.info("not_in_room", channel=occasion.channel)
        await self._voice.whisper(
            WorkspaceUserId(occasion.user),
            occasion.thread,
            answer.text,
            answer.offers,
            f"answer:{occasion.key}",
        )


async def _kept(work: Coroutine[object, object, None]) -> None:
    """An answer that Slack does not take is lost; what was asked has been done."""
    try:
        await work
    except DeskbridgeError as error:
        log.warning("answer_lost", why=str(error))
