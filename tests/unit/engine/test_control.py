"""One holder, the right thread, the right place in the line."""

from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.ids import HOUR, MINUTE, SECOND
from bridge.domain.moves import ChangeAgent, ChangeQueue
from bridge.domain.queue import Strategy, Visibility
from bridge.ports.bot import BotReply
from tests.fakes.office import Office


async def test_of_two_who_take_one_wins_and_the_other_is_told_who(office: Office) -> None:
    await office.agent("ana", "sales", available=False)
    await office.agent("bruno", "sales", available=False)
    await office.handed_over()
    await office.pull_only()
    for handle in ("ana", "bruno"):
        await office.command(handle, "available", "on")

    first = await office.command("ana", "take", "#1")
    second = await office.command("bruno", "take", "#1")

    assert first.ok, first
    assert not second.ok
    assert second.code == "already_taken"
    assert "Ana" in str(second.text)


async def test_a_transfer_inside_the_room_keeps_the_thread(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")
    before = office.work_thread()

    answer = await office.command("ana", "transfer", "#1 @bruno he knows more")
    await office.says("bruno", "I am Bruno")

    assert answer.ok, answer
    assert office.work_thread() == before
    assert office.channel.words() == ["I am Bruno"]
    assert any("he knows more" in words for words in office.thread().words())


async def test_a_transfer_to_another_room_opens_a_thread_with_what_was_said(
    office: Office,
) -> None:
    await office.agent("ana", "sales")
    await office.handed_over("my order is late")
    await office.queue("support")
    await office.agent("bruno", "support")
    old = office.work_thread()

    await office.command("ana", "transfer", "#1 support")
    await office.says("ana", "am I still there?", old)
    await office.says("bruno", "I see")

    assert office.work_thread() != old
    assert office.workspace.threads[old].closed
    assert "my order is late" in office.thread().words()[0]
    assert office.channel.words() == ["I see"]


async def test_a_transfer_to_somebody_away_is_refused_with_a_way_out(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales", available=False)

    answer = await office.command("ana", "transfer", "#1 @bruno")

    assert not answer.ok
    assert answer.code == "target_unavailable"


async def test_nobody_unavailable_is_given_anything(office: Office) -> None:
    await office.agent("ana", "sales", available=False)

    await office.handed_over()

    assert office.conversation().state is State.WAITING


async def test_becoming_available_drains_the_queue(office: Office) -> None:
    await office.agent("ana", "sales", available=False)
    await office.handed_over("one", "Alice")
    await office.handed_over("two", "Bob")

    await office.command("ana", "available", "on")

    assert office.conversation(1).state is State.ASSIGNED
    assert office.conversation(2).state is State.ASSIGNED


async def test_a_freed_slot_is_filled_at_once(office: Office) -> None:
    ana = await office.agent("ana", "sales")
    await office.do(ChangeAgent(agent=ana.id, capacity=1))
    await office.handed_over("one", "Alice")
    await office.handed_over("two", "Bob")
    waiting = office.conversation(2).state

    await office.command("ana", "return-to-bot", "#1", confirmed="yes")

    assert waiting is State.WAITING
    assert office.conversation(2).state is State.ASSIGNED


async def test_a_silent_agent_loses_it_back_to_the_queue(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")

    await office.later(3 * MINUTE)

    assert office.holder() == "bruno"
    assert "requeued" in office.events()


async def test_nobody_takes_it_and_the_members_are_asked_once(office: Office) -> None:
    await office.pull_only()
    await office.agent("ana", "sales")
    await office.agent("bruno", "sales", available=False)
    await office.handed_over()

    await office.later(61 * SECOND)
    await office.later(61 * SECOND)

    asked = [post for post in office.thread().posts if post.mentions]
    assert [post.mentions for post in asked] == [("u-ana",)]


async def test_a_line_says_what_it_calls_the_one_whom_it_mentions(office: Office) -> None:
    await office.agent("ana", "sales")

    await office.handed_over()

    [said] = [post for post in office.thread().posts if post.mentions]
    assert said.content is not None
    assert said.content.words().startswith(said.called)
    assert said.called == "Ana"


async def test_a_silent_customer_goes_back_to_the_bot(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "anything else?")

    await office.later(23 * HOUR)
    warned = [post.mentions for post in office.thread().posts if post.mentions]
    await office.later(HOUR)

    assert warned[-1] == ("u-ana",)
    assert office.conversation().state is State.ENDED
    assert office.conversation().end_cause == "inactive"


async def test_a_silent_bot_hands_over(office: Office) -> None:
    assert office.bot is not None
    await office.agent("ana", "sales")
    office.bot.replies.append(RuntimeError("crashed"))

    await office.customer("hello?")

    assert office.conversation().state is State.ASSIGNED
    assert office.channel.words()[0].startswith("One moment")


async def test_a_private_thread_is_closed_and_hidden_after_a_transfer(office: Office) -> None:
    queue = office.engine.desk.default_queue()
    assert queue is not None
    await office.do(ChangeQueue(queue=queue.id, visibility=Visibility.ASSIGNEE))
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")
    old = office.work_thread()

    await office.command("ana", "transfer", "#1 @bruno")

    assert office.workspace.threads[old].members == ("u-ana",)
    assert office.workspace.threads[old].hidden
    assert office.thread().members == ("u-bruno",)


async def test_an_admin_takes_over_from_the_bot_and_the_late_bot_is_not_heard(
    office: Office,
) -> None:
    await office.agent("ada", "sales", admin=True)
    await office.customer("hi")

    answer = await office.command("ada", "take", "#1")
    await office.customer("are you a bot?")

    assert answer.ok, answer
    assert office.bot is not None
    assert len(office.bot.calls) == 1
    assert office.thread().words()[-1] == "are you a bot?"


async def test_the_last_agent_is_preferred_at_the_next_handover(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.later(SECOND)
    await office.says("ana", "goodbye")
    await office.agent("bruno", "sales")
    await office.command("ana", "return-to-bot", "#1")
    await office.handed_over("other", "Zed")

    await office.handed_over("me again")

    assert office.holder(3) == "ana"


async def test_the_first_messages_of_ten_customers_open_ten_threads(office: Office) -> None:
    await office.agent("ana", "sales")
    for number in range(10):
        await office.handed_over("hi", f"C{number}")

    threads = [t for t in office.workspace.threads.values() if t.binding.purpose != "monitor"]
    assert len(threads) == 10


async def test_a_return_with_a_question_open_goes_to_the_bot_with_that_question(
    office: Office,
) -> None:
    assert office.bot is not None
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "yes")
    await office.later(SECOND)
    await office.customer("and what does it cost?")
    office.bot.replies.append(BotReply(messages=(text_content("It costs 10."),)))

    await office.command("ana", "return-to-bot", "#1", confirmed="yes")

    asked = office.bot.calls[-1]
    assert asked.content is not None
    assert asked.content.words() == "and what does it cost?"
    assert office.channel.words() == ["yes", "It costs 10."]
    assert office.conversation(2).state is State.BOT


async def test_a_shorter_patience_holds_for_those_who_wait_already(office: Office) -> None:
    sales = office.engine.desk.queue_by_name("sales")
    assert sales is not None
    await office.do(ChangeQueue(queue=sales.id, strategy=Strategy.MANUAL, notify_after=HOUR))
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.later(SECOND)  # now its alarm is set

    await office.do(ChangeQueue(queue=sales.id, notify_after=SECOND))
    await office.later(2 * SECOND)

    assert [post.mentions for post in office.thread().posts if post.mentions] == [("u-ana",)]
