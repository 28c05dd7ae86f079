"""How a bot gets its updates."""

import asyncio

from bridge.simulators.common.wire import Json
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.errors import TelegramRefused
from bridge.simulators.telegram.mail import Mailbox
from bridge.simulators.telegram.polls import Poll

MOST = 100


async def get_updates(desk: Desk, call: Call) -> Json:
    """`getUpdates`: waits for the first update, never for a second."""
    bot, mail = call.bot.id, desk.world.mail[call.bot.id]
    if desk.world.hooks[bot].url:
        details = "can't use getUpdates method while webhook is active"
        raise TelegramRefused(409, f"{details}; use deleteWebhook to delete the webhook first")
    poll = desk.polls.begin(bot)
    try:
        if "allowed_updates" in call.args:
            mail.allowed = allowed(call)
        if call.int("offset"):
            mail.confirm(call.int("offset"))
        await _something(mail, poll, min(call.int("timeout"), desk.world.quirks.longest_poll))
    finally:
        desk.polls.done(bot, poll)
    limit = min(max(1, call.int("limit", MOST)), MOST)
    return [one.shown() for one in mail.waiting[:limit]]


async def _something(mail: Mailbox, poll: Poll, seconds: float) -> None:
    """Wait until there is an update, or for so long. Raises `TelegramRefused`."""
    ends = asyncio.get_running_loop().time() + seconds
    while not mail.waiting:
        left = ends - asyncio.get_running_loop().time()
        if left <= 0:
            return
        await poll.wait(left)
        if poll.ended_by:
            raise TelegramRefused(409, poll.ended_by)


def allowed(call: Call) -> tuple[str, ...]:
    """`allowed_updates`; none are all but those on demand."""
    return tuple(str(one) for one in call.arr("allowed_updates"))
