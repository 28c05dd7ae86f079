"""How a bot gets its updates."""

import asyncio
import re

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.errors import TelegramRefused
from bridge.simulators.telegram.mail import Mailbox
from bridge.simulators.telegram.polls import Poll
from bridge.simulators.telegram.records import Hook

MOST = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


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
        if call.num("offset"):
            mail.confirm(call.num("offset"))
        await _something(mail, poll, min(call.num("timeout"), desk.world.quirks.longest_poll))
    finally:
        desk.polls.done(bot, poll)
    limit = min(max(1, call.num("limit", MOST)), MOST)
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


async def set_webhook(desk: Desk, call: Call) -> Json:
    """`setWebhook`; without an address it takes the webhook away."""
    if not call.txt("url"):
        return await _put_hook(desk, call, Hook())
    hook = Hook(
        url=_address(desk, call.txt("url")),
        secret=_secret(call),
        most_connections=min(max(1, call.num("max_connections", 40)), 100),
        ip_address=call.txt("ip_address"),
        certificate=bool(call.txt("certificate")),
    )
    if "allowed_updates" in call.args:
        desk.world.mail[call.bot.id].allowed = allowed(call)
    return await _put_hook(desk, call, hook)


def _address(desk: Desk, url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise TelegramRefused(400, "bad webhook: invalid URL")
    if desk.world.quirks.webhook_wants_https and not url.startswith("https://"):
        raise TelegramRefused(400, "bad webhook: An HTTPS URL must be provided for webhook")
    return url


def _secret(call: Call) -> str:
    secret = call.txt("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise TelegramRefused(400, "secret token contains unallowed characters")
    return secret


async def delete_webhook(desk: Desk, call: Call) -> Json:
    """`deleteWebhook`."""
    return await _put_hook(desk, call, Hook())


async def _put_hook(desk: Desk, call: Call, hook: Hook) -> Json:
    bot = call.bot.id
    if call.flag("drop_pending_updates"):
        desk.world.mail[bot].drop()
    desk.world.hooks[bot] = hook
    if hook.url:
        desk.polls.end(bot, "terminated by setWebhook request")
    shown: JsonObject = {**call.args, "secret_token": "(hidden)"} if hook.secret else call.args
    await desk.ledger.append(call.method, str(bot), call=shown)
    desk.world.told(bot)
    return True


async def get_webhook_info(desk: Desk, call: Call) -> Json:
    """`getWebhookInfo`."""
    hook, mail = desk.world.hooks[call.bot.id], desk.world.mail[call.bot.id]
    said: JsonObject = {
        "url": hook.url,
        "has_custom_certificate": hook.certificate,
        "pending_update_count": len(mail.waiting),
    }
    if hook.url:
        said |= {"max_connections": hook.most_connections}
    if hook.ip_address:
        said |= {"ip_address": hook.ip_address}
    if hook.error:
        said |= {"last_error_date": int(hook.error_at), "last_error_message": hook.error}
    return {**said, "allowed_updates": list(mail.allowed)} if mail.allowed else said
