"""Lines into threads, each once: alone, several in one message, with files; and what follows."""

from collections.abc import Sequence

from bridge.adapters.common.recent import Recent
from bridge.adapters.workspaces.slack.blocks.joined import joined_message
from bridge.adapters.workspaces.slack.blocks.outbound import LINE_EVENT, Line, message, metadata
from bridge.adapters.workspaces.slack.budget import EARLY
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.refs import LineRef, Place, line_of, part_id, place_of
from bridge.adapters.workspaces.slack.sending.changing import Changing
from bridge.adapters.workspaces.slack.sending.finding import Finder
from bridge.adapters.workspaces.slack.sending.reacting import MARKS, Reacting
from bridge.adapters.workspaces.slack.sending.speaking import Speaking
from bridge.adapters.workspaces.slack.sending.uploads import Uploads
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.text.emoji import name_of
from bridge.domain.content import File, text_content
from bridge.domain.delivery import Mark
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import ExternalId, ThreadRef
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.failpoints import failpoint
from bridge.ports.pace import Place as Room
from bridge.ports.pace import Urgency


class Posting:
    """Makes the desk's calls in threads."""

    def __init__(self, site: Site, finder: Finder, uploads: Uploads) -> None:
        """Nothing was posted yet."""
        self._site = site
        self._finder = finder
        self._uploads = uploads
        self._speaking = Speaking(site)
        self._changing = Changing(site, uploads)
        self._reacting = Reacting(site)
        self._posted: Recent[ExternalId] = Recent()
        self._kept: dict[ThreadRef, Room] = {}

    async def ready(self, ref: ThreadRef) -> bool:
        """Wait until a post may be made in this thread; true when others wait, too."""
        try:
            channel = place_of(ref).channel
        except DeliveryRejected:
            return False  # the post itself says so
        budgets = self._site.slack.budgets
        room = await budgets.place("chat.postMessage", channel, Urgency.LINE, early=EARLY)
        self._drop_kept(ref)
        self._kept[ref] = room
        return budgets.crowded(channel)

    async def call(self, ref: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """Make one call."""
        if call.kind is CallKind.POST:
            return await self._post_once(ref, call)
        place, line = place_of(ref), _about(call)
        match call.kind:
            case CallKind.EDIT:
                await self._changing.edit(place, line, await self._speaking.line(ref, call))
            case CallKind.DELETE:
                await self._changing.delete(place, line, await self._speaking.line(ref, call))
            case CallKind.REACT | CallKind.UNREACT:
                await self._react(ref, place, line, call)
        return None

    async def mark(
        self, ref: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        """Mark a person's line, or take the mark away."""
        line = line_of(external_id)
        await self._reacting.show(place_of(ref), line.ts, MARKS[mark], removed=removed)

    # --- posts ------------------------------------------------------------------------------

    async def _post_once(self, ref: ThreadRef, call: OutboundCall) -> ExternalId:
        try:
            posted = self._posted.get(call.key)
            if posted is None and call.doubtful is not None:
                self._drop_kept(ref)
                posted = await self._found(place_of(ref), call)
            if posted is None:
                posted = await self._post(ref, place_of(ref), call)
        finally:
            self._drop_kept(ref)
        self._remember(ref, [(call, posted)])
        return posted

    async def _found(self, place: Place, call: OutboundCall) -> ExternalId | None:
        if call.doubtful is None:
            return None
        failpoint("slack.finding")
        line = await self._finder.line(place, call.key, call.doubtful)
        failpoint("slack.found")
        if line is None:
            return None
        if line.joined:
            await self._changing.note_joined(place, line.ts)
        return part_id(line.ts, line.part)

    async def _post(self, ref: ThreadRef, place: Place, call: OutboundCall) -> ExternalId:
        line = await self._speaking.line(ref, call)
        files = call.content.files if call.content is not None else ()
        if files:
            self._drop_kept(ref)
            return part_id(await self._post_files(place, call, files, line), 0)
        return part_id(await self._send(ref, place, message(line), {"key": call.key}), 0)

    async def _post_files(
        self, place: Place, call: OutboundCall, files: Sequence[File], line: Line
    ) -> str:
        """Files in a message of the app's own: who sent them stands in its text."""
        shown = message(Line(text=line.text, name=line.name, mentions=line.mentions))
        blocks = shown["blocks"] if line.text or line.name or line.mentions else []
        doubtful = call.doubtful is not None
        return await self._uploads.post(place, call.key, files, blocks, doubtful=doubtful)

    async def post_together(
        self, ref: ThreadRef, calls: Sequence[OutboundCall]
    ) -> Sequence[ExternalId]:
        """Post lines of one speaker as one message; an id for each."""
        place, keys = place_of(ref), [call.key for call in calls]
        lines = [await self._speaking.line(ref, call) for call in calls]
        try:
            payload: Json = {"key": keys[0], "keys": keys}
            ts = await self._send(ref, place, joined_message(lines), payload)
        finally:
            self._drop_kept(ref)
        await self._changing.note_joined(place, ts)
        ids = [part_id(ts, part) for part in range(len(calls))]
        self._remember(ref, list(zip(calls, ids, strict=True)))
        return ids

    async def _send(self, ref: ThreadRef, place: Place, shown: Json, payload: Json) -> str:
        answer = await self._site.post(
            place.channel,
            shown,
            urgency=Urgency.LINE,
            place=self._take_kept(ref),
            thread_ts=place.ts,
            metadata=metadata(LINE_EVENT, payload),
        )
        ts = str(answer["ts"])
        if answer["message"].get("thread_ts") != place.ts:
            # The root is gone, and Slack put the line into the room: it has no business there.
            await self._changing.delete_message(place, ts)
            raise DeliveryRejected("its thread was deleted in Slack", "thread_gone")
        return ts

    def _remember(self, ref: ThreadRef, posted: list[tuple[OutboundCall, ExternalId]]) -> None:
        for call, id_ in posted:
            self._posted.put(call.key, id_)
        self._site.threads.answered(ref)

    # --- reactions --------------------------------------------------------------------------

    async def _react(self, ref: ThreadRef, place: Place, line: LineRef, call: OutboundCall) -> None:
        name, removed = name_of(call.emoji), call.kind is CallKind.UNREACT
        if name is not None:
            await self._reacting.show(place, line.ts, name, removed=removed)
        elif not removed:
            # Slack has no such emoji: it is said instead.
            text = self._site.say("workspace.line.reacted", name=call.name or "?", emoji=call.emoji)
            told = OutboundCall(key=call.key, kind=CallKind.POST, content=text_content(text))
            await self._post_once(ref, told)

    # --- places -----------------------------------------------------------------------------

    def _take_kept(self, ref: ThreadRef) -> Room | None:
        kept = self._kept.get(ref)
        if kept is None or kept.lost:
            return None
        return self._kept.pop(ref)

    def _drop_kept(self, ref: ThreadRef) -> None:
        kept = self._kept.pop(ref, None)
        if kept is not None and not kept.lost:
            kept.drop()


def _about(call: OutboundCall) -> LineRef:
    if not call.external_id:
        raise DeliveryRejected("a change of no line", "line_gone")
    return line_of(call.external_id)
