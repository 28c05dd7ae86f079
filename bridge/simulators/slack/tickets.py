"""Trigger ids and response addresses: what an interaction lets an app do, and for how long."""

from dataclasses import dataclass, replace

from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.world import World

RESPONSE_USES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """The right to show one modal to somebody, for three seconds."""

    app_id: str
    user: str
    expires: float
    used: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """Where an app may answer an interaction, five times in half an hour."""

    app_id: str
    user: str
    channel: str
    message_ts: str | None = None
    thread_ts: str | None = None
    ephemeral: bool = False
    """Whether `message_ts` is of an ephemeral."""
    left: int = RESPONSE_USES
    expires: float = 0.0
    """Set when its address is made."""


class Tickets:
    """Gives them out and takes them back."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._triggers: dict[str, Trigger] = {}
        self._replies: dict[str, Reply] = {}

    def trigger(self, app: App, user: str) -> str:
        """A new trigger id."""
        world = self._world
        seconds, part = str(world.now()).split(".")
        trigger_id = f"{seconds}.{part}.{world.mint.secret(length=32)}"
        expires = world.now() + world.timing.trigger_lives
        self._triggers[trigger_id] = Trigger(app_id=app.id, user=user, expires=expires)
        return trigger_id

    def exchange(self, app: App, trigger_id: str) -> str:
        """The user that it is for. It works once. Raises Slack's four refusals."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.app_id != app.id:
            raise SlackRefused("invalid_trigger_id" if trigger_id else "invalid_arguments")
        if trigger.used:
            raise SlackRefused("exchanged_trigger_id")
        if self._world.now() > trigger.expires:
            raise SlackRefused("expired_trigger_id")
        self._triggers[trigger_id] = replace(trigger, used=True)
        return trigger.user

    def response_url(self, reply: Reply) -> str:
        """A new address for this reply."""
        key = self._world.mint.secret(length=24)
        expires = self._world.now() + self._world.timing.response_url_lives
        self._replies[key] = replace(reply, expires=expires)
        return f"{self._world.address}/actions/{self._world.team.id}/{key}"

    def use(self, key: str) -> Reply:
        """Use an address once. Raises `used_url`, `expired_url`."""
        reply = self._replies.get(key)
        if reply is None or reply.left == 0:
            raise SlackRefused("used_url")
        if self._world.now() > reply.expires:
            raise SlackRefused("expired_url")
        self._replies[key] = replace(reply, left=reply.left - 1)
        return reply
