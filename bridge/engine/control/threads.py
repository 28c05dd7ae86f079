"""Which threads a conversation should have, and how it gets from what it has to those.

Asked after every change of control: the wanted threads follow from the state alone, so nothing
that leads to a change needs to know about threads.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from bridge.domain.agent import AgentIdentity
from bridge.domain.binding import Binding, Purpose
from bridge.domain.content import Content
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import (
    CloseThread,
    ConvertThread,
    OpenThread,
    PostLine,
    PostTranscript,
)
from bridge.domain.events import SYSTEM
from bridge.domain.ids import (
    AgentId,
    BindingId,
    MessageId,
    RoomRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Message
from bridge.domain.queue import Room, Visibility
from bridge.domain.text import plain
from bridge.domain.value import Value
from bridge.engine import deliveries
from bridge.engine.step import PrivateLine, Step, ThreadLine
from bridge.locales import say

_WAITS = (State.WAITING, State.OFFERED, State.PARKED)


class Wanted(Value):
    """One thread that should be open."""

    purpose: Purpose
    workspace: WorkspaceId
    room: RoomRef
    private_to: AgentId | None = None

    def met_by(self, binding: Binding) -> bool:
        """True when this binding is that thread."""
        return (
            binding.purpose is self.purpose
            and binding.workspace == self.workspace
            and binding.room == self.room
            and binding.private_to == self.private_to
        )

    def goes_on_from(self, binding: Binding) -> bool:
        """True when who looks at this working thread shall be led to that one.

        A private thread is nobody else's to be led to, and one that is hidden leads nobody.
        """
        return (
            binding.workspace == self.workspace
            and self.purpose is not Purpose.MONITOR
            and self.private_to is None
            and not _hidden_at_close(binding)
        )


def settle(step: Step, conversation: Conversation) -> None:
    """Open, convert and close threads until they are what the state wants."""
    has = list(step.desk.open_bindings(conversation.id))
    if not (has or conversation.open):
        return
    lacking = []
    for wanted in _wanted(step, conversation, has):
        kept = next((binding for binding in has if wanted.met_by(binding)), None)
        if kept is None:
            lacking.append(wanted)
        else:
            has.remove(kept)
    new = []
    for wanted in lacking:
        card = _waiting_card_for(wanted, has)
        if card is None:
            new.append(wanted)
        else:
            has.remove(card)
            _convert(step, conversation, card)
    for wanted in new:
        _open(step, conversation, wanted, [each for each in has if wanted.goes_on_from(each)])
    for binding in has:
        replaced = any(wanted.goes_on_from(binding) for wanted in new)
        _close(step, conversation, binding, told=not replaced)
    step.redraw(conversation.id)


def _wanted(step: Step, conversation: Conversation, has: list[Binding]) -> Iterator[Wanted]:
    if conversation.state is State.ENDED:
        return
    for room in step.desk.rooms_of(None):
        yield Wanted(purpose=Purpose.MONITOR, workspace=room.workspace, room=room.ref)
    if conversation.state in _WAITS and conversation.queue is not None:
        for queue in (conversation.queue, *conversation.widened):
            yield from _waiting_places(conversation, step.desk.rooms_of(queue), has)
    if conversation.state is State.ASSIGNED and conversation.agent is not None:
        yield from _working_place(step, conversation, conversation.agent, has)


def _waiting_places(
    conversation: Conversation, rooms: Iterable[Room], has: list[Binding]
) -> Iterator[Wanted]:
    """A card in one room of each workspace; a working thread that is there already serves as it."""
    of_workspace: dict[WorkspaceId, list[RoomRef]] = {}
    for room in rooms:
        of_workspace.setdefault(room.workspace, []).append(room.ref)
    for workspace, here in of_workspace.items():
        ref = _room_for(conversation, workspace, here, has)
        card = Wanted(purpose=Purpose.WAITING, workspace=workspace, room=ref)
        thread = Wanted(purpose=Purpose.WORK, workspace=workspace, room=ref)
        yield thread if any(thread.met_by(binding) for binding in has) else card


def _room_for(
    conversation: Conversation, workspace: WorkspaceId, here: list[RoomRef], has: list[Binding]
) -> RoomRef:
    """Of a queue's rooms in a workspace the one where it is; new ones spread over all."""
    there = (each.room for each in has if each.workspace == workspace and each.room in here)
    return next(there, here[conversation.number % len(here)])


def _working_place(
    step: Step, conversation: Conversation, agent: AgentId, has: list[Binding]
) -> Iterator[Wanted]:
    """The holder's thread: where it is if he is there, else where he acts or acted last."""
    desk = step.desk
    queue = None if conversation.queue is None else desk.queues.get(conversation.queue)
    private = queue is not None and queue.visibility is Visibility.ASSIGNEE
    rooms = desk.rooms_of(conversation.queue) if queue is not None else ()
    users = desk.users_of(agent)
    workspace = _his_workspace(step, agent, users, rooms, has)
    if workspace is None:
        return
    here = [room.ref for room in rooms if room.workspace == workspace]
    yield Wanted(
        purpose=Purpose.WORK,
        workspace=workspace,
        room=_room_for(conversation, workspace, here, has) if here else RoomRef(""),
        private_to=agent if private or not here else None,
    )


def _his_workspace(
    step: Step,
    agent: AgentId,
    users: tuple[AgentIdentity, ...],
    rooms: Iterable[Room],
    has: list[Binding],
) -> WorkspaceId | None:
    his = [
        identity.workspace
        for identity in users
        if identity.workspace in step.desk.places.workspaces
    ]
    if not his:
        return next((room.workspace for room in rooms), None)
    working = [b.workspace for b in has if b.purpose is Purpose.WORK and b.workspace in his]
    open_pages = [w for w in his if w in step.desk.connections.get(agent, set())]
    bound = [room.workspace for room in rooms if room.workspace in his]
    via = [step.via] if step.via in his else []
    return [*via, *working, *open_pages, *bound, *his][0]


def _waiting_card_for(wanted: Wanted, has: list[Binding]) -> Binding | None:
    if wanted.purpose is not Purpose.WORK or wanted.private_to is not None:
        return None
    for binding in has:
        if binding.purpose is Purpose.WAITING and (binding.workspace, binding.room) == (
            wanted.workspace,
            wanted.room,
        ):
            return binding
    return None


def _open(step: Step, conversation: Conversation, wanted: Wanted, replaced: list[Binding]) -> None:
    binding = step.desk.bindings.put(
        Binding(
            id=BindingId(step.new_id()),
            conversation=conversation.id,
            workspace=wanted.workspace,
            room=wanted.room,
            purpose=wanted.purpose,
            opened_at=step.now,
            private_to=wanted.private_to,
            mirrors=wanted.purpose is Purpose.WORK,
        )
    )
    replaces = tuple(each.id for each in replaced)
    deliveries.to_thread(
        step, binding, OpenThread(members=_members(step, wanted), replaces=replaces)
    )
    if wanted.purpose is Purpose.WORK:
        _transcript(step, binding)


def _members(step: Step, wanted: Wanted) -> tuple[WorkspaceUserId, ...]:
    if wanted.private_to is None:
        return ()
    user = step.desk.user_in(wanted.private_to, wanted.workspace)
    return () if user is None else (user,)


def _convert(step: Step, conversation: Conversation, card: Binding) -> None:
    binding = step.desk.bindings.put(replace(card, purpose=Purpose.WORK, mirrors=True))
    deliveries.to_thread(step, binding, ConvertThread())
    _transcript(step, binding)


def _transcript(step: Step, binding: Binding) -> None:
    """What was said before, up to this moment; lines from now on are mirrored one by one."""
    deliveries.to_thread(step, binding, PostTranscript(up_to=MessageId(step.new_id())))


def _close(step: Step, conversation: Conversation, binding: Binding, *, told: bool) -> None:
    """Take no more from a thread; `told` False leaves its last card until the next one is open."""
    step.desk.bindings.put(
        replace(
            binding,
            closed_at=step.now,
            mirrors=False,
            close_cause=conversation.end_cause or conversation.state.value,
        )
    )
    if told:
        deliveries.to_thread(step, binding, CloseThread(hide=_hidden_at_close(binding)))


def _hidden_at_close(binding: Binding) -> bool:
    return binding.purpose is not Purpose.WORK or binding.private_to is not None


def watch(step: Step, conversation: Conversation, workspace: WorkspaceId, stop: bool) -> bool:
    """Mirror lines into the monitor card's thread, or stop; false without a monitor room."""
    for binding in step.desk.open_bindings(conversation.id):
        if binding.purpose is Purpose.MONITOR and binding.workspace == workspace:
            if binding.mirrors == stop:
                step.desk.bindings.put(replace(binding, mirrors=not stop))
                if not stop:
                    _transcript(step, binding)
            return True
    return False


def post_line(step: Step, line: ThreadLine) -> None:
    """Post one line of ours where the team looks now; it mentions only whom it names."""
    message: Message | None = None
    for binding in step.desk.open_bindings(line.conversation):
        if binding.purpose is Purpose.MONITOR:
            continue
        place = step.desk.places.workspaces[binding.workspace]
        content = Content(text=plain(say(place.language, line.key, **line.data)))
        if message is None:
            message = step.message(
                line.conversation, Author.SYSTEM, SYSTEM.name, content, internal=True
            )
        users = (step.desk.user_in(agent, binding.workspace) for agent in line.mention)
        body = PostLine(
            message=message.id,
            content=content,
            author=Author.SYSTEM,
            name=SYSTEM.name,
            mentions=tuple(user for user in users if user is not None),
            called=_called(step, line),
        )
        deliveries.to_thread(step, binding, body)


def tell(step: Step, line: PrivateLine) -> None:
    """Tell one agent in each workspace of his where the conversation is, in its nearest place."""
    told = set()
    bindings = step.desk.open_bindings(line.conversation)
    for binding in sorted(bindings, key=lambda each: each.purpose is Purpose.MONITOR):
        user = step.desk.user_in(line.to, binding.workspace)
        if user is not None and binding.workspace not in told:
            told.add(binding.workspace)
            deliveries.whisper(step, binding, user, line.key, *line.offers, **line.data)


def _called(step: Step, line: ThreadLine) -> str:
    """What the line calls the only one whom it mentions."""
    if len(line.mention) != 1:
        return ""
    agent = step.desk.agents.get(line.mention[0])
    name = "" if agent is None else agent.name
    return name if name in line.data.values() else ""
