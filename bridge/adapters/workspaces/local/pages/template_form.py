"""The form in which a template is filled in: one field for each of its variables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bridge.adapters.common import labels
from bridge.adapters.common.forms import FILETYPES, VALUE, values_of, variable_label
from bridge.domain.card import ConversationCard
from bridge.domain.template import Template, file_in, file_name
from bridge.ports.queries import Choices


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A variable as it is asked for. `accept` are the endings of the files that it takes.

    `chosen` is the name of the file that was chosen before.
    """

    name: str
    label: str
    value: str
    accept: str = ""
    chosen: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One template of the form, by the word that the command knows it by; `about` is small print.

    `label` is its name, with its language where there is another one of it.
    """

    word: str
    label: str
    about: str
    body: str
    gaps: tuple[Gap, ...]


def offers(
    choices: Choices, given: Mapping[str, str], card: ConversationCard | None, language: str
) -> Iterator[Offer]:
    """Every template that may be chosen, with what is known already."""
    values = values_of(given, card)
    names = [template.name for template in choices.templates]
    for option, template in zip(choices.options, choices.templates, strict=True):
        spoken = labels.language(template.language, language)
        several = names.count(template.name) > 1
        billed = () if template.channel is None else (_category(template, language),)
        yield Offer(
            word=option.value,
            label=f"{template.name} · {spoken}" if several else template.name,
            about=" · ".join((spoken, *billed)),
            body=template.body,
            gaps=tuple(_gap(template, name, values, language) for name in template.variables()),
        )


def _category(template: Template, language: str) -> str:
    return labels.choice("category", template.category, language)


def _gap(template: Template, name: str, values: Mapping[str, str], language: str) -> Gap:
    value = values.get(name, "")
    takes = template.variable(name).takes
    label = variable_label(template, name, language, uploads=True)
    if not takes.is_file:
        return Gap(name=f"{VALUE}{name}", label=label, value=value)
    return Gap(
        name=f"{VALUE}{name}",
        label=label,
        value=value if file_in(value) else "",
        accept=",".join(f".{ending}" for ending in FILETYPES[takes]),
        chosen=file_name(value) if file_in(value) else "",
    )
