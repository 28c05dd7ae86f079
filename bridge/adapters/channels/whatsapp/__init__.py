"""WhatsApp as a channel: one business number on Meta's Cloud API."""

from bridge.adapters.channels.whatsapp.settings import WhatsAppSettings
from bridge.ports.channel import ChannelAdapter
from bridge.ports.connecting import Connects
from bridge.ports.plugin import AdapterContext, Plugin


def build(settings: WhatsAppSettings, context: AdapterContext) -> ChannelAdapter:
    """The adapter; imported only now, so that a desk without it does not pay for it."""
    from bridge.adapters.channels.whatsapp.adapter import WhatsApp

    return WhatsApp(settings, context)


def connects() -> Connects:
    """What helps to connect one."""
    from bridge.adapters.channels.whatsapp.setup.connecting import WhatsAppConnecting

    return WhatsAppConnecting()


plugin: Plugin[WhatsAppSettings, ChannelAdapter] = Plugin(
    kind="whatsapp", settings=WhatsAppSettings, build=build, connects=connects
)
