"""Telegram as a channel: one bot of the Bot API, fetched from or told by webhook."""

from bridge.adapters.channels.telegram.settings import TelegramSettings
from bridge.domain.errors import InvalidSettings
from bridge.ports.channel import ChannelAdapter
from bridge.ports.connecting import Connects
from bridge.ports.plugin import AdapterContext, Plugin


def build(settings: TelegramSettings, context: AdapterContext) -> ChannelAdapter:
    """The adapter; imported only now, because its library is an extra."""
    try:
        from bridge.adapters.channels.telegram.adapter import Telegram
    except ImportError as missing:
        raise _lacking(f"[channels.{context.id}] kind: telegram", missing) from missing
    return Telegram(settings, context)


def connects() -> Connects:
    """What helps to connect one."""
    try:
        from bridge.adapters.channels.telegram.setup.connecting import TelegramConnecting
    except ImportError as missing:
        raise _lacking("telegram", missing) from missing
    return TelegramConnecting()


def _lacking(what: str, missing: ImportError) -> InvalidSettings:
    way_out = "install it with: pip install 'deskbridge[telegram]'"
    return InvalidSettings(f"{what} needs the package {missing.name}; {way_out}")


plugin: Plugin[TelegramSettings, ChannelAdapter] = Plugin(
    kind="telegram", settings=TelegramSettings, build=build, connects=connects
)
