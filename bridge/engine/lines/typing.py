"""Who is typing: passed on at once, to sides that can show it, never stored."""

from collections.abc import Mapping

from bridge.domain.conversation import State
from bridge.domain.ids import Address, ChannelId, ThreadRef, WorkspaceId
from bridge.engine.lines.outward import name_for_customers
from bridge.engine.state.desk import Desk
from bridge.ports.channel import ShowsTyping
from bridge.ports.commands import WorkspaceUser


class TypingHints:
    """Best effort: what cannot be shown is not shown."""

    def __init__(self, desk: Desk) -> None:
        """Nobody can show it yet; `connect` says who can."""
        self._desk = desk
        self._channels: Mapping[ChannelId, ShowsTyping] = {}
        self._workspaces: Mapping[WorkspaceId, ShowsTyping] = {}

    def connect(
        self,
        channels: Mapping[ChannelId, ShowsTyping],
        workspaces: Mapping[WorkspaceId, ShowsTyping],
    ) -> None:
        """These adapters can show it."""
        self._channels = channels
        self._workspaces = workspaces

    async def customer_types(self, channel: ChannelId, address: Address) -> None:
        """Show it in the working thread."""
        identity = self._desk.identity_at(channel, address)
        conversation = None if identity is None else self._desk.current(identity.id)
        if identity is None or conversation is None:
            return
        binding = self._desk.work_binding(conversation.id)
        if binding is None or binding.thread is None:
            return
        shower = self._workspaces.get(binding.workspace)
        if shower is not None:
            await shower.show_typing(binding.thread, identity.name)

    async def agent_types(
        self, workspace: WorkspaceId, thread: ThreadRef, by: WorkspaceUser
    ) -> None:
        """Show it to the customer, by the name he may see."""
        binding = self._desk.binding_at(workspace, thread)
        conversation = None if binding is None else self._desk.conversation(binding.conversation)
        agent = self._desk.agent_of(workspace, by.id)
        if conversation is None or agent is None or conversation.agent != agent.id:
            return
        shower = self._channels.get(conversation.channel)
        identity = self._desk.identity(conversation.identity)
        if conversation.state is State.ASSIGNED and shower is not None and identity is not None:
            name = name_for_customers(self._desk, conversation, agent.id)
            await shower.show_typing(identity.address, name)
