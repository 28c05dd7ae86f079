"""The local workspace: agents answer in the browser, with pages of our own under `/desk`.

Its HTTP surface is described in `docs/local-workspace.md`.
"""

from bridge.adapters.workspaces.local.settings import LocalSettings
from bridge.ports.plugin import AdapterContext, Plugin
from bridge.ports.workspace import WorkspaceAdapter


def build(settings: LocalSettings, context: AdapterContext) -> WorkspaceAdapter:
    """The adapter; imported only now, so that a desk without it does not pay for it."""
    from bridge.adapters.workspaces.local.adapter import LocalWorkspace

    return LocalWorkspace(settings, context)


plugin: Plugin[LocalSettings, WorkspaceAdapter] = Plugin(
    kind="local", settings=LocalSettings, build=build
)
