"""Who talks to the customer: a bot never over a person, and a person never without the bot's news.

The first two tests are the headline of the bot's contract.
"""

import asyncio

from bridge.commands.authorize import EntryPoint
from bridge.domain.content import Content, TemplateUse, text_content
from bridge.domain.conversation import State
from bridge.domain.delivery import AskBot, BotEventKind, DeliveryState
from bridge.domain.errors import DeliveryRejected, TemporaryFailure
from bridge.domain.ids import SECOND, Address, SourceKey
from bridge.domain.moves import CreateTemplate, Outcome, StartConversation
from bridge.engine.control.bots import BotReplayed, BotSpoke
from bridge.engine.state.desk import agent_actor
from bridge.ports.bot import BotCall, BotReply, Control, Handoff
from tests.fakes.office import Office
from tests.fakes.sides import ScriptedBot
from tests.patience import until

EVERYTHING = frozenset(BotEventKind)


class SlowBot(ScriptedBot):
    """A bot that thinks until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.thought = asyncio.Event()

    async def ask(self, call: BotCall) -> BotReply:
        reply = await super().ask(call)
        await self.thought.wait()
        return reply


class CuriousBot(ScriptedBot):
    """A bot that hears of everything, and reads along if it is told to."""

    def __init__(self, *, observes: bool = False) -> None:
        super().__init__()
        self.hears = EVERYTHING
        self.observes = observes

    def heard(self) -> list[BotEventKind]:
        return [call.kind for call in self.calls]


def says(words: str) -> BotReply:
    return BotReply(messages=(text_content(words),))


async def desk(bot: ScriptedBot) -> Office:
    """A desk with Ana, who answers sales, and a channel on which we may write first."""
    office = Office(bot=bot)
    await office.open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    return office


async def started_by_ana(office: Office, words: str = "Your order is here", **values: str) -> None:
    """Ana writes first to a customer who never wrote."""
    await office.do(CreateTemplate(name="order", language="en", body=words))
    (template,) = office.engine.desk.templates()
    move = StartConversation(
        channel=office.web,
        address=Address("addr-Alice"),
        template=template.id,
        name="Alice",
        values=values,
    )
    ana = office.engine.desk.agent_by_handle("ana")
    assert ana is not None
    outcome = await office.engine.carry_out(move, agent_actor(ana), EntryPoint.COMMAND)
    assert outcome.ok, outcome
    await office.quiet()


async def test_a_conversation_that_a_person_began_gets_no_word_of_the_bot_until_returned() -> None:
    bot = CuriousBot()
    office = await desk(bot)
    bot.replies.extend(says(f"bot {n}") for n in range(20))

    await started_by_ana(office)
    await office.customer("Thanks! When exactly?")
    await office.says("ana", "At three")
    await office.customer("Great")

    assert office.channel.words() == ["Your order is here", "At three"]
    assert BotEventKind.MESSAGE_CREATED not in bot.heard()
    bot.replies.clear()
    await office.says("ana", "Bye")
    await office.command("ana", "return-to-bot", "#1")
    bot.replies.extend([BotReply(), says("Hello from the bot")])
    await office.customer("One more thing")
    assert office.channel.words()[-1] == "Hello from the bot"
    await office.close()


async def test_a_slow_answer_made_before_a_person_took_over_is_refused() -> None:
    bot = SlowBot()
    office = await desk(bot)
    bot.replies.append(says("I am the bot, and late"))
    asking = asyncio.create_task(office.customer("hello"))
    await until(lambda: bool(bot.calls))

    office.clock.forward(16 * SECOND)
    await office.engine.tick()
    taken_over = office.conversation().state
    bot.thought.set()
    await asking

    assert taken_over is State.ASSIGNED
    assert "I am the bot, and late" not in office.channel.words()
    await office.close()


async def test_a_bot_that_wants_to_know_is_told_who_has_the_customer() -> None:
    bot = CuriousBot()
    office = await desk(bot)
    bot.replies.append(BotReply())
    bot.replies.append(BotReply(handoff=Handoff(queue="sales", reason="asked", summary="shoes")))

    await office.customer("a person please")
    await office.says("ana", "Hi")
    await office.command("ana", "return-to-bot", "#1 sold a shoe")

    assert set(bot.heard()) == EVERYTHING - {
        BotEventKind.HANDOFF_TIMED_OUT,
        BotEventKind.HANDOFF_REFUSED,
    }
    by_kind = {call.kind: call for call in bot.calls}
    assert by_kind[BotEventKind.HANDOFF_REQUESTED].cause == "asked"
    assert by_kind[BotEventKind.HANDOFF_QUEUED].queue == "sales"
    assert by_kind[BotEventKind.HANDOFF_ASSIGNED].agent == "Ana"
    assert by_kind[BotEventKind.HANDOFF_ASSIGNED].control is Control.AGENT
    assert by_kind[BotEventKind.HANDOFF_RETURNED].summary == "sold a shoe"
    await office.close()


async def test_a_bot_that_wants_to_know_hears_that_nobody_takes_the_customer() -> None:
    bot = CuriousBot()
    office = await desk(bot)
    await office.pull_only()
    bot.replies.extend([BotReply(), BotReply(handoff=Handoff(queue="sales"))])
    await office.customer("a person please")

    await office.later(61 * SECOND)

    assert BotEventKind.HANDOFF_TIMED_OUT in bot.heard()
    await office.close()


async def test_a_bot_that_did_not_ask_for_news_gets_none() -> None:
    bot = ScriptedBot()
    office = await desk(bot)

    await office.handed_over("a person please")
    await office.says("ana", "Hi")

    assert [call.kind for call in bot.calls] == [BotEventKind.MESSAGE_CREATED]
    await office.close()


async def test_while_people_hold_the_bot_reads_nothing() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    await office.handed_over("a person")
    before = len(bot.calls)

    await office.customer("my card number is 1234")

    assert not bot.calls[before:]
    await office.close()


async def test_a_bot_that_observes_reads_along_and_cannot_answer() -> None:
    bot = CuriousBot(observes=True)
    office = await desk(bot)
    bot.replies.extend([BotReply(), BotReply(handoff=Handoff(queue="sales"))])
    await office.customer("a person")
    bot.replies.extend(says("let me help, too") for _ in range(5))

    await office.customer("my order is late")

    observed = bot.calls[-1]
    assert observed.content is not None
    assert observed.content.words() == "my order is late"
    assert observed.control is Control.AGENT
    assert "let me help, too" not in office.channel.words()
    await office.close()


async def test_a_bot_that_says_later_has_a_minute_instead_of_its_deadline() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    bot.replies.append(BotReply(later=True))

    await office.customer("hello")
    await office.later(30 * SECOND)
    patient = office.conversation().state
    await office.later(31 * SECOND)

    assert patient is State.BOT
    assert office.conversation().state is not State.BOT
    await office.close()


async def test_a_bot_may_speak_by_itself_while_it_holds_the_conversation() -> None:
    office = await desk(ScriptedBot())
    await office.customer("hello")

    outcome = await spoken(office, "Your order left", epoch=office.conversation().epoch)

    assert outcome.ok
    assert office.channel.words() == ["Your order left"]
    await office.close()


async def test_a_bot_that_speaks_under_an_old_epoch_is_refused() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    await office.customer("hello")
    epoch = office.conversation().epoch
    await office.handed_over("a person")

    outcome = await spoken(office, "I am still here", epoch=epoch)

    assert (outcome.ok, outcome.code) == (False, "stale")
    assert "I am still here" not in office.channel.words()
    await office.close()


async def test_a_bot_may_write_to_a_customer_with_whom_nobody_talks_any_more() -> None:
    office = await desk(ScriptedBot())
    await office.handed_over("a person")
    await office.says("ana", "done")
    await office.command("ana", "return-to-bot", "#1")
    ended = office.conversation(1)

    outcome = await spoken(office, "How was it?", epoch=ended.epoch)

    assert outcome.ok
    assert outcome.data["number"] == "2"
    assert office.channel.words()[-1] == "How was it?"
    assert office.conversation(2).state is State.BOT
    await office.close()


async def test_it_may_not_while_people_have_a_newer_conversation_with_him() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    await office.handed_over("a person")
    await office.says("ana", "done")
    await office.command("ana", "return-to-bot", "#1")
    ended = office.conversation(1)
    await office.handed_over("a person again")

    outcome = await spoken(office, "How was it?", epoch=ended.epoch)

    assert outcome.code == "stale"
    await office.close()


async def test_a_template_that_the_bot_names_goes_out_in_its_words_and_values_stay_values() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    await office.do(CreateTemplate(name="sent", language="en", body="Hi {{name}}, {{what}} left"))
    use = TemplateUse(name="sent", language="pt_BR", variables=("{x:>999999999}", "{{name}}"))
    bot.replies.append(BotReply(messages=(Content(template=use),)))

    await office.customer("hello")

    assert office.channel.words() == ["Hi {x:>999999999}, {{name}} left"]
    await office.close()


async def test_a_value_of_a_template_reaches_nothing_of_ours() -> None:
    office = await desk(ScriptedBot())
    words = "{0.__class__} {name.__init__.__globals__} %s {x:>999999999}"

    await started_by_ana(office, f"Hello {{{{name}}}} {words}", name=words)

    assert office.channel.words() == [f"Hello {words} {words}"]
    await office.close()


async def spoken(office: Office, words: str, *, epoch: int) -> Outcome:
    first = office.conversation(1)
    event = BotSpoke(
        conversation=first.id,
        number=first.number,
        identity=first.identity,
        epoch=epoch,
        reply=says(words),
    )
    outcome = await office.engine.accept(event, (SourceKey(f"api:{words}"),))
    await office.quiet()
    assert isinstance(outcome, Outcome)
    return outcome


async def test_the_summary_is_told_again_until_the_bot_has_it_and_under_the_same_name() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    await office.handed_over("a person")
    await office.says("ana", "done")
    bot.replies.extend(TemporaryFailure("down", 0.001) for _ in range(4))

    await office.command("ana", "return-to-bot", "#1 a happy customer")
    told = [call for call in bot.calls if call.kind is BotEventKind.HANDOFF_RETURNED]
    assert len(told) == 5
    assert {call.summary for call in told} == {"a happy customer"}
    assert len({call.key for call in told}) == 1
    await office.close()


async def test_a_customer_who_writes_meanwhile_is_not_kept_waiting_behind_it() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    await office.handed_over("a person")
    await office.says("ana", "done")
    bot.replies.extend(TemporaryFailure("down", 0.001) for _ in range(4))
    bot.replies.append(TemporaryFailure("down", 3_600))
    returning = asyncio.create_task(office.command("ana", "return-to-bot", "#1"))
    await until(lambda: not bot.replies)

    bot.replies.append(says("Welcome back"))
    writing = asyncio.create_task(office.customer("hello again"))
    await until(lambda: "Welcome back" in office.channel.words())

    assert bot.calls[-1].kind is BotEventKind.MESSAGE_CREATED
    returning.cancel()
    writing.cancel()
    await office.close()


async def test_what_a_bot_refuses_for_good_is_kept_and_can_be_replayed_once() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    await office.handed_over("a person")
    await office.says("ana", "done")
    bot.replies.append(DeliveryRejected("404", "bot_refused"))
    await office.command("ana", "return-to-bot", "#1 a happy customer")
    (dead,) = await office.store.deliveries((DeliveryState.DEAD,), 10)
    assert isinstance(dead.body, AskBot)

    outcome = await office.engine.accept(BotReplayed(delivery=dead), (SourceKey("replay:1"),))
    await office.quiet()

    assert isinstance(outcome, Outcome)
    assert outcome.ok
    first, again = [call for call in bot.calls if call.kind is BotEventKind.HANDOFF_RETURNED]
    assert again == first
    assert await office.store.deliveries((DeliveryState.DEAD,), 10) == []
    await office.close()


async def test_a_bot_that_is_down_hands_over_at_its_deadline() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    bot.replies.append(TemporaryFailure("down", 3_600))
    asking = asyncio.create_task(office.customer("hello"))
    await until(lambda: not bot.replies)

    office.clock.forward(16 * SECOND)
    await office.engine.tick()

    assert office.conversation().state is State.ASSIGNED
    assert office.conversation().reason == "bot_down"
    asking.cancel()
    await office.close()


async def test_a_bot_that_refuses_for_good_hands_over_at_once() -> None:
    bot = ScriptedBot()
    office = await desk(bot)
    bot.replies.append(DeliveryRejected("410", "bot_gone"))

    await office.customer("hello")

    assert office.conversation().state is State.ASSIGNED
    await office.close()


# --- what was said before -----------------------------------------------------------------------


class RememberingBot(ScriptedBot):
    """A bot that wants some earlier lines with each question."""

    def __init__(self, history: int) -> None:
        super().__init__()
        self.history = history


def before(call: BotCall) -> list[str]:
    """Who said what, before what the bot is asked."""
    return [f"{line.author}: {line.content.words()}" for line in call.history]


async def test_a_bot_that_wants_to_know_is_told_what_was_said_before() -> None:
    bot = RememberingBot(3)
    office = await Office(bot=bot).open()
    await office.queue("sales")
    for words in ("one", "two"):
        bot.replies.append(BotReply(messages=(text_content(f"about {words}"),)))
        await office.customer(words)

    await office.customer("three")
    await office.close()

    assert [before(call) for call in bot.calls] == [
        [],
        ["customer: one", "bot: about one"],
        ["bot: about one", "customer: two", "bot: about two"],
    ]


async def test_what_people_and_customer_said_comes_with_the_return_but_no_note() -> None:
    bot = RememberingBot(50)
    office = await Office(bot=bot).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over("help")
    await office.says("ana", "which one?")
    await office.says("ana", "// a strange one")
    await office.customer("the blue one")
    await office.command("ana", "return-to-bot", "#1", confirmed="yes")
    await office.close()

    returned = bot.calls[-1]
    assert returned.kind is BotEventKind.HANDOFF_RETURNED
    assert before(returned) == ["customer: help", "agent: which one?"]
    assert returned.content is not None
    assert returned.content.words() == "the blue one"


async def test_a_bot_that_does_not_ask_for_it_is_told_nothing_of_before() -> None:
    office = await Office().open()
    await office.queue("sales")
    await office.customer("one")
    await office.customer("two")
    await office.close()

    assert office.bot is not None
    assert [call.history for call in office.bot.calls] == [(), ()]
