"""A customer who talks to a menu bot, and reads what he sees."""

from bridge.adapters.bots.menu.decide import decide
from bridge.adapters.bots.menu.reading import parse_script, read_script
from bridge.adapters.bots.menu.script import Script
from bridge.domain.content import Content, text_content
from bridge.domain.delivery import BotEventKind
from bridge.domain.ids import ChannelId, Language, PublicId
from bridge.ports.bot import BotCall, BotReply, QueueState

SALES = QueueState(name="sales", title="Sales", available=1, waiting=0)
SUPPORT = QueueState(name="support", title="Support", available=2, waiting=3)

SHOP = read_script(None, "Loja")


def script(text: str) -> Script:
    """A script from its file's text."""
    return parse_script(text, "menu.toml", "Loja")


def call(
    content: Content | None = None,
    *,
    kind: BotEventKind = BotEventKind.MESSAGE_CREATED,
    language: str = "en",
    memory: str = "",
    queues: tuple[QueueState, ...] = (SALES, SUPPORT),
    conversation: str = "c",
) -> BotCall:
    """One event for a bot."""
    return BotCall(
        key="k",
        kind=kind,
        session="s",
        conversation=PublicId(conversation),
        channel=ChannelId("web"),
        language=Language(language),
        customer="Bia",
        epoch=1,
        content=content,
        memory=memory,
        queues=queues,
    )


def shown(content: Content) -> str:
    """A line as the customer reads it; choices are numbered."""
    labels = (f"{number}. {choice.label}" for number, choice in enumerate(content.choices, 1))
    return "\n".join((content.words(), *labels))


class Customer:
    """Keeps the bot's memory between lines, as the desk does."""

    def __init__(
        self,
        bot: Script,
        language: str = "en",
        queues: tuple[QueueState, ...] = (SALES, SUPPORT),
    ) -> None:
        """Begin a conversation."""
        self._script = bot
        self._language = language
        self._queues = queues
        self.memory = ""
        self.reply = BotReply()

    def says(self, what: str | Content) -> list[str]:
        """Write a line; the bot's lines."""
        return self._hears(text_content(what) if isinstance(what, str) else what)

    def presses(self, choice: str) -> list[str]:
        """Press the button of a choice."""
        return self._hears(Content(text=text_content(choice).text, chosen=choice))

    def comes_back(self, content: Content | None = None) -> list[str]:
        """A person gave the conversation back to the bot."""
        return self._hears(content, BotEventKind.HANDOFF_RETURNED)

    def opens(self) -> list[str]:
        """Open a conversation without a word."""
        return self._hears(None, BotEventKind.CONVERSATION_CREATED)

    def _hears(
        self, content: Content | None, kind: BotEventKind = BotEventKind.MESSAGE_CREATED
    ) -> list[str]:
        event = call(
            content,
            kind=kind,
            language=self._language,
            memory=self.memory,
            queues=self._queues,
        )
        self.reply = decide(self._script, self.memory, event)
        self.memory = self.memory if self.reply.memory is None else self.reply.memory
        return [shown(line) for line in self.reply.messages]
