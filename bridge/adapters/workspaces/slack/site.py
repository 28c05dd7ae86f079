"""What every part of one Slack workspace stands on, put together once."""

from collections.abc import Sequence

from msgspec.structs import replace

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.echoes import Echoes
from bridge.adapters.common.recent import Recent
from bridge.adapters.common.threads import ThreadBook
from bridge.adapters.workspaces.slack.budget import Budgets
from bridge.adapters.workspaces.slack.client import Json, Me, SlackClient
from bridge.adapters.workspaces.slack.people import People
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.adapters.workspaces.slack.text.naming import Naming
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Language, WorkspaceId
from bridge.locales import say
from bridge.ports.commands import Answer, CommandSpec
from bridge.ports.pace import Place, Urgency
from bridge.ports.plugin import AdapterContext
from bridge.ports.workspace import WorkspaceSink


class Site:
    """The parts of one workspace that sending, receiving and surfaces share."""

    def __init__(self, settings: SlackSettings, context: AdapterContext) -> None:
        """Put the parts together; nothing is read, written or connected yet."""
        self.settings = settings
        self.context = context
        self.clock = context.clock
        self.id = WorkspaceId(context.id)
        usual = settings.language == "auto"
        self.language = context.language if usual else Language(settings.language)
        budgets = Budgets(
            context.clock,
            settings.posts_per_channel,
            settings.posts_per_minute,
            settings.edits_per_minute,
        )
        self.slack = SlackClient(settings.bot_token.get_secret_value(), settings.api_url, budgets)
        self.threads = ThreadBook(context.store)
        self.echoes = Echoes(context.clock)
        self.people = People(self.slack, context.clock)
        self.eyes = DeskEyes(self, self.people.locale)
        self.commands: dict[str, CommandSpec] = {}
        self.naming = Naming((), "")
        self._direct: Recent[str] = Recent()
        self._me: Me | None = None
        self._sink: WorkspaceSink | None = None

    @property
    def me(self) -> Me:
        """Who the app is. Raises `StorageUnavailable` before the start."""
        if self._me is None:
            raise StorageUnavailable("the workspace is not started")
        return self._me

    @property
    def is_started(self) -> bool:
        """Whether we know who the app is."""
        return self._me is not None

    @property
    def sink(self) -> WorkspaceSink:
        """The desk. Raises `StorageUnavailable` before the start and after the stop."""
        if self._sink is None:
            raise StorageUnavailable("the desk is not running")
        return self._sink

    def say(self, key: str, **data: object) -> str:
        """A text of the catalogue in the language of the rooms."""
        return say(self.language, key, **data)

    def named(self, answer: Answer, in_thread: bool) -> Answer:
        """The answer with its commands as they are typed where it is read."""
        return replace(answer, text=self.naming.here(answer.text, in_thread=in_thread))

    async def open(self) -> None:
        """Open the session, read our threads, learn who we are.

        Raises `CredentialsRejected` when Slack does not take the token, `TemporaryFailure` when
        it cannot be reached: then `introduce` can be tried again.
        """
        await self.slack.open()
        await self.threads.load()
        await self.introduce()

    async def introduce(self) -> None:
        """Learn from Slack who we are there."""
        me = await self.slack.who_am_i()
        self.people.at_home(me.team)
        self._me = me

    @property
    def introduced(self) -> bool:
        """Whether Slack has told us who we are."""
        return self._me is not None

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
        self.commands = {command.name: command for command in commands}
        self.naming = Naming(self.commands, self.settings.command_prefix)
        self._sink = sink

    def disconnect(self) -> None:
        """The desk goes away; what comes in from now on is not taken, so Slack sends it again."""
        self._sink = None

    async def close(self) -> None:
        """Close the session, as the last thing."""
        await self.people.stop()
        await self.slack.close()
