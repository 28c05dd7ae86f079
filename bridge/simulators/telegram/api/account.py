"""The bot itself."""

from bridge.simulators.common.wire import Json
from bridge.simulators.telegram.api.call import Call, Desk

_CAN = (
    "can_join_groups",
    "can_read_all_group_messages",
    "supports_guest_queries",
    "supports_inline_queries",
    "can_connect_to_business",
    "has_main_web_app",
)


async def get_me(_desk: Desk, call: Call) -> Json:
    """`getMe`."""
    return {**call.bot.shown(), **dict.fromkeys(_CAN, False), "can_join_groups": True}
