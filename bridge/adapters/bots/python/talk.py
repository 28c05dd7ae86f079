"""What a bot's function is given: one event, and the words for an answer."""

from typing import Literal

from pydantic import JsonValue

from bridge.domain.content import Content
from bridge.domain.delivery import BotEventKind
from bridge.ports.bot import BotCall, Control
from bridge.ports.bot_answer import BotAnswer, BotButton, BotHandoff, BotLine, attributes

Priority = Literal["low", "normal", "high", "urgent"]


class Talk:
    """One event of one conversation. Nothing is sent before the function has returned."""

    def __init__(self, call: BotCall) -> None:
        """Nothing is said yet."""
        self._call = call
        self._lines: list[BotLine] = []
        self._handoff: BotHandoff | None = None
        self._close = False
        self._set: dict[str, JsonValue] = {}

    # --- what happened ------------------------------------------------------------------------

    @property
    def kind(self) -> BotEventKind:
        """What happened: `message.created` above all."""
        return self._call.kind

    @property
    def text(self) -> str:
        """What the customer said, in words; empty where nobody said anything."""
        return "" if self._call.content is None else self._call.content.words()

    @property
    def chosen(self) -> str | None:
        """The id of the button that the customer pressed."""
        return None if self._call.content is None else self._call.content.chosen

    @property
    def content(self) -> Content | None:
        """All that he sent: files, a place, a card."""
        return self._call.content

    @property
    def conversation(self) -> int:
        """What people call the conversation: its number."""
        return self._call.number

    @property
    def session(self) -> str:
        """The same for the same customer on the same channel, over all his conversations."""
        return self._call.session

    @property
    def customer(self) -> str:
        """His name."""
        return self._call.customer

    @property
    def language(self) -> str:
        """`en` or `pt_BR`."""
        return self._call.language

    @property
    def has_the_word(self) -> bool:
        """False while people talk to the customer: then nothing that is said here counts."""
        return self._call.control is Control.BOT

    @property
    def summary(self) -> str:
        """What the agent wrote when he gave the customer back."""
        return self._call.summary

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues of the desk, by their words."""
        return tuple(queue.name for queue in self._call.queues)

    @property
    def memory(self) -> dict[str, JsonValue]:
        """What was remembered of this conversation."""
        return attributes(self._call.memory) | self._set

    # --- what the bot says --------------------------------------------------------------------

    def say(self, text: str, *buttons: str) -> None:
        """One line for the customer, in Markdown; a button comes back as `chosen`."""
        choices = tuple(BotButton(label=each) for each in buttons)
        self._lines.append(BotLine(markdown=text, buttons=choices))

    def remember(self, **values: JsonValue) -> None:
        """Keep this for the conversation; None forgets."""
        self._set.update(values)

    def hand_over(
        self,
        queue: str | None = None,
        *,
        reason: str = "",
        summary: str = "",
        priority: Priority = "normal",
    ) -> None:
        """Call a person, after everything that is said."""
        self._handoff = BotHandoff(queue=queue, reason=reason, summary=summary, priority=priority)

    def close(self) -> None:
        """End the conversation, after everything that is said."""
        self._close = True

    def answer(self) -> BotAnswer:
        """Everything that was said and wanted."""
        return BotAnswer(
            messages=tuple(self._lines), handoff=self._handoff, close=self._close, set=self._set
        )
