"""The names that a platform has for one customer: any of them finds him, all are remembered."""

from collections.abc import Sequence

from msgspec.structs import replace

from bridge.domain.contact import Identity
from bridge.domain.ids import Address, ChannelId
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step
from bridge.ports.channel import Accepted, AddressChanged


def find(desk: Desk, channel: ChannelId, names: Sequence[Address]) -> Identity | None:
    """Whoever is known by one of these names, the first of them first."""
    for name in names:
        identity = desk.identity_at(channel, name)
        if identity is not None:
            return identity
    return None


def learn(step: Step, identity: Identity, names: Sequence[Address]) -> None:
    """He is known by these from now on, but for those that are somebody else's."""
    for name in names:
        if step.desk.identity_at(identity.channel, name) is None:
            step.learn_address(identity, name)


def address_changed(step: Step, event: AddressChanged) -> Accepted:
    """A customer goes by another name; where that is somebody else's already, nothing is mixed."""
    identity = step.desk.identity_at(event.channel, event.address)
    new = step.desk.identity_at(event.channel, event.new)
    if identity is None or (new is not None and new.id != identity.id):
        return Accepted()
    learn(step, identity, (identity.address, *event.also))
    step.learn_address(identity, event.new)
    step.desk.identities.put(replace(identity, address=event.new))
    return Accepted()
