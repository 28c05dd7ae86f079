"""Makes one call: in its turn, once, and with a way to learn what became of it."""

from bridge.adapters.channels.whatsapp.addresses import names, recipient
from bridge.adapters.channels.whatsapp.client import Answer, Graph
from bridge.adapters.channels.whatsapp.media import MediaRoom
from bridge.adapters.channels.whatsapp.outbound import Json, message
from bridge.adapters.channels.whatsapp.outcomes import Outcomes
from bridge.adapters.channels.whatsapp.pacing import Pacing
from bridge.adapters.channels.whatsapp.shelf import Shelf
from bridge.adapters.channels.whatsapp.templates import files_of, payload
from bridge.domain.content import TemplateUse
from bridge.domain.errors import OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import Address, ExternalId
from bridge.ports.calls import CallKind, OutboundCall, Sent

_RATE_LIMIT = "130429"


class Sending:
    """What goes to customers."""

    def __init__(
        self,
        *,
        graph: Graph,
        media: MediaRoom,
        outcomes: Outcomes,
        pacing: Pacing,
        shelf: Shelf,
        language: str,
    ) -> None:
        """All parts are made by the adapter."""
        self._graph = graph
        self._media = media
        self._outcomes = outcomes
        self._pacing = pacing
        self._shelf = shelf
        self._language = language

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        """Make this call, or find out what became of it. Raises the delivery errors."""
        recipient(to)
        if call.doubtful is not None and call.kind is CallKind.POST:
            return Sent(external_ids=(await self._outcomes.find(call.key),))
        self._outcomes.begin(call.key)
        try:
            return await self._sent(to, call)
        finally:
            self._outcomes.end(call.key)

    async def _sent(self, to: Address, call: OutboundCall) -> Sent:
        said = await self._message(to, call)
        room = await self._pacing.turn(to)
        try:
            answer = await self._graph.send(said)
        except TemporaryFailure as failure:
            if _RATE_LIMIT in str(failure):
                self._pacing.slow_down(failure.retry_after or 1.0)
            raise
        except OutcomeUnknown:
            if call.kind is not CallKind.POST:
                raise  # the same reaction again is one
            return Sent(external_ids=(await self._outcomes.find(call.key),))
        finally:
            room.answered()
        return self._took(to, call, answer)

    async def _message(self, to: Address, call: OutboundCall) -> Json:
        """What Graph is asked; whatever can be refused without it is refused before."""
        content = call.content
        template: Json | None = None
        media = ""
        if call.kind is CallKind.POST and content is not None:
            use = content.template
            if use is not None and self._shelf.has(use.name):
                template = await self._template(use)
            elif content.files:
                media = await self._media.put(content.files[0])
        return message(to, call, media=media, template=template, language=self._language)

    async def _template(self, use: TemplateUse) -> Json:
        """The template, its files uploaded; what does not fit is refused before that."""
        known = self._shelf.find(use.name, use.language)
        files = files_of(known, use.variables)
        payload(known, use.variables, {slot: {"id": ""} for slot in files})
        media = {slot: await self._media.put_for(*file) for slot, file in files.items()}
        return payload(known, use.variables, media)

    def _took(self, to: Address, call: OutboundCall, answer: Answer) -> Sent:
        ids = tuple(ExternalId(each.id) for each in answer.messages)
        if ids:
            self._outcomes.answered(call.key, ids[0])
        met = [found for each in answer.contacts if (found := names(each.wa_id, each.user_id))]
        learned = [name for found in met for name in found.every() if name != to]
        certain = next((found.certain for found in met if found.certain), None)
        # A reaction is no line of its own: its id would stand for the line that it is about.
        posted = ids if call.kind is CallKind.POST else ()
        return Sent(external_ids=posted, addresses=tuple(learned), certain=certain)
