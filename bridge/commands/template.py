"""`/template`: send a prepared text, also to somebody who never wrote."""

import re

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, button, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import (
    conversation_and_rest,
    first_word,
    me,
    nearest_of,
    perhaps_conversation,
    words,
)
from bridge.commands.phone import leading_phone
from bridge.commands.request import Request
from bridge.domain.ids import Address, ChannelId, Language
from bridge.domain.moves import SendTemplate, StartConversation
from bridge.domain.template import Template, called
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from bridge.ports.queries import Complete

VALUE = "value."
"""Arguments of a form that fill a variable begin so: `value.name`."""
_NAMED_VALUE = re.compile(r"([A-Za-z0-9_]{1,40})=(.*)", re.DOTALL)
_LONGEST_ADDRESS = 200
_LONGEST_VALUE = 1_000


def parse(request: Request, desk: DeskView) -> Wanted:
    """Begins with `+number`, `(11) …` or an address after `+`: a new conversation."""
    me(request)
    address = request.arguments.get("address", "").strip()
    text = request.text.strip()
    if address or text.startswith(("+", "(")):
        return _start(address, text, request, desk)
    here, rest = perhaps_conversation(request, desk)
    name, values = _name_and_values(rest, request)
    if here is None and not name:
        return Complete(kind=ArgumentKind.TEMPLATE)
    conversation, _ = conversation_and_rest(request, desk)
    number = conversation.number
    if not name:
        return Complete(kind=ArgumentKind.TEMPLATE, number=number)
    template = _template(name, conversation.channel, conversation.language, desk)
    return SendTemplate(
        conversation=conversation.id,
        template=template.id,
        values=_filled(template, values, request, conversation=str(number)),
    )


def _start(address: str, text: str, request: Request, desk: DeskView) -> Wanted:
    channel, found, rest = _whom(address, text, request, desk)
    name, values = _name_and_values(rest, request)
    if not name:
        return Complete(kind=ArgumentKind.TEMPLATE)
    template = _template(name, channel, request.language, desk)
    return StartConversation(
        channel=channel,
        address=found,
        template=template.id,
        values=_filled(template, values, request, **target_of(channel, found)),
        name=request.arguments.get("name", "").strip(),
    )


def _whom(
    address: str, text: str, request: Request, desk: DeskView
) -> tuple[ChannelId, Address, str]:
    """The channel, the address there, and what follows it.

    A telephone number goes to a channel whose addresses are numbers; a channel that knows its
    customers by other names takes whatever other word follows the `+`.
    """
    written = address or text
    phones = _channels(request, desk, phones=True)
    others = _channels(request, desk, phones=False)
    if not phones and not others:
        refuse("channel_unsupported")
    phone = leading_phone(written, desk.options.default_region)
    if not phones and (phone is not None or written.startswith("(")):
        refuse("no_phone_channel", channels=_labels(others, desk))
    if phone is not None:
        return _one(phones, desk), phone.address, text if address else phone.rest
    first, _, after = written.partition(" ")
    word = first.removeprefix("+")
    looks_like_a_number = not any(letter.isalpha() for letter in word)
    if not others or (phones and looks_like_a_number) or not 0 < len(word) <= _LONGEST_ADDRESS:
        refuse("bad_number", word=first)
    return _one(others, desk), Address(word), text if address else after.strip()


def target_of(channel: ChannelId, address: Address) -> dict[str, str]:
    """The arguments that name a customer who may never have written."""
    return {"channel": channel, "address": f"+{address.removeprefix('+')}"}


def _channels(request: Request, desk: DeskView, *, phones: bool) -> list[ChannelId]:
    """Those that may begin a conversation with such an address; a named one alone."""
    wanted = request.arguments.get("channel", "").strip()
    return [
        name
        for name, channel in desk.places.channels.items()
        if channel.capabilities.starts_conversations
        and channel.capabilities.phones is phones
        and wanted in ("", name)
    ]


def _one(channels: list[ChannelId], desk: DeskView) -> ChannelId:
    if len(channels) > 1:
        refuse("which_channel", channels=_labels(channels, desk))
    return channels[0]


def _labels(channels: list[ChannelId], desk: DeskView) -> str:
    return ", ".join(desk.places.channels[name].label for name in channels)


def _name_and_values(text: str, request: Request) -> tuple[str, tuple[str, ...]]:
    chosen = request.arguments.get("template", "").strip()
    word, rest = (chosen, text) if chosen else first_word(text)
    return word, words(rest)


def _template(name: str, channel: ChannelId, language: Language, desk: DeskView) -> Template:
    """The template of that word for this channel, in the customer's language if there is one."""
    usable = [each for each in desk.templates() if each.channel in (None, channel)]
    named = called(usable, name)
    if not named:
        near = nearest_of(name, [each.name for each in usable])
        if near:
            refuse("unknown_template_near", word=name, nearest=near)
        refuse("unknown_template")
    approved = [each for each in named if each.approved]
    if not approved:
        refuse("template_not_approved", template=name)
    return min(approved, key=lambda each: (each.distance(language), each.channel is None))


def _filled(
    template: Template, written: tuple[str, ...], request: Request, **target: str
) -> dict[str, str]:
    """Every variable's value: from a form, as `name=value`, or in order.

    Refuses with what is missing; the form that the button opens keeps what is there.
    """
    values = {
        name.removeprefix(VALUE): value.strip()
        for name, value in request.arguments.items()
        if name.startswith(VALUE) and value.strip()
    }
    loose = []
    for word in written:
        named = _NAMED_VALUE.fullmatch(word)
        if named is not None and named.group(1) in template.variables():
            values[named.group(1)] = named.group(2)
        else:
            loose.append(word)
    values |= _in_order([name for name in template.variables() if name not in values], loose)
    if any(len(value) > _LONGEST_VALUE for value in values.values()):
        refuse("too_long", limit=str(_LONGEST_VALUE))
    missing = [name for name in template.variables() if not values.get(name)]
    if missing:
        known = {f"{VALUE}{name}": value for name, value in values.items()}
        form = button("template", "fill", template=template.name, **target, **known)
        refuse("missing_params", form, names=", ".join(missing))
    return {name: values[name] for name in template.variables()}


def _in_order(lacking: list[str], loose: list[str]) -> dict[str, str]:
    """One word for each variable that lacks a value; the last one takes all that is left."""
    if not loose:
        return {}
    if not lacking:
        refuse("unexpected_words", words=" ".join(loose), example="/template name")
    last = len(lacking) - 1
    taken = [*loose[:last], " ".join(loose[last:])]
    return {name: value for name, value in zip(lacking, taken, strict=False) if value}


COMMAND = Command(
    spec=CommandSpec(
        name="template",
        arguments=(
            CONVERSATION,
            ArgumentSpec(name="template", kind=ArgumentKind.TEMPLATE),
            ArgumentSpec(name="address", kind=ArgumentKind.PHONE),
            ArgumentSpec(name="channel", kind=ArgumentKind.WORD),
            ArgumentSpec(name="name", kind=ArgumentKind.TEXT),
        ),
    ),
    actions=(Action.SEND_TEMPLATE, Action.START_CONVERSATION, Action.COMPLETE),
    parse=parse,
    aliases=("modelo", "mensagem-de-template"),
)
