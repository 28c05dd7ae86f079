"""A person is offered what he may do, and refused in the words of where he asked."""

import pytest

from bridge.domain.content import text_content
from bridge.domain.ids import Language, WorkspaceUserId
from bridge.domain.moves import ChangeAgent
from bridge.domain.text import to_plain
from bridge.engine.state.options import DeskOptions
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.capabilities import ChannelCapabilities
from bridge.ports.commands import ArgumentKind, WorkspaceUser
from bridge.ports.queries import (
    MOST_WAITING,
    Actions,
    Choices,
    Complete,
    ConversationFilter,
    Conversations,
    ConversationView,
    History,
    Home,
    ListConversations,
    Query,
    QueueCount,
    ShowActions,
    ShowConversation,
    ShowEvents,
    ShowHome,
    View,
)
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel


async def asks(office: Office, handle: str, query: Query) -> View:
    return await office.agents.ask(
        query, WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle)
    )


async def buttons(office: Office, handle: str) -> dict[str, bool]:
    """What the card offers this person, and whether it is the main thing to do."""
    view = await asks(office, handle, ShowActions(number=1, thread=office.work_thread()))
    assert isinstance(view, Actions)
    return {action.command: action.primary for action in view.rows}


async def home(office: Office, handle: str) -> Home:
    view = await asks(office, handle, ShowHome())
    assert isinstance(view, Home)
    return view


async def test_only_who_is_in_control_is_offered_to_give_it_back(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")
    await office.agent("rosa", admin=True)

    assert (await buttons(office, "ana"))["return-to-bot"] is True
    assert "take" not in await buttons(office, "ana")
    assert set(await buttons(office, "bruno")) == {"priority", "ticket", "events"}
    assert (await buttons(office, "rosa"))["take"] is True
    assert (await buttons(office, "rosa"))["return-to-bot"] is False


async def test_what_waits_may_be_taken_by_those_who_answer_its_queue(office: Office) -> None:
    await office.agent("ana", "sales", available=False)
    await office.queue("support")
    await office.handed_over()

    assert (await buttons(office, "ana"))["take"] is True


async def test_commands_that_are_for_admins_are_offered_to_admins_alone(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.agent("rosa", admin=True)

    agents = (await home(office, "ana")).commands
    admins = (await home(office, "rosa")).commands

    assert set(admins) - set(agents) == {"watch"}
    assert {"take", "transfer", "note", "help"} <= set(agents)


async def test_the_home_knows_whether_customers_are_given_or_taken(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.queue("support")
    found = [await home(office, "ana")]
    await office.pull_only()
    found.append(await home(office, "ana"))
    await office.agent("bruno", "sales", "support")
    found.append(await home(office, "bruno"))

    assert [(each.given, each.taken) for each in found] == [
        (True, False),
        (False, True),
        (True, True),
    ]


async def test_a_home_shows_the_most_urgent_of_many_who_wait_and_how_many_there_are(
    office: Office,
) -> None:
    """Every page of every agent reads it: it must not grow with a bad day."""
    await office.agent("ana", "sales", available=False)
    await office.agent("rosa", admin=True)
    for number in range(MOST_WAITING + 2):
        await office.handed_over(name=f"Customer {number}")

    ana, rosa = await home(office, "ana"), await home(office, "rosa")

    assert [row.customer for row in ana.waiting] == [f"Customer {n}" for n in range(MOST_WAITING)]
    assert ana.waits == MOST_WAITING + 2
    assert ana.counts == (QueueCount(name="sales", title="Sales", waiting=MOST_WAITING + 2),)
    assert (rosa.waits, rosa.counts) == (0, ana.counts)


async def test_nobody_transfers_to_himself_or_to_where_it_is(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")
    await office.queue("support")

    view = await asks(office, "ana", Complete(kind=ArgumentKind.TARGET, number=1))

    assert isinstance(view, Choices)
    assert {option.value for option in view.options} == {"@bruno", "support"}


async def test_everybody_reads_what_a_channel_is_called_in_his_own_language() -> None:
    channel = RecordingChannel()
    channel.labels[Language("pt_BR")] = "Chat do site"
    office = await Office(channel=channel).open()
    await office.queue("sales")
    ana = await office.agent("ana", "sales", admin=True)
    await office.handed_over()
    seen, sentences = [], []
    for language in ("pt_BR", "en"):
        await office.do(ChangeAgent(agent=ana.id, language=language))
        home = await asks(office, "ana", ShowHome())
        full = await asks(office, "ana", ShowConversation(number=1))
        found = await asks(
            office, "ana", ListConversations(filter=ConversationFilter(channel=office.web))
        )
        assert isinstance(home, Home)
        assert isinstance(full, ConversationView)
        assert isinstance(found, Conversations)
        told = await asks(office, "ana", ShowEvents(number=1))
        assert isinstance(told, History)
        sentences.append(next(one for one in told.sentences if "conversa" in one.lower()))
        rows = (*home.holding, full.row, *found.rows)
        seen.append({full.card.channel, *(row.channel for row in rows)})

    assert seen == [{"Chat do site"}, {"Web chat"}]
    assert [one.rpartition(" em ")[2] for one in sentences[:1]] == ["Chat do site"]
    assert sentences[1].endswith("Web chat")
    assert office.thread().card.channel == "Web chat"
    await office.close()


@pytest.mark.parametrize("phones", [False, True])
async def test_a_telephone_number_is_wanted_only_where_a_channel_has_them(phones: bool) -> None:
    capabilities = ChannelCapabilities(starts_conversations=True, phones=phones)
    office = await Office(channel=RecordingChannel(capabilities=capabilities)).open()
    await office.agent("ana")

    choices = await asks(office, "ana", Complete(kind=ArgumentKind.TEMPLATE))

    assert isinstance(choices, Choices)
    assert choices.phones is phones
    await office.close()


async def test_a_ticket_is_never_called_as_a_conversation_is(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    opened = await office.command("ana", "ticket", "#1 new the lamp flickers")
    listed = await office.command("ana", "ticket", "#1 list")

    by_number = await asks(office, "ana", Complete(kind=ArgumentKind.TICKET, prefix="1", number=1))
    by_name = await asks(office, "ana", Complete(kind=ArgumentKind.TICKET, prefix="t1", number=1))

    assert to_plain(opened.text) == "Ticket T1 is open."
    assert "T1 · " in to_plain(listed.text)
    assert isinstance(by_number, Choices)
    assert isinstance(by_name, Choices)
    assert [option.value for option in by_number.options] == ["T1"]
    assert by_name.options == by_number.options
    closed = await office.command("ana", "ticket", f"#1 close {by_name.options[0].value}")
    assert to_plain(closed.text) == "Ticket T1 is closed."


async def test_who_is_refused_is_told_who_is_in_control(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")

    answer = await office.command("bruno", "return-to-bot", "#1")

    assert to_plain(answer.text) == "Ana is in control of #1. An admin can take it over."


async def test_a_form_is_told_what_to_do_and_who_types_what_to_type(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()

    filled = await office.command("ana", "ticket", conversation="1", action="new")
    typed = await office.command("ana", "ticket", "#1 new")

    assert (filled.code, typed.code) == ("missing_description", "missing_description")
    assert to_plain(filled.text) == "Describe what it is about."
    assert "/ticket new" in to_plain(typed.text)


async def test_a_note_by_command_is_posted_as_a_note(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()

    await office.command("ana", "note", "#1 a very old customer")

    posted = {
        call.content.words(): call.note
        for call in office.thread().posts
        if call.content is not None
    }
    assert posted["a very old customer"] is True
    assert list(posted.values()).count(True) == 1


async def test_the_bot_is_told_from_people_in_what_was_said_before(office: Office) -> None:
    assert office.bot is not None
    office.bot.replies.append(
        BotReply(
            messages=(text_content("I am here to help"),),
            handoff=Handoff(queue="sales", reason="asked"),
        )
    )
    await office.agent("ana", "sales")
    await office.customer("hello")

    told = office.thread().words()[0]

    assert "(bot): I am here to help" in told
    assert "Alice: hello" in told


async def test_who_gives_no_name_has_one_in_the_desks_language() -> None:
    office = await Office(options=DeskOptions(language=Language("pt_BR"))).open()
    await office.queue("vendas")

    await office.handed_over(name="", queue="vendas")

    assert office.thread().card.customer == "Visitante ddr-"
    await office.close()
