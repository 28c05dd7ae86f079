"""What every part of one Slack workspace stands on, put together once."""

from collections.abc import Sequence

from msgspec.structs import replace

from bridge.adapters.common import site
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.pauses import USUAL, Pauses
from bridge.adapters.common.recent import Recent
from bridge.adapters.workspaces.slack.budget import Budgets
from bridge.adapters.workspaces.slack.client import Json, Me, SlackClient
from bridge.adapters.workspaces.slack.people import People
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.adapters.workspaces.slack.text.naming import Naming
from bridge.ports.commands import Answer, CommandSpec
from bridge.ports.pace import Place, Urgency
from bridge.ports.plugin import AdapterContext
from bridge.ports.workspace import WorkspaceSink


class Site(site.Site[Me]):
    """The parts of one workspace that sending, receiving and surfaces share."""

    def __init__(
        self, settings: SlackSettings, context: AdapterContext, pauses: Pauses = USUAL
    ) -> None:
        """Put the parts together; nothing is read, written or connected yet."""
        super().__init__(context, settings.language, pauses)
        self.settings = settings
        budgets = Budgets(
            context.clock,
            settings.posts_per_channel,
            settings.posts_per_minute,
            settings.edits_per_minute,
        )
        self.slack = SlackClient(
            settings.bot_token.get_secret_value(), settings.api_url, budgets, context.replaced
        )
        self.people = People(self.slack, context.clock)
        self.eyes = DeskEyes(self, self.people.locale)
        self.naming = Naming((), "")
        self._direct: Recent[str] = Recent()

    def named(self, answer: Answer, in_thread: bool) -> Answer:
        """The answer with its commands as they are typed where it is read."""
        return replace(answer, text=self.naming.here(answer.text, in_thread=in_thread))

    async def _open_session(self) -> None:
        await self.slack.open()

    async def _who_am_i(self) -> Me:
        me = await self.slack.who_am_i()
        self.people.at_home(me.team)
        return me

    async def post(
        self,
        channel: str,
        shown: Json,
        *,
        urgency: Urgency = Urgency.NOTICE,
        place: Place | None = None,
        **more: object,
    ) -> Json:
        """Post a message and expect it back as an event; as `SlackClient.call`."""
        answer = await self.slack.call(
            "chat.postMessage", urgency=urgency, place=place, channel=channel, **shown, **more
        )
        self.echoes.posted(str(answer["channel"]), str(answer["ts"]))
        return answer

    async def direct(self, people: Sequence[str]) -> str:
        """The channel of these people's direct messages with the app."""
        who = ",".join(people)
        channel = self._direct.get(who)
        if channel is None:
            opened = await self.slack.call("conversations.open", users=who)
            channel = str(opened["channel"]["id"])
            self._direct.put(who, channel)
        return channel

    def connect(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """The desk is there."""
        super().connect(sink, commands)
        self.naming = Naming(self.commands, self.settings.command_prefix)

    async def close(self) -> None:
        """Close the session, as the last thing."""
        await self.people.stop()
        await self.slack.close()
