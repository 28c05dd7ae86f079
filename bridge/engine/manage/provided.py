"""Templates that a platform keeps: the desk has the same ones, and no others."""

from bridge.domain.ids import TemplateId
from bridge.domain.template import Template
from bridge.engine.step import Step
from bridge.ports.channel import Accepted, OfferedTemplate, TemplatesSynced


def templates_synced(step: Step, event: TemplatesSynced) -> Accepted:
    """Take over what is new or changed, and forget what the platform has no more."""
    table = step.desk.template_table
    known = {(each.name, each.language): each for each in table if each.channel == event.channel}
    for offered in event.templates:
        same = known.pop((offered.name, offered.language), None)
        new = _template(step, event, offered, same)
        if new != same:
            table.put(new)
    for gone in known.values():
        table.remove(gone.id)
    return Accepted()


def _template(
    step: Step, event: TemplatesSynced, offered: OfferedTemplate, same: Template | None
) -> Template:
    return Template(
        id=same.id if same else TemplateId(step.new_id()),
        name=offered.name,
        language=offered.language,
        body=offered.body,
        channel=event.channel,
        category=offered.category,
        approved=offered.approved,
        special=offered.special,
    )
