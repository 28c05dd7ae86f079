"""Lines into threads, each once: alone, several in one message, with files; and what follows."""

import asyncio
from collections.abc import Sequence

import aiohttp

from bridge.adapters.common.recent import Recent
from bridge.adapters.workspaces.discord.budget import EARLY
from bridge.adapters.workspaces.discord.cards import layout
from bridge.adapters.workspaces.discord.cards.lines import joined_body, line_body
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.errors import UNKNOWN_MESSAGE, DiscordRefusal
from bridge.adapters.workspaces.discord.refs import LineRef, line_of, part_id, thread_id
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.adapters.workspaces.discord.sending.changing import Changing
from bridge.adapters.workspaces.discord.sending.doubting import Doubting
from bridge.adapters.workspaces.discord.sending.reacting import MARKS, Reacting
from bridge.adapters.workspaces.discord.sending.roots import Roots
from bridge.adapters.workspaces.discord.sending.speaking import spoken
from bridge.adapters.workspaces.discord.sending.telling import told
from bridge.adapters.workspaces.discord.sending.uploads import Uploads
from bridge.adapters.workspaces.discord.sending.waking import Waking
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.content import File
from bridge.domain.delivery import Mark
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import ExternalId, ThreadRef
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.failpoints import failpoint
from bridge.ports.pace import Place, Urgency


class Posting:
    """Makes the desk's calls in threads."""

    def __init__(
        self, site: Site, roots: Roots, doubting: Doubting, changing: Changing, waking: Waking
    ) -> None:
        """Nothing was posted yet."""
        self._site = site
        self._roots = roots
        self._doubting = doubting
        self._waking = waking
        self._uploads = Uploads(site)
        self._changing = changing
        self._reacting = Reacting(site, waking)
        self._posted: Recent[ExternalId] = Recent()
        self._kept: dict[ThreadRef, Place] = {}

    async def ready(self, ref: ThreadRef) -> bool:
        """Wait until a post may be made in this thread; true when others wait, too."""
        try:
            to = _messages(thread_id(ref))
        except DeliveryRejected:
            return False  # the post itself says so
        budgets = self._site.discord.budgets
        place = await budgets.place(to, Urgency.LINE, early=EARLY)
        self._drop_kept(ref)
        self._kept[ref] = place
        return budgets.crowded(to)

    async def call(self, ref: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """Make one call."""
        if call.kind is CallKind.POST:
            return await self._post_once(ref, call)
        thread, line = thread_id(ref), _about(call)
        match call.kind:
            case CallKind.EDIT:
                await self._changing.edit(thread, line, spoken(call))
            case CallKind.DELETE:
                await self._changing.delete(thread, line)
            case CallKind.REACT | CallKind.UNREACT:
                await self._react(ref, line, call)
        return None

    async def mark(
        self, ref: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        """Mark a person's line, or take the mark away."""
        message = line_of(external_id).message
        await self._reacting.show(thread_id(ref), message, MARKS[mark], removed=removed)

    # --- posts ------------------------------------------------------------------------------

    async def _post_once(self, ref: ThreadRef, call: OutboundCall) -> ExternalId | None:
        try:
            posted = self._posted.get(call.key)
            if posted is None and call.doubtful is not None:
                self._drop_kept(ref)
                failpoint("discord.finding")
                posted = await self._doubting.found(thread_id(ref), call)
                failpoint("discord.found")
            if posted is None:
                posted = await self._post(ref, call)
        finally:
            self._drop_kept(ref)
        if posted is not None:
            self._remember(ref, [(call, posted)])
        return posted

    async def _post(self, ref: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """Post it; None when it was posted before and people have deleted it since."""
        room = await self._unfold(ref)
        body = {**line_body(spoken(call)), **_quoting(call), **self._named(call.key)}
        files = call.content.files if call.content is not None else ()
        try:
            with told(self._site, room):
                if files:
                    answer = await self._send_files(ref, body, files)
                else:
                    answer = await self._send(ref, body)
        except DiscordRefusal as error:
            if call.doubtful is not None and error.discord_code == UNKNOWN_MESSAGE:
                return None
            raise
        message = str(answer["id"])
        if body["flags"] == layout.IS_COMPONENTS_V2:
            await self._changing.note_texts(message, joined=False)
        return part_id(message, 0)

    async def post_together(
        self, ref: ThreadRef, calls: Sequence[OutboundCall]
    ) -> Sequence[ExternalId]:
        """Post lines of one speaker as one message; an id for each."""
        thread, keys = thread_id(ref), [call.key for call in calls]
        body = {**joined_body([spoken(call) for call in calls]), **self._named(keys[0])}
        try:
            room = await self._unfold(ref)
            await self._doubting.note_group(thread, keys)
            with told(self._site, room):
                answer = await self._send(ref, body)
        finally:
            self._drop_kept(ref)
        message = str(answer["id"])
        await self._changing.note_texts(message, joined=True)
        ids = [part_id(message, part) for part in range(len(calls))]
        self._remember(ref, list(zip(calls, ids, strict=True)))
        return ids

    async def _unfold(self, ref: ThreadRef) -> str:
        """Where the thread is, now that there is one."""
        thread = await self._site.threads.find(ref)
        if thread is not None and thread.bare:
            self._drop_kept(ref)
            await self._roots.unfold(ref)
        return ref if thread is None else thread.room

    def _named(self, key: str) -> Json:
        return {"nonce": self._site.nonces.of(key), "enforce_nonce": True}

    async def _send(self, ref: ThreadRef, body: Json) -> Json:
        async def send() -> Json:
            return await self._site.discord.call(
                _messages(ref), body, urgency=Urgency.LINE, place=self._take_kept(ref)
            )

        return self._echoed(ref, await self._waking.awake(thread_id(ref), send))

    async def _send_files(self, ref: ThreadRef, body: Json, files: Sequence[File]) -> Json:
        async def send() -> Json:
            sources = await asyncio.to_thread(self._uploads.opened, files)
            try:
                form: aiohttp.FormData = self._uploads.form(body, files, sources)
                return await self._site.discord.call(
                    _messages(ref), form=form, urgency=Urgency.LINE, place=self._take_kept(ref)
                )
            finally:
                for source in sources:
                    source.close()

        return self._echoed(ref, await self._waking.awake(thread_id(ref), send))

    def _echoed(self, ref: ThreadRef, answer: Json) -> Json:
        self._site.echoes.posted(ref, str(answer["id"]))
        return answer

    def _remember(self, ref: ThreadRef, posted: list[tuple[OutboundCall, ExternalId]]) -> None:
        for call, id_ in posted:
            self._posted.put(call.key, id_)
        self._site.threads.answered(ref)

    # --- reactions --------------------------------------------------------------------------

    async def _react(self, ref: ThreadRef, line: LineRef, call: OutboundCall) -> None:
        """A customer's reaction is an emoji of ours."""
        removed = call.kind is CallKind.UNREACT
        await self._reacting.show(thread_id(ref), line.message, call.emoji, removed=removed)

    # --- places -----------------------------------------------------------------------------

    def _take_kept(self, ref: ThreadRef) -> Place | None:
        kept = self._kept.get(ref)
        if kept is None or kept.lost:
            return None
        return self._kept.pop(ref)

    def _drop_kept(self, ref: ThreadRef) -> None:
        kept = self._kept.pop(ref, None)
        if kept is not None and not kept.lost:
            kept.drop()


def _messages(thread: str) -> Route:
    return route("POST", "/channels/{channel_id}/messages", channel_id=thread)


def _quoting(call: OutboundCall) -> Json:
    """An answer of Discord's own kind; where the line is gone, a line like any other."""
    if not call.quoted:
        return {}
    message = line_of(call.quoted).message
    return {"message_reference": {"message_id": message, "fail_if_not_exists": False}}


def _about(call: OutboundCall) -> LineRef:
    if not call.external_id:
        raise DeliveryRejected("a change of no line", "line_gone")
    return line_of(call.external_id)
