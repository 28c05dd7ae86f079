"""The desk's fixed settings, as plain values: what it is called, its places, its deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.domain.delivery import BotEventKind
from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND, BotId, ChannelId, Language, WorkspaceId
from bridge.ports.bot import HEARD
from bridge.ports.capabilities import ChannelCapabilities, WorkspaceCapabilities

ENGLISH = Language("en")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelPlace:
    """One channel as the engine knows it. `reply_hold` in milliseconds.

    `labels` is what people call it in languages where that is not `label`.
    """

    id: ChannelId
    label: str
    capabilities: ChannelCapabilities
    bot: BotId | None = None
    reply_hold: int = 0
    labels: Mapping[Language, str] = field(default_factory=dict)
    bot_hears: frozenset[BotEventKind] = HEARD
    bot_observes: bool = False

    def called(self, language: Language) -> str:
        """What people call it in this language."""
        return self.labels.get(language, self.label)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkspacePlace:
    """One workspace as the engine knows it; `language` is what its shared lines are in."""

    id: WorkspaceId
    capabilities: WorkspaceCapabilities
    language: Language = ENGLISH


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Every channel and workspace that is configured, in the order of the settings."""

    channels: Mapping[ChannelId, ChannelPlace]
    workspaces: Mapping[WorkspaceId, WorkspacePlace]

    def channels_in(self, language: Language) -> dict[str, str]:
        """What channels are called in this language, by what the desk calls them."""
        return {each.label: each.called(language) for each in self.channels.values()}


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskOptions:
    """Settings of the whole desk. Times in milliseconds."""

    brand: str = "Deskbridge"
    language: Language = ENGLISH
    default_queue: str = ""
    default_region: str = "BR"
    bot_deadline: int = 15 * SECOND
    bot_late: int = MINUTE
    cool_down: int = 30 * SECOND
    max_missed: int = 3
    max_requeues: int = 3
    idle_timeout: int = 0
    started_timeout: int = 7 * DAY
    starts_per_minute: int = 30
    inactivity_warning: int = HOUR
    connected_for: int = 15 * MINUTE
    ticket_types: tuple[str, ...] = ("question", "problem", "order", "other")
    ticket_statuses: tuple[str, ...] = ("open", "in progress", "waiting", "closed")
    closed_statuses: frozenset[str] = field(default_factory=lambda: frozenset({"closed"}))
