"""A method of the Web API: who may call it, how often, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api.args import Args
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.limits import Limits
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import Channel
from bridge.simulators.slack.state.world import World
from bridge.simulators.slack.tickets import Tickets

_FAMILY = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call by one app."""

    world: World
    app: App
    args: Args
    tickets: Tickets
    limits: Limits
    connect: Callable[[App], str]
    """Gives an address for one more socket."""

    def needs(self, *scopes: str) -> None:
        """Raises `missing_scope` unless the app has one of them."""
        if not self.app.scopes.intersection(scopes):
            provided = ",".join(sorted(self.app.scopes))
            raise SlackRefused("missing_scope", needed=scopes[0], provided=provided)

    def needs_for(self, channel: Channel, verb: str) -> None:
        """The scope for this kind of channel: `channels:read`, `groups:history`."""
        self.needs(f"{_FAMILY[channel.kind]}:{verb}")

    def channel(self, name: str = "channel") -> Channel:
        """The channel of an argument. A private one that the app is not in does not exist."""
        channel = self.world.channel(self.args.text(name))
        if channel.kind != "public" and self.app.bot_user not in channel.members:
            raise SlackRefused("channel_not_found")
        return channel

    def joined(self, name: str = "channel") -> Channel:
        """A channel that the app is in. Raises `not_in_channel`."""
        channel = self.channel(name)
        if self.app.bot_user not in channel.members:
            raise SlackRefused("not_in_channel")
        return channel


Run = Callable[[Call], JsonObject]


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """What the server knows of a method."""

    name: str
    run: Run
    scopes: tuple[str, ...]
    """One of them is enough; none where the method looks at the channel first."""
    tier: int | None
    writes: bool
    """Whether it is in the ledger."""
    caller: Literal["bot", "app"]


class Family:
    """Methods that belong together; a module's decorator collects them."""

    def __init__(self) -> None:
        self.methods: dict[str, Method] = {}

    def method(
        self,
        name: str,
        *,
        scopes: tuple[str, ...] = (),
        tier: int | None = 3,
        writes: bool = False,
        caller: Literal["bot", "app"] = "bot",
    ) -> Callable[[Run], Run]:
        """Serve a function as this method."""

        def keep(run: Run) -> Run:
            self.methods[name] = Method(
                name=name, run=run, scopes=scopes, tier=tier, writes=writes, caller=caller
            )
            return run

        return keep


def joined_families(*families: Family) -> Mapping[str, Method]:
    """All methods by name."""
    return {name: one for family in families for name, one in family.methods.items()}
