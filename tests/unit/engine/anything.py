"""A desk at which anything may happen, and what must hold whatever did."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from random import Random
from typing import Any, TypeVar

from msgspec.structs import replace

from bridge.domain.agent import Agent, Membership
from bridge.domain.conversation import Conversation, HoldKind, Priority, State
from bridge.domain.delivery import DeliveryState
from bridge.domain.events import EventKind
from bridge.domain.ids import Address, AgentId, QueueId, SourceKey, ThreadRef, WorkspaceUserId
from bridge.domain.moves import ChangeAgent, ChangeQueue, CreateQueue, SetMember
from bridge.domain.queue import Strategy
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.channel import CustomerLeft
from bridge.ports.commands import Answer, CommandInvoked, WorkspaceUser
from tests.fakes.office import Office

T = TypeVar("T")
QUEUES = ("sales", "help", "night")
AGENTS = ("ana", "bruno", "clara")
CUSTOMERS = ("Alice", "Bia", "Caio", "Duda", "Eli")

_LEADS_TO = {
    EventKind.CONVERSATION_CREATED: State.BOT,
    EventKind.HANDOFF_REFUSED: State.BOT,
    EventKind.QUEUED: State.WAITING,
    EventKind.PARKED: State.PARKED,
    EventKind.OFFERED: State.OFFERED,
    EventKind.OFFER_ENDED: State.WAITING,
    EventKind.ASSIGNED: State.ASSIGNED,
    EventKind.ENDED: State.ENDED,
}
_HELD = (State.OFFERED, State.ASSIGNED)


class Anything:
    """One desk with its people. Every act is awaited until nothing is under way."""

    def __init__(self) -> None:
        """Three queues, three agents, an admin, and somebody who is no agent."""
        self._runner = asyncio.Runner()
        self.office = Office()
        self.last: CommandInvoked | None = None
        self.said: list[tuple[str, bool]] = []
        self._told = self._timed = 0
        self._gone_off: set[tuple[object, ...]] = set()
        self.run(self._open())

    def run(self, acts: Coroutine[Any, Any, T]) -> T:
        """Let somebody act. Any: what a coroutine is sent is nobody's business."""
        return self._runner.run(acts)

    def close(self) -> None:
        """Everything stops."""
        self.run(self.office.close())
        self._runner.close()

    async def _open(self) -> None:
        await self.office.open()
        for name in QUEUES:
            await self.office.do(CreateQueue(name=name, title=name.title()))
        await self.office.agent("rita", "sales", admin=True, available=False)
        for number, handle in enumerate(AGENTS):
            await self.office.agent(handle, *QUEUES[: number + 1])
            await self.changes_agent(handle, 1 + number % 2)

    def something(self, chance: Random) -> int:
        """The number of a conversation: mostly one that somebody has or that waits."""
        talks = list(self.office.engine.desk.conversations)
        busy = [each.number for each in talks if each.state not in (State.BOT, State.ENDED)]
        others = [each.number for each in talks] or [1]
        return chance.choice(busy if busy and chance.random() < 0.9 else others)

    def somebody(self, chance: Random, about: int = 0) -> str:
        """A person: mostly an agent, and often the one who has the conversation."""
        conversation = self.office.engine.desk.conversation_by_number(about)
        if conversation is not None and conversation.agent is not None and chance.random() < 0.6:
            return self.office.engine.desk.agents[conversation.agent].handle
        return chance.choice((*AGENTS * 3, "rita", "zed"))

    # --- what may happen --------------------------------------------------------------------

    async def arrives(self, name: str, queue: str | None, priority: Priority) -> None:
        """A customer writes; the bot may hand him over."""
        bot = self.office.bot
        assert bot is not None
        if queue is not None:
            bot.replies.append(BotReply(handoff=Handoff(queue=queue, priority=priority)))
        await self.office.customer(f"line {self.office.sources}", name)
        bot.replies.clear()

    async def leaves(self, name: str, *, blocked: bool) -> None:
        """A customer ends what is open, or blocks us."""
        self.office.sources += 1
        source = (SourceKey(f"left:{self.office.sources}"),)
        address = Address(f"addr-{name}")
        await self.office.customers.accept(
            CustomerLeft(channel=self.office.web, source=source, address=address, blocked=blocked)
        )
        await self.office.quiet()

    async def replies(self, handle: str, number: int) -> None:
        """Somebody writes in a thread; only who is in control is heard by the customer."""
        try:
            thread = self.office.work_thread(number)
        except IndexError:
            return
        words = f"answer {len(self.said)} of {handle}"
        self.said.append((words, self._in_control(handle, thread)))
        await self.office.says(handle, words, thread)

    def _in_control(self, handle: str, thread: ThreadRef) -> bool:
        desk = self.office.engine.desk
        agent = desk.agent_of(self.office.team, WorkspaceUserId(f"u-{handle}"))
        binding = desk.binding_at(self.office.team, thread)
        if agent is None or binding is None or binding.closed_at is not None:
            return False
        conversation = desk.conversation(binding.conversation)
        return conversation is not None and conversation.human and conversation.agent == agent.id

    async def commands(self, handle: str, command: str, text: str) -> Answer:
        """Somebody runs a command in no thread."""
        self.office.sources += 1
        self.last = CommandInvoked(
            workspace=self.office.team,
            source=(SourceKey(f"cmd:{self.office.sources}"),),
            user=WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle),
            command=command,
            text=text,
            arguments={"confirmed": "yes"},
        )
        return await self.repeats()

    async def repeats(self) -> Answer:
        """The platform delivers the last command, perhaps again."""
        assert self.last is not None
        answer = await self.office.agents.invoke(self.last)
        await self.office.quiet()
        return answer

    async def changes_queue(self, name: str, change: ChangeQueue) -> None:
        """The operator changes a queue; whichever `change` names."""
        queue = self.office.engine.desk.queue_by_name(name)
        assert queue is not None
        await self.office.do(replace(change, queue=queue.id))

    async def overflows(self, name: str, others: Sequence[str]) -> None:
        """Some queues take what waits too long in this one; cycles are refused."""
        desk = self.office.engine.desk
        found = [desk.queue_by_name(each) for each in others]
        overflow = tuple(each.id for each in found if each is not None)
        await self.changes_queue(name, ChangeQueue(queue=QueueId(0), overflow=overflow))

    async def changes_agent(self, handle: str, capacity: int) -> None:
        """The operator gives an agent more or fewer slots."""
        await self.office.do(ChangeAgent(agent=self._agent(handle).id, capacity=capacity))

    async def moves_agent(self, handle: str, queue: str, level: int | None) -> None:
        """The operator puts an agent into a queue or takes him out."""
        found = self.office.engine.desk.queue_by_name(queue)
        assert found is not None
        await self.office.do(SetMember(queue=found.id, agent=self._agent(handle).id, level=level))

    async def restarts(self) -> None:
        """The process ends and begins anew: nothing is different."""
        before = self.snapshot()
        await self.office.close()
        left = await self.office.start()
        self.office.dispatcher.resume(left)
        await self.office.quiet()
        assert self.snapshot() == before

    def _agent(self, handle: str) -> Agent:
        return next(each for each in self.office.engine.desk.agents if each.handle == handle)

    def snapshot(self) -> dict[str, object]:
        """All that decisions depend on."""
        desk = self.office.engine.desk
        return {
            "agents": {each.id: each for each in desk.agents},
            "members": {(each.agent, each.queue): each for each in desk.members},
            "queues": {each.id: each for each in desk.queues},
            "open": {each.id: each for each in desk.conversations if each.open},
            "holds": {each.id: each for each in desk.holds if each.ended_at is None},
            "held": {each.message: each for each in desk.held},
        }

    # --- what must hold ---------------------------------------------------------------------

    def check(self) -> None:
        """The invariants of distribution and of reliability, by their numbers."""
        self._holds_are_one_per_conversation_and_slot()  # I1, I2; I7, I8
        self._nobody_waits_beside_an_agent_who_could_take_him()  # I3; I29
        self._history_tells_the_state()  # I5; I22
        self._distribution_chose_only_who_is_there()  # I6; I9
        self._what_time_does_it_does_once()  # I23; I24 is `restarts`
        self._only_who_is_in_control_is_heard()  # I7; I13
        self._nothing_is_left_under_way()  # I28

    def _holds_are_one_per_conversation_and_slot(self) -> None:
        desk = self.office.engine.desk
        holds = [each for each in desk.holds if each.ended_at is None]
        assert max(Counter(each.conversation for each in holds).values(), default=1) == 1
        slots = [(each.agent, each.slot) for each in holds if each.slot is not None]
        assert len(slots) == len(set(slots))
        assert all(each.slot is None or each.slot <= each.capacity_at for each in holds)
        held = {each.conversation: each for each in holds}
        for conversation in desk.conversations:
            hold = held.get(conversation.id)
            assert (hold is not None) == (conversation.state in _HELD), conversation
            if hold is not None and conversation.state is State.ASSIGNED:
                assert (hold.kind, hold.agent) == (HoldKind.ASSIGNMENT, conversation.agent)

    def _nobody_waits_beside_an_agent_who_could_take_him(self) -> None:
        """By what is on disk: distribution itself is not asked."""
        desk = self.office.engine.desk
        for conversation in desk.conversations:
            waits = self.office.engine.standing(conversation.id) is not None
            assert waits == (conversation.state is State.WAITING), conversation
            if waits and not self._kept_for_its_last_agent(conversation):
                takers = [
                    desk.agents[member.agent].handle
                    for queue in {conversation.queue, *conversation.widened} - {None}
                    for member in desk.members_of(QueueId(queue or 0))
                    if self._could_take(conversation, member)
                ]
                assert takers == [], conversation

    def _could_take(self, conversation: Conversation, member: Membership) -> bool:
        desk, now = self.office.engine.desk, self.office.clock.now()
        agent, queue = desk.agents[member.agent], desk.queues[member.queue]
        taken = [each for each in desk.agent_holds(agent.id) if each.slot is not None]
        unlocks = (conversation.since or 0) + member.level * queue.escalate_after
        return (
            agent.active
            and agent.available
            and len(taken) < agent.capacity
            and (agent.cool_until is None or now >= agent.cool_until)
            and not any(s.agent == agent.id and now < s.until for s in conversation.skips)
            and queue.active
            and queue.strategy is not Strategy.MANUAL
            and now >= unlocks
        )

    def _kept_for_its_last_agent(self, conversation: Conversation) -> bool:
        """He is full, and his queue waits for him."""
        desk, now = self.office.engine.desk, self.office.clock.now()
        identity = desk.identities[conversation.identity]
        queue = desk.queues[QueueId(conversation.queue or 0)]
        last = None if identity.last_agent is None else desk.agent(AgentId(identity.last_agent))
        return (
            last is not None
            and last.available
            and now < (conversation.since or 0) + queue.sticky_wait
            and now < (identity.last_agent_at or 0) + queue.sticky_window
        )

    def _history_tells_the_state(self) -> None:
        states: dict[object, State] = {}
        for event in self.office.store.history:
            if event.conversation is not None and event.kind in _LEADS_TO:
                states[event.conversation] = _LEADS_TO[event.kind]
        for conversation in self.office.engine.desk.conversations:
            assert states[conversation.id] is conversation.state, conversation

    def _distribution_chose_only_who_is_there(self) -> None:
        history = self.office.store.history
        new, self._told = history[self._told :], len(history)
        gone = {each.agent for each in new if each.kind is EventKind.AGENT_UNAVAILABLE}
        for event in new:
            if event.kind is EventKind.ASSIGNED and event.cause in ("auto", "sticky"):
                agent = next(a for a in self.office.engine.desk.agents if a.id == event.agent)
                assert agent.available or agent.id in gone, event

    def _what_time_does_it_does_once(self) -> None:
        """A wait starves once, and is widened to a queue once for each time that it begins."""
        history = self.office.store.history
        new, self._timed = history[self._timed :], len(history)
        for event in new:
            about = event.conversation
            if event.kind is EventKind.QUEUED:
                self._gone_off = {
                    each for each in self._gone_off if each[:2] != (about, "max_wait")
                }
            elif event.kind is EventKind.HANDOFF_REFUSED:
                self._gone_off = {each for each in self._gone_off if each[0] != about}
            elif event.cause in ("starving", "max_wait"):
                queue = event.queue if event.cause == "max_wait" else None
                fired = (about, event.cause, queue)
                assert fired not in self._gone_off, event
                self._gone_off.add(fired)

    def _only_who_is_in_control_is_heard(self) -> None:
        heard = Counter(self.office.channel.words())
        for words, meant in self.said:
            assert heard[words] == (1 if meant else 0), words

    def _nothing_is_left_under_way(self) -> None:
        under_way = (DeliveryState.PENDING, DeliveryState.SENDING)
        store = self.office.store
        assert [d for d in store.all_deliveries.values() if d.state in under_way] == []
        assert [row for row in store.inbox if row.state == "dead"] == []
