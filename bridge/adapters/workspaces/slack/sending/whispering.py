"""Private answers: seen by one person, in the thread where that can be, else in direct messages."""

from collections.abc import Sequence

from bridge.adapters.common import labels
from bridge.adapters.common.recent import Recent
from bridge.adapters.workspaces.slack.blocks.outbound import private_answer
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.refs import place_of
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import ThreadRef, WorkspaceUserId
from bridge.domain.text import FormattedText


class Whispering:
    """Tells one person something; each key once."""

    def __init__(self, site: Site) -> None:
        """Nothing was told yet."""
        self._site = site
        self._told: Recent[bool] = Recent()

    async def tell(
        self,
        to: WorkspaceUserId,
        ref: ThreadRef | None,
        text: FormattedText,
        offers: Sequence[OfferedCommand],
        key: str,
    ) -> None:
        """Show it to this person alone."""
        if self._told.get(key):
            return
        thread = None if ref is None else await self._site.threads.find(ref)
        said = await self._labels(to, offers)
        text = self._site.naming.here(text, in_thread=ref is not None)
        shown = private_answer(text, offers, said, None if thread is None else thread.number)
        if ref is None or not await self._in_thread(to, ref, shown):
            await self._directly(to, shown)
        self._told.put(key, True)

    async def _labels(self, to: WorkspaceUserId, offers: Sequence[OfferedCommand]) -> list[str]:
        """What the buttons say, in the language of the sentence above them: his own."""
        if not offers:
            return []
        language = await self._site.eyes.language(await self._site.people.user(to))
        return [labels.label_of(each.label, each.command, language) for each in offers]

    async def _in_thread(self, to: WorkspaceUserId, ref: ThreadRef, shown: Json) -> bool:
        """True when it was shown there; not to somebody who is not in the room, for one."""
        place = place_of(ref)
        try:
            await self._site.slack.call(
                "chat.postEphemeral",
                channel=place.channel,
                thread_ts=place.ts if await self._is_answered(ref) else None,
                user=to,
                **shown,
            )
        except SlackRefusal:
            return False
        return True

    async def _is_answered(self, ref: ThreadRef) -> bool:
        """Slack shows a private answer under a root only where something stands already."""
        threads, place = self._site.threads, place_of(ref)
        if not threads.is_answered(ref):
            found = await self._site.slack.call(
                "conversations.replies", channel=place.channel, ts=place.ts, limit=2
            )
            if len(found["messages"]) < 2:
                return False
            threads.answered(ref)
        return True

    async def _directly(self, to: WorkspaceUserId, shown: Json) -> None:
        await self._site.post(await self._site.direct([to]), shown)
