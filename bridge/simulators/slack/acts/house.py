"""What every act needs: the world, the ledger and the way to the apps."""

from dataclasses import dataclass, field

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack.office import PostOffice
from bridge.simulators.slack.outlets.parcel import Answer, ParcelKind
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import User
from bridge.simulators.slack.state.world import World
from bridge.simulators.slack.tickets import Tickets


class CannotDo(AssertionError):
    """Slack's own screen would not let a person do that. Says what is there instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an app made of a command, a click or a submission."""

    answered: bool
    """Within three seconds. Otherwise the person sees Slack's own apology."""
    body: JsonObject = field(default_factory=dict)
    """What came with the ack."""
    errors: JsonObject = field(default_factory=dict)
    """Of a submission, by block id."""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The parts of the simulator that acts use."""

    world: World
    ledger: Ledger
    office: PostOffice
    tickets: Tickets

    def acting(self, who: str) -> User:
        """Somebody who can sign in. Raises `CannotDo` for a deactivated account."""
        user = self.world.user(who)
        if user.deleted:
            raise CannotDo(f"{user.name} is deactivated")
        return user

    async def done(self, verb: str, who: str, **said: Json) -> None:
        """What a person did is on disk; now everybody may hear of it."""
        await self.ledger.append(f"person.{verb}", who, **said)
        self.world.changes.release()

    async def ask(self, app: App, kind: ParcelKind, payload: JsonObject) -> Answer:
        """Bring an interaction to its app and wait for what it says."""
        if kind == "interactive" and not app.manifest.interactivity:
            raise CannotDo(f"{app.manifest.name} has interactivity switched off")
        answer = await self.office.ask(app, kind, payload)
        self.world.changes.release()
        return answer

    def base(self, app: App, user: str) -> JsonObject:
        """What every interaction carries."""
        world, person = self.world, self.acting(user)
        return {
            "user": {
                "id": user,
                "username": person.name,
                "name": person.name,
                "team_id": person.team_id,
            },
            "api_app_id": app.id,
            "token": app.verification_token,
            "trigger_id": self.tickets.trigger(app, user),
            "team": {"id": world.team.id, "domain": world.team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }
