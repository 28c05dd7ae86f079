"""Lines that were posted before: changed, or taken away, alone or as a part of a message."""

from collections.abc import Sequence

from bridge.adapters.workspaces.slack.blocks.joined import (
    is_empty,
    shown_again,
    with_part,
    without_part,
)
from bridge.adapters.workspaces.slack.blocks.outbound import Line, message
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.refs import LineRef, Place
from bridge.adapters.workspaces.slack.sending.uploads import Uploads
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.errors import DeliveryRejected
from bridge.domain.text import plain
from bridge.ports.pace import Urgency

_JOINED = "joined"


class Changing:
    """Edits and deletes lines of ours."""

    def __init__(self, site: Site, uploads: Uploads) -> None:
        """Which messages have parts is kept in the adapter's own store."""
        self._site = site
        self._store = site.context.store
        self._uploads = uploads

    async def note_joined(self, place: Place, ts: str) -> None:
        """Remember that this message has parts: its first one has no id of its own."""
        await self._store.put(_JOINED, _key(place, ts), b"")

    async def edit(self, place: Place, ref: LineRef, line: Line) -> None:
        """Show a line in another way."""
        if not await self._is_joined(place, ref):
            await self._update(place, ref.ts, message(line))
            return
        blocks = with_part(await self._blocks(place, ref.ts), ref.part, line)
        if blocks is None:
            raise DeliveryRejected("this part of the message was taken away", "line_gone")
        await self._update(place, ref.ts, shown_again(blocks, line))

    async def delete(self, place: Place, ref: LineRef, line: Line) -> None:
        """Take a line away; `line` says under which name its message stands."""
        if await self._is_joined(place, ref):
            left = without_part(await self._blocks(place, ref.ts), ref.part)
            if not is_empty(left):
                await self._update(place, ref.ts, shown_again(left, line))
                return
        await self.delete_message(place, ref.ts)

    async def delete_message(self, place: Place, ts: str) -> None:
        """Delete a message. Slack does not where another name stands: there it is emptied."""
        await self._uploads.delete_files(place, ts)
        try:
            await self._site.slack.call(
                "chat.delete", urgency=Urgency.LINE, channel=place.channel, ts=ts
            )
        except SlackRefusal as error:
            if error.slack_code == "cant_delete_message":
                deleted = Line(text=plain(self._site.say("workspace.line.deleted")))
                await self._update(place, ts, message(deleted))
            elif error.slack_code != "message_not_found":
                raise

    async def _update(self, place: Place, ts: str, shown: Json) -> None:
        await self._site.slack.call(
            "chat.update", urgency=Urgency.LINE, channel=place.channel, ts=ts, **shown
        )

    async def _is_joined(self, place: Place, ref: LineRef) -> bool:
        return ref.part > 0 or await self._store.get(_JOINED, _key(place, ref.ts)) is not None

    async def _blocks(self, place: Place, ts: str) -> Sequence[Json]:
        """A message's blocks as they are now; none when it is gone."""
        answer = await self._site.slack.call(
            "conversations.replies",
            urgency=Urgency.LINE,
            channel=place.channel,
            ts=place.ts,
            oldest=ts,
            latest=ts,
            inclusive=True,
            limit=2,
        )
        found = [each for each in answer["messages"] if each["ts"] == ts]
        return (found[0].get("blocks") or ()) if found else ()


def _key(place: Place, ts: str) -> str:
    return f"{place.channel}:{ts}"
