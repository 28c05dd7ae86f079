"""What every workspace promises, whatever platform is behind it.

A workspace passes by subclassing `WorkspaceContract` and giving a `rig`: the adapter, started, in
front of its platform or a wire-level stand-in of it.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import count

import pytest
from msgspec.structs import replace

from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.content import Content, text_content
from bridge.domain.conversation import State
from bridge.domain.delivery import Mark
from bridge.domain.errors import DeliveryRejected, Overloaded, StorageUnavailable
from bridge.domain.ids import (
    BindingId,
    ExternalId,
    Language,
    RoomRef,
    ThreadRef,
    WorkspaceUserId,
)
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.domain.value import Value
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.commands import CommandInvoked
from bridge.ports.workspace import AgentPosted, BindingKey, WorkspaceAdapter, WorkspaceEvent

SIGNS = "<b>*a*</b> _b_ ~c~ `d` [e](https://f.gh) @everyone <!channel> {g} %s &amp; \\ #1"
CARD = ConversationCard(
    number=7, state=State.WAITING, customer="Maria", channel="Web chat", language=Language("en")
)

_numbers = count(1)


class Line(Value):
    """One line as the agent reads it."""

    id: ExternalId
    words: str
    reactions: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()


class WorkspaceRig(ABC):
    """An adapter between a core that remembers and a platform that shows."""

    adapter: WorkspaceAdapter
    room: RoomRef
    """A room that the agent is in."""
    agent: WorkspaceUserId
    colleague: WorkspaceUserId
    colleague_word: str
    """How an agent calls his colleague in a line."""

    @abstractmethod
    def taken(self) -> Sequence[WorkspaceEvent]:
        """What the core took, each source once, oldest first."""

    @abstractmethod
    def invoked(self) -> Sequence[CommandInvoked]:
        """The commands that the core was asked for."""

    @abstractmethod
    def refuse(self, fault: Exception) -> None:
        """From now on the core takes nothing, for this reason."""

    @abstractmethod
    async def write(self, thread: ThreadRef, text: str) -> bool:
        """The agent writes; true when the platform was told that it was taken."""

    @abstractmethod
    async def repeat(self) -> bool:
        """The platform delivers the last line once more, as after an answer that was lost."""

    @abstractmethod
    async def read(self, thread: ThreadRef) -> list[Line]:
        """Every line that the agent sees in the thread, oldest first, without deleted ones."""

    @abstractmethod
    async def card(self, thread: ThreadRef) -> str:
        """The words of the thread's card."""

    @abstractmethod
    async def whispers(self, to: WorkspaceUserId) -> list[str]:
        """The private lines that a person sees."""

    @abstractmethod
    async def sees(self, who: WorkspaceUserId, thread: ThreadRef) -> bool:
        """Whether a person sees the thread."""


def binding(purpose: Purpose = Purpose.WORK) -> BindingKey:
    """A binding that was not opened yet."""
    number = next(_numbers)
    return BindingKey(id=BindingId(number), number=number, purpose=purpose)


def call(
    kind: CallKind = CallKind.POST,
    text: str = "",
    *,
    about: ExternalId | None = None,
    quoted: ExternalId | None = None,
    emoji: str = "",
) -> OutboundCall:
    """One call with a key of its own."""
    return OutboundCall(
        key=f"key-{next(_numbers)}",
        kind=kind,
        content=text_content(text) if text else Content(),
        author=Author.CUSTOMER,
        name="Maria",
        external_id=about,
        quoted=quoted,
        emoji=emoji,
    )


async def opened(rig: WorkspaceRig, purpose: Purpose = Purpose.WORK) -> ThreadRef:
    """A new thread in the agent's room."""
    return await rig.adapter.open_thread(binding(purpose), rig.room, CARD, ())


async def posted(rig: WorkspaceRig, thread: ThreadRef, text: str) -> ExternalId:
    """A line of the customer in a thread."""
    external_id = await rig.adapter.post(thread, call(text=text))
    assert external_id is not None
    return external_id


class WorkspaceContract:
    """The promises of `bridge.ports.workspace.WorkspaceAdapter`."""

    @pytest.fixture
    def rig(self) -> WorkspaceRig:
        """The workspace under test; a subclass gives it."""
        raise NotImplementedError

    # --- threads ----------------------------------------------------------------------------

    async def test_the_same_binding_twice_gives_the_same_thread(self, rig: WorkspaceRig) -> None:
        key = binding()

        one = await rig.adapter.open_thread(key, rig.room, CARD, ())
        again = await rig.adapter.open_thread(key, rig.room, CARD, ())
        other = await opened(rig)

        assert one == again != other

    async def test_a_thread_begins_with_its_card(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        card = await rig.card(thread)

        assert "Maria" in card
        assert "Web chat" in card

    async def test_a_redraw_shows_the_newest_card(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        for _ in range(2):
            await rig.adapter.redraw(thread, replace(CARD, customer="Maria Oliveira"))

        assert "Maria Oliveira" in await rig.card(thread)

    async def test_a_waiting_card_becomes_a_thread_with_the_same_root(
        self, rig: WorkspaceRig
    ) -> None:
        thread = await opened(rig, Purpose.WAITING)

        for _ in range(2):
            await rig.adapter.convert_thread(thread)
        await posted(rig, thread, "hello")

        assert [line.words for line in await rig.read(thread)] == ["hello"]
        assert await rig.write(thread, "hello to you")

    async def test_a_private_thread_is_seen_by_its_members_alone(self, rig: WorkspaceRig) -> None:
        thread = await rig.adapter.open_thread(binding(), rig.room, CARD, (rig.agent,))

        assert await rig.sees(rig.agent, thread)
        assert not await rig.sees(rig.colleague, thread)

    async def test_a_private_thread_that_is_closed_is_gone_from_its_view(
        self, rig: WorkspaceRig
    ) -> None:
        thread = await rig.adapter.open_thread(binding(), rig.room, CARD, (rig.agent,))

        for _ in range(2):
            await rig.adapter.close_thread(thread, replace(CARD, state=State.ENDED), True)

        assert not await rig.sees(rig.agent, thread)

    async def test_a_closed_thread_shows_its_last_card_and_keeps_its_lines(
        self, rig: WorkspaceRig
    ) -> None:
        thread = await opened(rig)
        await posted(rig, thread, "hello")

        for _ in range(2):
            await rig.adapter.close_thread(
                thread, replace(CARD, state=State.ENDED, customer="Maria Oliveira"), False
            )

        assert "Maria Oliveira" in await rig.card(thread)
        assert [line.words for line in await rig.read(thread)] == ["hello"]

    # --- out --------------------------------------------------------------------------------

    async def test_a_call_made_again_is_one_line_with_one_name(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)
        once = call(text="hello")

        names = {await rig.adapter.post(thread, once) for _ in range(3)}

        assert [line.id for line in await rig.read(thread)] == list(names)

    async def test_lines_stay_in_order_and_each_has_its_name(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        names = [await posted(rig, thread, words) for words in ("one", "two", "two")]

        shown = await rig.read(thread)
        assert [line.words for line in shown] == ["one", "two", "two"]
        assert [line.id for line in shown] == names

    async def test_signs_of_any_dialect_arrive_as_they_were_typed(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        await posted(rig, thread, SIGNS)

        assert [line.words for line in await rig.read(thread)] == [SIGNS]

    async def test_an_edit_changes_the_line_and_a_deletion_takes_it(
        self, rig: WorkspaceRig
    ) -> None:
        thread = await opened(rig)
        first, second = [await posted(rig, thread, words) for words in ("one", "two")]

        await rig.adapter.post(thread, call(CallKind.EDIT, "uno", about=first))
        await rig.adapter.post(thread, call(CallKind.DELETE, about=second))

        assert [(line.id, line.words) for line in await rig.read(thread)] == [(first, "uno")]

    async def test_a_reaction_comes_and_goes(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)
        line = await posted(rig, thread, "one")

        await rig.adapter.post(thread, call(CallKind.REACT, about=line, emoji="👍"))
        with_it = (await rig.read(thread))[0].reactions
        await rig.adapter.post(thread, call(CallKind.UNREACT, about=line, emoji="👍"))

        assert (with_it, (await rig.read(thread))[0].reactions) == (("👍",), ())

    async def test_a_mark_is_there_once_goes_and_comes_back(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)
        line = await posted(rig, thread, "one")
        shown = []

        for removed in (False, False, True, True, False):
            await rig.adapter.mark(thread, line, Mark.FAILED, removed)
            shown.append((await rig.read(thread))[0].marks)

        assert shown == [(Mark.FAILED,), (Mark.FAILED,), (), (), (Mark.FAILED,)]

    async def test_a_whisper_is_told_once_and_to_one_person(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        for _ in range(3):
            await rig.adapter.whisper(rig.agent, thread, plain("psst"), (), "whisper-1")

        assert await rig.whispers(rig.agent) == ["psst"]
        assert await rig.whispers(rig.colleague) == []

    async def test_a_thread_that_is_not_there_takes_nothing_for_good(
        self, rig: WorkspaceRig
    ) -> None:
        with pytest.raises(DeliveryRejected):
            await rig.adapter.post(ThreadRef("nowhere"), call(text="hello"))

    # --- in ---------------------------------------------------------------------------------

    async def test_a_line_of_an_agent_is_handed_over_with_its_name(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        assert await rig.write(thread, "hello")

        [event] = _posts(rig)
        assert (event.user.id, event.thread, event.content.words()) == (rig.agent, thread, "hello")
        assert event.external_id in [line.id for line in await rig.read(thread)]

    async def test_a_line_delivered_twice_is_taken_and_shown_once(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)
        await rig.write(thread, "hello")

        assert await rig.repeat()

        assert len(_posts(rig)) == 1
        assert [line.words for line in await rig.read(thread)] == ["hello"]

    @pytest.mark.parametrize("fault", [StorageUnavailable("full"), Overloaded("much")])
    async def test_what_the_core_does_not_take_is_not_called_taken(
        self, rig: WorkspaceRig, fault: Exception
    ) -> None:
        thread = await opened(rig)
        rig.refuse(fault)

        assert not await rig.write(thread, "hello")

        assert _posts(rig) == []

    async def test_our_own_lines_do_not_come_back_as_an_agents(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        await posted(rig, thread, "hello")
        await rig.read(thread)

        assert _posts(rig) == []

    async def test_a_line_that_calls_a_colleague_says_so(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        await rig.write(thread, f"{rig.colleague_word} can you help?")
        await rig.write(thread, "nobody is called here")

        assert [event.mentions for event in _posts(rig)] == [True, False]

    async def test_a_command_typed_in_a_thread_is_asked_for_there(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        await rig.write(thread, "!priority high")

        [command] = rig.invoked()
        assert (command.command, command.text) == ("priority", "high")
        assert (command.thread, command.user.id) == (thread, rig.agent)
        assert _posts(rig) == []

    async def test_a_note_prefix_is_left_to_the_core(self, rig: WorkspaceRig) -> None:
        thread = await opened(rig)

        await rig.write(thread, "// between us")

        assert [event.content.words() for event in _posts(rig)] == ["// between us"]


def _posts(rig: WorkspaceRig) -> list[AgentPosted]:
    return [event for event in rig.taken() if isinstance(event, AgentPosted)]
