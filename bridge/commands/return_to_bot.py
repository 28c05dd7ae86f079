"""`/return-to-bot`: give control back to the bot, which ends the conversation."""

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import conversation_and_rest, me
from bridge.commands.request import Request
from bridge.domain.moves import ReturnToBot
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec

MAX_SUMMARY = 1_000


def parse(request: Request, desk: DeskView) -> Wanted:
    """Everything after the number is the summary that the bot gets."""
    me(request)
    conversation, rest = conversation_and_rest(request, desk)
    summary = request.arguments.get("summary", "").strip() or rest
    if len(summary) > MAX_SUMMARY:
        refuse("too_long", limit=str(MAX_SUMMARY))
    return ReturnToBot(conversation=conversation.id, summary=summary, confirmed=request.sure)


COMMAND = Command(
    spec=CommandSpec(
        name="return-to-bot",
        arguments=(CONVERSATION, ArgumentSpec(name="summary", kind=ArgumentKind.TEXT)),
    ),
    actions=(Action.RETURN_TO_BOT,),
    parse=parse,
    aliases=("return_to_bot", "returntobot", "return", "devolver", "devolver-ao-bot"),
)
