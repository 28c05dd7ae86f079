"""Lines in threads: posted once, changed, taken away, reacted to and marked."""

from bridge.adapters.workspaces.slack.budget import EARLY
from bridge.adapters.workspaces.slack.emoji import name_of
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.finding import Finder
from bridge.adapters.workspaces.slack.outbound import LINE_EVENT, Line, message, metadata, speaker
from bridge.adapters.workspaces.slack.recent import Recent
from bridge.adapters.workspaces.slack.refs import Place, line_id, place_of
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.threads import Thread
from bridge.adapters.workspaces.slack.uploads import Uploads
from bridge.domain.binding import Purpose
from bridge.domain.content import Content, text_content
from bridge.domain.delivery import Mark
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import ExternalId, ThreadRef
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.pace import Place as Room
from bridge.ports.pace import Urgency

CUSTOMIZE = "chat:write.customize"

MARKS = {
    Mark.NOT_CROSSED: "no_entry_sign",
    Mark.FAILED: "x",
    Mark.UNKNOWN: "grey_question",
    Mark.NOTE: "memo",
}
"""What happened to a person's line: stopped, failed, nobody knows, only written down."""


class Posting:
    """Everything that happens to single lines."""

    def __init__(self, site: Site, finder: Finder, uploads: Uploads) -> None:
        """Nothing was posted yet."""
        self._site = site
        self._finder = finder
        self._uploads = uploads
        self._posted: Recent[str] = Recent()
        self._kept: dict[ThreadRef, Room] = {}

    async def ready(self, ref: ThreadRef) -> bool:
        """Wait until a post may be made in this thread; true when others wait, too."""
        channel, budgets = place_of(ref).channel, self._site.slack.budgets
        room = await budgets.place("chat.postMessage", channel, Urgency.LINE, early=EARLY)
        self._drop_kept(ref)
        self._kept[ref] = room
        return budgets.crowded(channel)

    async def call(self, ref: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """Make one call of the desk's in a thread."""
        if call.kind is CallKind.POST:
            return line_id(await self._post_once(ref, call))
        place, ts = place_of(ref), _about(call)
        match call.kind:
            case CallKind.EDIT:
                await self._edit(ref, place, ts, call)
            case CallKind.DELETE:
                await self._delete(place, ts)
            case CallKind.REACT:
                await self._react(ref, place, ts, call)
            case CallKind.UNREACT:
                await self._unreact(place, ts, call.emoji)
        return None

    async def mark(
        self, ref: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        """Mark a person's line, or take the mark away; a line that is gone needs none."""
        method = "reactions.remove" if removed else "reactions.add"
        await self._reaction(method, place_of(ref), external_id, MARKS[mark])

    # --- posts ------------------------------------------------------------------------------

    async def _post_once(self, ref: ThreadRef, call: OutboundCall) -> str:
        try:
            place = place_of(ref)
            posted = self._posted.get(call.key)
            if posted is None and call.doubtful is not None:
                self._drop_kept(ref)
                posted = await self._finder.line(place, call.key, call.doubtful)
            if posted is None:
                posted = await self._post(ref, place, call)
        finally:
            self._drop_kept(ref)
        self._posted.put(call.key, posted)
        self._site.threads.answered(ref)
        return posted

    async def _post(self, ref: ThreadRef, place: Place, call: OutboundCall) -> str:
        line = self._line(await self._site.threads.find(ref), call)
        files = call.content.files if call.content is not None else ()
        if files:
            self._drop_kept(ref)
            return await self._post_files(place, call, line)
        answer = await self._site.post(
            place.channel,
            message(line),
            urgency=Urgency.LINE,
            place=self._take_kept(ref),
            thread_ts=place.ts,
            metadata=metadata(LINE_EVENT, {"key": call.key}),
        )
        ts = str(answer["ts"])
        if answer["message"].get("thread_ts") != place.ts:
            await self._take_back(place, ts)
        return ts

    async def _post_files(self, place: Place, call: OutboundCall, line: Line) -> str:
        """Files in a message of the app's own: who sent them stands in its text."""
        content = call.content or Content()
        shown = message(Line(text=line.text, name=line.name, mentions=line.mentions))
        blocks = shown["blocks"] if line.text or line.name or line.mentions else []
        return await self._uploads.post(
            place, call.key, content.files, blocks, doubtful=call.doubtful is not None
        )

    def _line(self, thread: Thread | None, call: OutboundCall) -> Line:
        """How a call's line is shown: a customer under his own name where that may be."""
        channel = "" if thread is None else thread.channel
        stays = thread is not None and not thread.private and thread.purpose is Purpose.WORK
        dressed = stays and call.author is Author.CUSTOMER and CUSTOMIZE in self._site.me.scopes
        return Line(
            text=(call.content or Content()).text,
            name=speaker(call.author, call.name, channel),
            customised=dressed,
            mentions=call.mentions,
            note=call.note,
        )

    async def _take_back(self, place: Place, ts: str) -> None:
        """The root is gone and Slack put the line into the room, where it has no business."""
        await self._delete(place, ts)
        raise DeliveryRejected("its thread was deleted in Slack", "thread_gone")

    # --- changes ----------------------------------------------------------------------------

    async def _edit(self, ref: ThreadRef, place: Place, ts: str, call: OutboundCall) -> None:
        shown = message(self._line(await self._site.threads.find(ref), call))
        await self._site.slack.call(
            "chat.update", urgency=Urgency.LINE, channel=place.channel, ts=ts, **shown
        )

    async def _delete(self, place: Place, ts: str) -> None:
        """Take a line away. Slack does not delete what stands under another name: it is emptied."""
        await self._uploads.delete_files(place, ts)
        try:
            await self._site.slack.call(
                "chat.delete", urgency=Urgency.LINE, channel=place.channel, ts=ts
            )
        except SlackRefusal as error:
            if error.slack_code == "cant_delete_message":
                await self._empty(place, ts)
            elif error.slack_code != "message_not_found":
                raise

    async def _empty(self, place: Place, ts: str) -> None:
        shown = message(Line(text=plain(self._site.say("slack.line.deleted"))))
        await self._site.slack.call(
            "chat.update", urgency=Urgency.LINE, channel=place.channel, ts=ts, **shown
        )

    # --- reactions --------------------------------------------------------------------------

    async def _react(self, ref: ThreadRef, place: Place, ts: str, call: OutboundCall) -> None:
        name = name_of(call.emoji)
        if name is not None:
            await self._reaction("reactions.add", place, ts, name)
            return
        # Slack has no such emoji: it is said instead.
        text = self._site.say("slack.line.reacted", name=call.name or "?", emoji=call.emoji)
        told = OutboundCall(key=call.key, kind=CallKind.POST, content=text_content(text))
        await self._post_once(ref, told)

    async def _unreact(self, place: Place, ts: str, emoji: str) -> None:
        name = name_of(emoji)
        if name is not None:
            await self._reaction("reactions.remove", place, ts, name)

    async def _reaction(self, method: str, place: Place, ts: str, name: str) -> None:
        try:
            await self._site.slack.call(method, channel=place.channel, timestamp=ts, name=name)
        except SlackRefusal as error:
            if error.slack_code not in ("already_reacted", "no_reaction", "message_not_found"):
                raise

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


def _about(call: OutboundCall) -> str:
    if not call.external_id:
        raise DeliveryRejected("a change of no line", "line_gone")
    return call.external_id
