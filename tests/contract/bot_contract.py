"""What every bot promises, whatever it is made of.

A bot passes by subclassing `BotContract` and giving a `rig`:

    class TestMyBot(BotContract):
        @pytest.fixture
        def rig(self) -> BotRig: ...
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest

from bridge.domain.content import Content, File, FileKind, Location, text_content
from bridge.domain.delivery import BotEventKind
from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import ChannelId, FileId, Language, PublicId
from bridge.ports.bot import BotAdapter, BotCall, BotReply, QueueState

PICTURE = File(id=FileId("0" * 32), kind=FileKind.IMAGE, mime="image/png", size=9, name="a.png")

CONTENTS = {
    "words": text_content("Hello"),
    "nothing we know": text_content("zxqv zxqv"),
    "blanks": text_content("  \n "),
    "an emoji": text_content("👍🏽"),
    "right to left": text_content("שלום"),
    "signs": text_content("{x} %s <b>*a*</b> \\ \" ' `;--"),
    "a very long text": text_content("palavra " * 5_000),
    "a picture": Content(files=(PICTURE,)),
    "a place": Content(location=Location(latitude=-23.5, longitude=-46.6)),
    "a button that never was": Content(text=text_content("x").text, chosen="never-was"),
}

_keys = count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class BotRig:
    """How to get the bot under test. Bots of one rig are the same bot, started anew."""

    new: Callable[[], BotAdapter]
    misconfigured: Callable[[], BotAdapter]


def event(
    content: Content | None = None,
    kind: BotEventKind = BotEventKind.MESSAGE_CREATED,
    *,
    memory: str = "",
    language: str = "en",
    conversation: str = "1",
    key: str = "",
) -> BotCall:
    """One event for a bot, with a key of its own."""
    return BotCall(
        key=key or f"key-{next(_keys)}",
        kind=kind,
        session=f"session-{conversation}",
        conversation=PublicId(conversation.zfill(32)),
        channel=ChannelId("web"),
        language=Language(language),
        customer="Bia",
        epoch=1,
        content=content,
        memory=memory,
        queues=(QueueState(name="support", title="Support", available=1, waiting=0),),
    )


def speaks(reply: BotReply) -> bool:
    """True when the customer is not left in silence."""
    return bool(reply.messages) or reply.handoff is not None or reply.close


async def talk(bot: BotAdapter, lines: list[str], conversation: str = "1") -> list[BotReply]:
    """Say some lines, carrying the bot's memory as the desk does."""
    memory, replies = "", []
    for line in lines:
        reply = await bot.ask(event(text_content(line), memory=memory, conversation=conversation))
        memory = memory if reply.memory is None else reply.memory
        replies.append(reply)
    return replies


class BotContract:
    """The promises of `bridge.ports.bot.BotAdapter`."""

    @pytest.fixture
    def rig(self) -> BotRig:
        """The bot under test; a subclass gives it."""
        raise NotImplementedError

    async def test_settings_that_cannot_be_used_stop_the_start(self, rig: BotRig) -> None:
        with pytest.raises(InvalidSettings):
            await rig.misconfigured().start()

    async def test_it_may_be_stopped_twice_and_started_again(self, rig: BotRig) -> None:
        bot = rig.new()
        await bot.start()
        await bot.stop()
        await bot.stop()
        await bot.start()

        assert speaks(await bot.ask(event(text_content("Hello"))))
        await bot.stop()

    @pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
    async def test_a_customer_is_never_left_in_silence(self, rig: BotRig, content: Content) -> None:
        bot = rig.new()
        await bot.start()

        first = await bot.ask(event(content))
        second = await bot.ask(event(content, memory=first.memory or ""))

        assert speaks(first)
        assert speaks(second)
        await bot.stop()

    @pytest.mark.parametrize("kind", BotEventKind)
    async def test_every_kind_of_event_is_taken(self, rig: BotRig, kind: BotEventKind) -> None:
        bot = rig.new()
        await bot.start()

        reply = await bot.ask(event(text_content("Hello"), kind))

        assert isinstance(reply, BotReply)
        await bot.stop()

    async def test_every_line_it_says_has_words_files_or_choices(self, rig: BotRig) -> None:
        bot = rig.new()
        await bot.start()

        replies = await talk(bot, ["Hello", "1", "2", "zxqv"])

        lines = [line for reply in replies for line in reply.messages]
        assert all(line.words().strip() or line.files or line.choices for line in lines)
        await bot.stop()

    async def test_choices_have_ids_of_their_own_and_labels(self, rig: BotRig) -> None:
        bot = rig.new()
        await bot.start()

        replies = await talk(bot, ["Hello", "1", "2", "zxqv"])

        for line in (line for reply in replies for line in reply.messages):
            assert len({choice.id for choice in line.choices}) == len(line.choices)
            assert all(choice.id and choice.label.strip() for choice in line.choices)
        await bot.stop()

    async def test_a_choice_it_offered_is_taken_back(self, rig: BotRig) -> None:
        bot = rig.new()
        await bot.start()
        first = await bot.ask(event(text_content("Hello")))
        offered = [choice for line in first.messages for choice in line.choices]

        for choice in offered:
            pressed = Content(text=text_content(choice.label).text, chosen=choice.id)
            assert speaks(await bot.ask(event(pressed, memory=first.memory or "")))
        await bot.stop()

    async def test_the_same_event_again_has_the_same_answer(self, rig: BotRig) -> None:
        bot = rig.new()
        await bot.start()
        call = event(text_content("Hello"), key="again")

        assert await bot.ask(call) == await bot.ask(call)
        await bot.stop()

    async def test_a_restart_in_the_middle_changes_nothing(self, rig: BotRig) -> None:
        lines = ["Hello", "1", "zxqv", "2"]
        bot = rig.new()
        await bot.start()
        whole = await talk(bot, lines)
        await bot.stop()

        memory, interrupted = "", []
        for line in lines:
            fresh = rig.new()
            await fresh.start()
            reply = await fresh.ask(event(text_content(line), memory=memory))
            memory = memory if reply.memory is None else reply.memory
            interrupted.append(reply)
            await fresh.stop()

        assert interrupted == whole

    @pytest.mark.parametrize("memory", ["x", "{}", "[]", '{"a": 1}', "\x00", "null", "9" * 5_000])
    async def test_a_memory_it_cannot_read_is_no_reason_for_silence(
        self, rig: BotRig, memory: str
    ) -> None:
        bot = rig.new()
        await bot.start()

        assert speaks(await bot.ask(event(text_content("Hello"), memory=memory)))
        await bot.stop()

    async def test_conversations_at_the_same_time_do_not_mix(self, rig: BotRig) -> None:
        bot = rig.new()
        await bot.start()
        one, two = ["Hello", "1", "2"], ["Hello", "zxqv", "1"]
        alone = [await talk(bot, one, "1"), await talk(bot, two, "2")]

        together = await asyncio.gather(talk(bot, one, "1"), talk(bot, two, "2"))

        assert list(together) == alone
        await bot.stop()

    async def test_both_languages_are_answered(self, rig: BotRig) -> None:
        bot = rig.new()
        await bot.start()

        for language in ("en", "pt_BR"):
            assert speaks(await bot.ask(event(text_content("Hello"), language=language)))
        await bot.stop()
