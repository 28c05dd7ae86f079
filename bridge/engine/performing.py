"""Which part carries out which move; whoever may do it has been asked before."""

from collections.abc import Callable
from typing import Any

from bridge.domain import moves as m
from bridge.domain.events import Actor
from bridge.domain.moves import Move, Outcome, refused
from bridge.engine.control import moves, offers, presence
from bridge.engine.manage import cases, erasing, staff
from bridge.engine.step import Step


def perform(step: Step, move: Move, actor: Actor) -> Outcome:
    """Carry a move out, or say why it cannot be done; then nothing has changed."""
    conversation = getattr(move, "conversation", None)
    if conversation is not None and step.desk.conversation(conversation) is None:
        return refused("unknown_conversation")
    return _HANDLERS[type(move)](step, move, actor)


# Any: the table pairs each move with the function that takes just that move.
_HANDLERS: dict[type, Callable[[Step, Any, Actor], Outcome]] = {
    m.SetPresence: presence.set_presence,
    m.Take: moves.take,
    m.DeclineOffer: offers.decline,
    m.TransferToAgent: moves.transfer_to_agent,
    m.TransferToQueue: moves.transfer_to_queue,
    m.SetPriority: moves.set_priority,
    m.ReturnToBot: moves.return_to_bot,
    m.AddNote: moves.add_note,
    m.Watch: moves.watch,
    m.OpenTicket: cases.open_ticket,
    m.ChangeTicket: cases.change_ticket,
    m.SendTemplate: cases.send_template,
    m.StartConversation: cases.start_conversation,
    m.SendAnyway: cases.send_anyway,
    m.RetryLine: cases.retry_line,
    m.CreateQueue: staff.create_queue,
    m.ChangeQueue: staff.change_queue,
    m.SetMember: staff.set_member,
    m.BindRoom: staff.bind_room,
    m.UnbindRoom: staff.unbind_room,
    m.CreateAgent: staff.create_agent,
    m.ChangeAgent: staff.change_agent,
    m.LinkAgent: staff.link_agent,
    m.CreateTemplate: staff.create_template,
    m.EndForErasure: erasing.end,
    m.EraseContact: erasing.erase,
}
