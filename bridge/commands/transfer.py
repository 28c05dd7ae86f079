"""`/transfer`: give a conversation to another agent or another queue."""

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import (
    agent_called,
    conversation_and_rest,
    first_word,
    is_person,
    me,
    nearest_of,
    queue_and_rest,
    the_agent,
)
from bridge.commands.request import Request
from bridge.domain.ids import ConversationId
from bridge.domain.moves import TransferToAgent, TransferToQueue
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec


def parse(request: Request, desk: DeskView) -> Wanted:
    """The target is an agent or a queue, the rest a note for whoever gets it."""
    me(request)
    conversation, rest = conversation_and_rest(request, desk)
    target = request.arguments.get("target", "").strip()
    note = request.arguments.get("note", "").strip()
    if target:
        return _to(conversation.id, target, note or rest, request, desk, whole=True)
    if not rest:
        refuse("which_target")
    return _to(conversation.id, rest, note, request, desk, whole=False)


def _to(
    conversation: ConversationId,
    text: str,
    note: str,
    request: Request,
    desk: DeskView,
    *,
    whole: bool,
) -> Wanted:
    """`whole` says that the text is the target alone; otherwise the note follows it."""
    word, after = (text, "") if whole else first_word(text)
    queue, after_queue = queue_and_rest(text, desk)
    if queue is not None and not is_person(word):
        meant = desk.agent_by_handle(request.arguments.get("prefer", ""))
        return TransferToQueue(
            conversation=conversation,
            queue=queue.id,
            note=note or after_queue,
            park=request.arguments.get("park") == "yes",
            prefer=None if meant is None else meant.id,
        )
    agent = the_agent(word, request, desk) if is_person(word) else agent_called(word, request, desk)
    if agent is None:
        near = _nearest(word, desk)
        if near:
            refuse("unknown_target_near", word=word, nearest=near)
        refuse("unknown_target")
    return TransferToAgent(
        conversation=conversation, agent=agent.id, note=note or after, force=request.forced
    )


def _nearest(word: str, desk: DeskView) -> str:
    names = [queue.name for queue in desk.queues if queue.active]
    return nearest_of(word, names) or nearest_of(
        word, [f"@{agent.handle}" for agent in desk.agents]
    )


COMMAND = Command(
    spec=CommandSpec(
        name="transfer",
        arguments=(
            CONVERSATION,
            ArgumentSpec(name="target", kind=ArgumentKind.TARGET, required=True),
            ArgumentSpec(name="note", kind=ArgumentKind.TEXT),
        ),
    ),
    actions=(Action.TRANSFER, Action.TRANSFER_BY_FORCE),
    parse=parse,
    aliases=("transferir",),
)
