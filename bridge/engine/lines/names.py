"""The names that a platform has for one customer: any of them finds him, all are remembered.

A telephone number changes hands, so it alone never makes two customers one. Where the platform has
a name that never does, whoever has it is he: what was said under his number belongs to him.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from bridge.domain.contact import Identity
from bridge.domain.ids import Address, ChannelId
from bridge.engine.lines import merging
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step
from bridge.ports.channel import Accepted, AddressChanged


def find(
    desk: Desk, channel: ChannelId, names: Sequence[Address], certain: Address | None = None
) -> Identity | None:
    """Whoever is known by one of these names, the first of them first.

    Who has another certain name than the one given is not he: the number was somebody else's.
    """
    owner = None if certain is None else desk.identity_at(channel, certain)
    if owner is not None:
        return owner
    for name in names:
        identity = desk.identity_at(channel, name)
        if identity is not None and not _differ(identity, certain):
            return identity
    return None


def meet(
    step: Step, identity: Identity, names: Sequence[Address], certain: Address | None
) -> Identity:
    """He is known by these from now on; whoever was known by one of them and turns out to be he,
    is. A name of somebody else is taken from him only by who has a certain one.
    """
    if certain is not None and identity.certain != certain:
        identity = step.desk.identities.put(replace(identity, certain=certain))
    for name in names:
        other = step.desk.identity_at(identity.channel, name)
        if other is None:
            step.learn_address(identity, name)
        elif other.id != identity.id and certain is not None:
            identity = _settle(step, identity, other, name)
    return identity


def _settle(step: Step, identity: Identity, other: Identity, name: Address) -> Identity:
    """Somebody else goes by a name of his: they are one, or the name went over to him."""
    if not _differ(other, identity.certain):
        return merging.merge(step, identity, other)
    _lose(step, other, name)
    step.learn_address(identity, name)
    return identity


def make_room(step: Step, channel: ChannelId, names: Sequence[Address]) -> None:
    """Somebody new has these names: whoever had them is not written to by them any more."""
    for name in names:
        other = step.desk.identity_at(channel, name)
        if other is not None:
            _lose(step, other, name)


def _lose(step: Step, identity: Identity, name: Address) -> None:
    if identity.address == name and identity.certain is not None:
        step.desk.identities.put(replace(identity, address=identity.certain))


def _differ(identity: Identity, certain: Address | None) -> bool:
    """True when two certain names say that they are two."""
    return None not in (identity.certain, certain) and identity.certain != certain


def address_changed(step: Step, event: AddressChanged) -> Accepted:
    """A customer goes by another name; if he wrote by the new one already, that was he."""
    identity = step.desk.identity_at(event.channel, event.address)
    if identity is None:
        return Accepted()
    old = identity.address
    for name in (event.new, *event.also):
        other = step.desk.identity_at(event.channel, name)
        if other is not None and other.id != identity.id:
            identity = merging.merge(step, identity, other)
    certain = event.certain or identity.certain
    identity = step.desk.identities.put(replace(identity, address=event.new, certain=certain))
    meet(step, identity, (old, event.new, *event.also), event.certain)
    return Accepted()
