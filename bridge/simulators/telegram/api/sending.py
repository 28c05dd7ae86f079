"""New messages: every send ends here, whatever it sends."""

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.api.saying import markup_said, reply_said, text_said
from bridge.simulators.telegram.records import Chat, Message
from bridge.simulators.telegram.shapes import message_shown


async def send_message(desk: Desk, call: Call) -> Json:
    """`sendMessage`."""
    chat = desk.writable(call)
    return await send(desk, call, chat, text_said(call.args))


async def send(desk: Desk, call: Call, chat: Chat, body: JsonObject) -> Json:
    """One message with this body, what it answers and the buttons under it."""
    sent = await send_all(desk, call, chat, [body])
    return message_shown(desk.world, sent[0])


async def send_all(desk: Desk, call: Call, chat: Chat, bodies: list[JsonObject]) -> list[Message]:
    """Messages that belong together. They arrive when all are on disk."""
    reply_to, quote = reply_said(desk, call, chat)
    more = quote | markup_said(call)
    desk.meter.admit(chat, len(bodies))
    messages = [_message(desk, call, chat, body | more, reply_to) for body in bodies]
    await desk.accept(call, chat, ids=[one.id for one in messages])
    desk.world.typing.pop((chat.bot, chat.id), None)
    for one in messages:
        desk.world.keep(one)
    desk.world.changes.release()
    return messages


def _message(desk: Desk, call: Call, chat: Chat, body: JsonObject, reply_to: int) -> Message:
    return Message(
        bot=chat.bot,
        chat=chat.id,
        id=desk.world.new_message_id(chat),
        sender=call.bot.id,
        at=desk.world.now(),
        body=body,
        reply_to=reply_to,
    )
