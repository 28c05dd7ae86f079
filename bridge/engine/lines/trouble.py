"""What went wrong with a line is shown on it and told to its writer, once."""

from bridge.commands.speech import our_word
from bridge.domain.delivery import Mark, MarkLine, OfferedCommand
from bridge.domain.events import SYSTEM, EventKind
from bridge.domain.message import Message
from bridge.engine import deliveries
from bridge.engine.lines import window
from bridge.engine.step import Step

_EVENTS = {
    Mark.FAILED: EventKind.DELIVERY_FAILED,
    Mark.UNKNOWN: EventKind.DELIVERY_UNKNOWN,
}


def tell(step: Step, message: Message, mark: Mark, reason: str) -> None:
    """Mark the agent's line as failed or unknown and offer to send it again."""
    step.event(
        _EVENTS[mark], SYSTEM, conversation=message.conversation, agent=message.agent, cause=reason
    )
    binding = step.desk.work_binding(message.conversation)
    if binding is None or message.agent is None:
        return
    deliveries.to_thread(step, binding, MarkLine(message=message.id, mark=mark))
    user = step.desk.user_in(message.agent, binding.workspace)
    if user is not None:
        deliveries.whisper(
            step,
            binding,
            user,
            f"trouble.{mark.value}",
            _way_out(message, reason),
            excerpt=message.content.excerpt(60),
            reason=our_word("cause", reason, step.desk.agents[message.agent].language),
        )
    step.redraw(message.conversation)


def _way_out(message: Message, reason: str) -> OfferedCommand:
    """Send it again; a template where free text is not taken any more."""
    if reason == window.CLOSED:
        return OfferedCommand(command="template", label="button.template")
    arguments = {"message": str(message.id)}
    return OfferedCommand(command="retry", label="button.retry", arguments=arguments)
