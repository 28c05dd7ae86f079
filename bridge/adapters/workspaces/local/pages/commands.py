"""Commands by buttons and forms: running them, asking for their arguments, completing words."""

from dataclasses import dataclass

from aiohttp import web

from bridge.adapters.common.forms import VALUE
from bridge.adapters.workspaces.local import inbound
from bridge.adapters.workspaces.local.pages import forms
from bridge.adapters.workspaces.local.pages.answers import answer
from bridge.adapters.workspaces.local.pages.base import (
    Access,
    Visit,
    answer_json,
    fields,
    get,
    post,
    render,
)
from bridge.adapters.workspaces.local.pages.template_form import offers
from bridge.adapters.workspaces.local.pages.views import ask
from bridge.domain.card import ConversationCard
from bridge.domain.errors import DeliveryRejected, NotAuthorized, NotFound
from bridge.domain.ids import ThreadRef
from bridge.domain.template import file_value
from bridge.domain.ticket import Ticket
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from bridge.ports.queries import (
    Choices,
    Complete,
    ConversationView,
    Option,
    ShowConversation,
    ShowTickets,
    Tickets,
)

_ARGUMENT = "arg."
_OFFERED = frozenset(
    {
        ArgumentKind.AGENT,
        ArgumentKind.QUEUE,
        ArgumentKind.TARGET,
        ArgumentKind.TEMPLATE,
        ArgumentKind.TICKET,
        ArgumentKind.CONVERSATION,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of a form."""

    spec: ArgumentSpec
    choices: Choices
    value: str


async def invoke(visit: Visit) -> web.StreamResponse:
    """Run a command: `command`, `key`, and `text`, `arg.<name>`, `thread` or `number`."""
    form = await _filled(visit)
    command, key = form.get("command", ""), form.get("key", "")
    if inbound.KEY.fullmatch(key) is None:
        raise DeliveryRejected("the key is missing or malformed", "bad_key")
    thread = await _seen_thread(visit, form.get("thread", ""))
    arguments = {
        name.removeprefix(_ARGUMENT): value
        for name, value in form.items()
        if name.startswith(_ARGUMENT) and value.strip()
    }
    return await answer(
        visit,
        key,
        command,
        text=form.get("text", ""),
        arguments=arguments,
        thread=thread,
        number=_number(form.get("number", "")),
        confirmed=form.get("confirmed") == "yes",
    )


async def _filled(visit: Visit) -> dict[str, str]:
    """The fields, each file of them kept by us and said by its name there."""
    if not forms.is_parts(visit.request):
        return await fields(visit)
    found: dict[str, str] = {}
    async for part in forms.parts(visit.request):
        name = part.name or ""
        if part.filename is None:
            found[name] = forms.words(await forms.small(part))
        elif part.filename and name.startswith(f"{_ARGUMENT}{VALUE}"):
            kept, limit = visit.site.context.files, visit.site.max_file
            saved = await kept.save(forms.chunks(part), forms.tidy(part.filename), limit)
            found[name] = file_value(saved)
    return found


async def form(visit: Visit) -> web.StreamResponse:
    """The form of a command, filled with what there is to choose from."""
    spec = visit.site.commands.get(visit.request.match_info["command"])
    if spec is None:
        raise NotFound("no such command")
    query = visit.request.query
    thread = await _seen_thread(visit, query.get("thread", ""))
    number = _number(query.get("number", "") or query.get("conversation", ""))
    card = await _card(visit, thread, number)
    about = None if card is None else card.number
    data = {"spec": spec, "card": card, "thread": thread, "number": number}
    match spec.name:
        case "template":
            choices = await _choices_of(visit, ArgumentKind.TEMPLATE, "", about)
            given = dict(query)
            shown = list(offers(choices, given, card, visit.language))
            name, phones = "parts/form_template.html", choices.phones
            return render(visit, name, data, offers=shown, phones=phones, given=given)
        case "ticket":
            tickets = await _tickets(visit, about)
            arguments = {each.name: each for each in spec.arguments}
            return render(
                visit, "parts/form_ticket.html", data, tickets=tickets, arguments=arguments
            )
        case _:
            asked = [
                await _field(visit, each, about)
                for each in spec.arguments
                if each.kind is not ArgumentKind.CONVERSATION
            ]
            return render(visit, "parts/form.html", data, fields=asked)


async def presence(visit: Visit) -> web.StreamResponse:
    """Ask why, and what becomes of what he holds, before he is unavailable."""
    return render(visit, "parts/presence_form.html", home=visit.viewer.home)


async def complete(visit: Visit) -> web.StreamResponse:
    """What may come next in the composer: `command`, `word` (which argument), `prefix`."""
    query = visit.request.query
    spec = visit.site.commands.get(query.get("command", ""))
    if spec is None:
        return answer_json([])
    wanted = _argument(spec, _number(query.get("word", "")) or 0)
    if wanted is None:
        return answer_json([])
    prefix = query.get("prefix", "")
    if wanted.kind is ArgumentKind.CHOICE:
        options = _choices(visit, spec, wanted, prefix)
    else:
        number = _number(query.get("number", ""))
        found = await _choices_of(visit, wanted.kind, prefix, number)
        options = found.options
    return answer_json(
        [{"value": each.value, "label": each.label, "hint": each.hint} for each in options[:20]]
    )


async def _field(visit: Visit, spec: ArgumentSpec, number: int | None) -> Field:
    choices = await _choices_of(visit, spec.kind, "", number)
    return Field(spec=spec, choices=choices, value=visit.request.query.get(spec.name, ""))


async def _choices_of(visit: Visit, kind: ArgumentKind, prefix: str, number: int | None) -> Choices:
    if kind not in _OFFERED:
        return Choices(options=())
    try:
        view = await ask(visit, Complete(kind=kind, prefix=prefix, number=number))
    except (NotAuthorized, NotFound):
        return Choices(options=())
    return view if isinstance(view, Choices) else Choices(options=())


async def _tickets(visit: Visit, number: int | None) -> tuple[Ticket, ...]:
    if number is None:
        return ()
    try:
        view = await ask(visit, ShowTickets(number=number))
    except (NotAuthorized, NotFound):
        return ()
    return view.rows if isinstance(view, Tickets) else ()


def _choices(
    visit: Visit, command: CommandSpec, spec: ArgumentSpec, prefix: str
) -> tuple[Option, ...]:
    words = visit.site.renderer.words(visit.language)
    labelled = ((each, words.choice(command.name, spec.name, each)) for each in spec.choices)
    return tuple(
        Option(value=value, label=label)
        for value, label in labelled
        if value.startswith(prefix.lower()) or label.lower().startswith(prefix.lower())
    )


def _argument(spec: CommandSpec, word: int) -> ArgumentSpec | None:
    """The argument that the word at this place belongs to; texts take what follows them."""
    asked = [each for each in spec.arguments if each.kind is not ArgumentKind.CONVERSATION]
    return asked[word] if word < len(asked) else None


async def _card(
    visit: Visit, thread: ThreadRef | None, number: int | None
) -> ConversationCard | None:
    if thread is not None:
        return (await visit.site.threads.head(thread)).card
    if number is None:
        return None
    view = await ask(visit, ShowConversation(number=number, limit=1))
    return view.card if isinstance(view, ConversationView) else None


async def _seen_thread(visit: Visit, ref: str) -> ThreadRef | None:
    """The thread a button stands in. Raises `NotFound` when it is not for this person."""
    if not ref:
        return None
    head = await visit.site.threads.head(ThreadRef(ref))
    if not visit.viewer.may_see(head):
        raise NotFound(ref)
    return head.ref


def _number(word: str) -> int | None:
    word = word.lstrip("#")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 16 else None


PAGES = (
    post("/desk/invoke", Access.AGENT, invoke),
    get("/desk/forms/{command}", Access.AGENT, form),
    get("/desk/presence", Access.AGENT, presence),
    get("/desk/complete", Access.AGENT, complete),
)
