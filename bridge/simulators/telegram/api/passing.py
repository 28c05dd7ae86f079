"""Messages that are passed on, with or without saying whose they were."""

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.api.saying import caption_said
from bridge.simulators.telegram.api.sending import send, send_all
from bridge.simulators.telegram.errors import BrokenRules, TelegramRefused
from bridge.simulators.telegram.files import FOLDERS
from bridge.simulators.telegram.records import Chat, Message
from bridge.simulators.telegram.shapes import OWN, forwarded


async def forward_message(desk: Desk, call: Call) -> Json:
    """`forwardMessage`."""
    chat = desk.writable(call)
    message = _source(desk, call, "message to forward not found")
    return await send(desk, call, chat, forwarded(desk.world, message))


async def forward_messages(desk: Desk, call: Call) -> Json:
    """`forwardMessages`: those that cannot be found are skipped."""
    chat = desk.writable(call)
    bodies = [forwarded(desk.world, one) for one in _sources(desk, call)]
    return await _pass_all(desk, call, chat, bodies)


async def copy_message(desk: Desk, call: Call) -> Json:
    """`copyMessage`: the same again, perhaps with another caption."""
    chat = desk.writable(call)
    body = _copied(_source(desk, call, "message to copy not found"))
    if "caption" in call.args:
        files = {name: said for name, said in body.items() if name in FOLDERS}
        body = files | caption_said(call.args)
    sent = await send_all(desk, call, chat, [body])
    return {"message_id": sent[0].id}


async def copy_messages(desk: Desk, call: Call) -> Json:
    """`copyMessages`: those that cannot be found are skipped."""
    chat = desk.writable(call)
    bodies = [_copied(one) for one in _sources(desk, call)]
    if call.flag("remove_caption"):
        bodies = [{n: said for n, said in one.items() if "caption" not in n} for one in bodies]
    return await _pass_all(desk, call, chat, bodies)


async def _pass_all(desk: Desk, call: Call, chat: Chat, bodies: list[JsonObject]) -> Json:
    if not bodies:
        raise TelegramRefused(400, "there are no messages to forward")
    sent = await send_all(desk, call, chat, bodies)
    return [{"message_id": one.id} for one in sent]


def _source(desk: Desk, call: Call, missing: str) -> Message:
    return desk.world.message(desk.chat(call, "from_chat_id"), call.num("message_id"), missing)


def _sources(desk: Desk, call: Call) -> list[Message]:
    chat, ids = desk.chat(call, "from_chat_id"), call.ints("message_ids")
    if ids != sorted(set(ids)):
        raise BrokenRules("message_ids must be in a strictly increasing order")
    found = (desk.world.found(chat, id_) for id_ in ids)
    return [one for one in found if one is not None]


def _copied(message: Message) -> JsonObject:
    return {
        name: said
        for name, said in message.body.items()
        if name not in OWN and name != "forward_origin"
    }
