"""Everything interactive in one Discord server: the same commands from every surface."""

import asyncio
from itertools import chain, repeat

import structlog
from msgspec.structs import replace

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.forms import NEW, number_in
from bridge.adapters.common.running import Runner
from bridge.adapters.common.tasks import begun, ended
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import FORM, PICKED, RUN, Pressed
from bridge.adapters.workspaces.discord.receiving.payloads import Payload
from bridge.adapters.workspaces.discord.receiving.taking import downloads
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces import answers
from bridge.adapters.workspaces.discord.surfaces.completing import Completing
from bridge.adapters.workspaces.discord.surfaces.declaring import menu_of
from bridge.adapters.workspaces.discord.surfaces.flow import Flow
from bridge.adapters.workspaces.discord.surfaces.occasion import Did, Occasion, occasion_of
from bridge.adapters.workspaces.discord.surfaces.reply import Reply
from bridge.adapters.workspaces.discord.surfaces.submitting import Submitting
from bridge.adapters.workspaces.discord.surfaces.syncing import Syncing
from bridge.adapters.workspaces.discord.surfaces.typing import Typing
from bridge.adapters.workspaces.discord.surfaces.waits import Waits
from bridge.adapters.workspaces.discord.surfaces.wanted import read_options
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import ThreadRef
from bridge.locales import best_language
from bridge.ports.commands import WorkspaceUser

log = structlog.get_logger("bridge.discord")

_MAX_ABOUT = 2_000
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)


class Surfaces:
    """What `site.Interactive` promises."""

    def __init__(self, site: Site, voice: Voice, waits: Waits | None = None) -> None:
        """Nothing was pressed yet."""
        self._site = site
        self._voice = voice
        self._eyes = DeskEyes(site, site.people.locale)
        self._runner = Runner(site)
        self._waits = waits = waits or Waits()
        self._flow = Flow(site, self._eyes, self._runner, waits)
        self._submitting = Submitting(site, self._eyes, self._flow, downloads(site))
        self._completing = Completing(site, self._eyes, self._runner, waits)
        self._typing = Typing(site, self._eyes, self._runner, voice)
        self._syncing = Syncing(site)
        self._declaring: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Forget what nobody will press any more."""
        await self._site.kept.tidy()

    async def stop(self) -> None:
        """Declare nothing more; whoever was answered was answered before."""
        if self._declaring is not None:
            await ended(self._declaring)
            self._declaring = None

    async def online(self) -> None:
        """Declare the commands where they changed, beside everything else."""
        if self._declaring is None or self._declaring.done():
            self._declaring = begun(self._declare(), "discord commands")

    async def _declare(self) -> None:
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            if await self._syncing.try_sync():
                return
            await asyncio.sleep(pause)

    # --- interactions -------------------------------------------------------------------------

    async def interaction(self, payload: Json) -> None:
        """Answer it, whatever becomes of what was asked: else Discord says "did not respond"."""
        occasion = occasion_of(payload)
        if occasion is None or payload.get("guild_id") not in (None, self._site.guild):
            return
        reply = Reply(self._site, self._voice, occasion)
        work = asyncio.ensure_future(self._answered(reply, payload))
        try:
            done, _ = await asyncio.wait({work}, timeout=self._waits.form)
            if not done:
                await reply.think()
                await asyncio.wait({work})
        finally:
            work.cancel()
        error = work.exception()
        if error is not None:
            await self._sorry(reply, error, str(payload.get("locale") or ""))

    async def _sorry(self, reply: Reply, error: BaseException, locale: str) -> None:
        """A kind sentence for what failed; the log has the rest."""
        foreseen = isinstance(error, DeskbridgeError)
        if foreseen:
            log.warning("interaction_failed", name=reply.occasion.name, why=str(error))
        else:
            log.error("interaction_failed", name=reply.occasion.name, exc_info=error)
        if reply.occasion.did is Did.TYPES:
            await reply.choices(())
            return
        language = best_language(locale) if locale else self._site.language
        await reply.show(answers.sorry("away" if foreseen else "broken", language))

    async def _answered(self, reply: Reply, payload: Json) -> None:
        occasion = reply.occasion
        if occasion.did is Did.TYPES:
            user = await self._site.people.here(payload)
            await reply.choices(await self._completing.offered(occasion, user))
            return
        user = await self._site.people.here(payload)
        match occasion.did:
            case Did.COMMAND if occasion.target:
                await self._of_menu(reply, user)
            case Did.COMMAND:
                await self._of_slash(reply, user)
            case _:
                await self._used(reply, user)

    async def _of_slash(self, reply: Reply, user: WorkspaceUser) -> None:
        occasion = reply.occasion
        named = occasion.options.get("conversation", "")
        pressed = Pressed(
            command=occasion.name,
            number=await self._runner.number(None if named else occasion.thread, named),
            arguments=read_options(occasion.name, occasion.options),
        )
        await self._flow.go(reply, user, pressed, typed=True)

    async def _of_menu(self, reply: Reply, user: WorkspaceUser) -> None:
        """An entry in a message's own menu acts on the conversation of its thread, or of its card.

        In a text channel a card that waits has no thread yet: it is called as the card is.
        """
        occasion = reply.occasion
        thread = occasion.thread or ThreadRef(occasion.target)
        number = await self._runner.number(thread)
        if number is None:
            await self._say_sorry(reply, user, "no_thread")
        elif menu_of(occasion.name) == "ticket":
            about = {"ticket": NEW, "description": occasion.message[:_MAX_ABOUT]}
            form = Pressed(kind=FORM, command="ticket", number=number, arguments=about)
            await self._flow.form(reply, user, form)
        else:
            await self._flow.menu(reply, user, number, thread)

    async def _used(self, reply: Reply, user: WorkspaceUser) -> None:
        """A button, a menu or a form of ours; one that is too old says so."""
        occasion = reply.occasion
        pressed = await self._site.kept.read(occasion.name)
        if pressed is None:
            await self._say_sorry(reply, user, "outdated")
            return
        pressed = _picked(pressed, occasion)
        if pressed.number is None and not pressed.arguments.get("address"):
            number = await self._runner.number(occasion.thread)
            pressed = replace(pressed, number=number)
        if occasion.did is Did.FORM:
            await self._submitting.sent(reply, user, pressed)
        else:
            await self._flow.go(reply, user, pressed)

    async def _say_sorry(self, reply: Reply, user: WorkspaceUser, key: str) -> None:
        await reply.think()
        language = await self._eyes.language(user)
        await reply.tell(user, answers.sorry(key, language), answers.sorry_text(key, language))

    # --- typed --------------------------------------------------------------------------------

    async def typed(self, message: Payload) -> bool:
        """A `!command`, or a mention of the bot at the beginning of a message."""
        return await self._typing.typed(message)


def _picked(pressed: Pressed, occasion: Occasion) -> Pressed:
    """What a menu says, with the choice in its place."""
    argument = pressed.arguments.get(PICKED)
    if argument is None or not occasion.values:
        return pressed
    given = {name: value for name, value in pressed.arguments.items() if name != PICKED}
    chosen = occasion.values[0]
    if argument == "conversation":
        return replace(pressed, kind=RUN, number=number_in(chosen), arguments=given)
    return replace(pressed, kind=RUN, arguments=given | {argument: chosen})
