"""Slack as a workspace: agents answer in threads, by Socket Mode or by HTTP events."""

from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.ports.connecting import Connects
from bridge.ports.plugin import AdapterContext, Plugin
from bridge.ports.workspace import WorkspaceAdapter


def build(settings: SlackSettings, context: AdapterContext) -> WorkspaceAdapter:
    """The adapter; imported only now, so that a desk without it does not pay for it."""
    from bridge.adapters.workspaces.slack.adapter import SlackWorkspace

    return SlackWorkspace(settings, context)


def connects() -> Connects:
    """What helps to connect one."""
    from bridge.adapters.workspaces.slack.setup.connecting import SlackConnecting

    return SlackConnecting()


plugin: Plugin[SlackSettings, WorkspaceAdapter] = Plugin(
    kind="slack", settings=SlackSettings, build=build, connects=connects
)
