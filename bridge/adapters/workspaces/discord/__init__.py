"""Discord as a workspace: agents answer in threads of forums or of text channels."""

from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.ports.connecting import Connects
from bridge.ports.plugin import AdapterContext, Plugin
from bridge.ports.workspace import WorkspaceAdapter


def build(settings: DiscordSettings, context: AdapterContext) -> WorkspaceAdapter:
    """The adapter; imported only now, so that a desk without it does not pay for it."""
    from bridge.adapters.workspaces.discord.adapter import DiscordWorkspace

    return DiscordWorkspace(settings, context)


def connects() -> Connects:
    """What helps to connect one."""
    from bridge.adapters.workspaces.discord.setup.connecting import DiscordConnecting

    return DiscordConnecting()


plugin: Plugin[DiscordSettings, WorkspaceAdapter] = Plugin(
    kind="discord", settings=DiscordSettings, build=build, connects=connects
)
