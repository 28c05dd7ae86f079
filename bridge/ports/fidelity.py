"""Says what becomes of every kind of content between two sides, as the code does it."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from bridge.domain.content import (
    Choice,
    ContactCard,
    Content,
    File,
    FileKind,
    Location,
    Quote,
    TemplateUse,
)
from bridge.domain.ids import FileId, MessageId
from bridge.domain.text import Bold, Link, Paragraph, Plain, Span, plain
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.capabilities import ChannelCapabilities, Support, WorkspaceCapabilities
from bridge.ports.fit import fit, size_words


class Kind(StrEnum):
    """Everything one side may say or do; catalogue keys `fit.kind.<kind>`."""

    TEXT = "text"
    FORMATTED = "formatted"
    LINK = "link"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    LARGE_FILE = "large_file"
    QUOTE = "quote"
    CHOICES = "choices"
    MANY_CHOICES = "many_choices"
    LOCATION = "location"
    CONTACT_CARD = "contact_card"
    TEMPLATE = "template"
    REACTION = "reaction"
    EDIT = "edit"
    DELETE = "delete"


_FILES = frozenset(Kind(kind.value) for kind in FileKind)


class Crossing(Value):
    """What becomes of one kind, both ways."""

    kind: Kind
    to_team: Support
    to_customer: Support


class Pair(Value):
    """A channel and a workspace, as people call them, and what each can do."""

    channel: str
    workspace: str
    channel_capabilities: ChannelCapabilities
    workspace_capabilities: WorkspaceCapabilities


def crossing_table(
    channel: ChannelCapabilities, workspace: WorkspaceCapabilities
) -> tuple[Crossing, ...]:
    """What becomes of every kind of content between the two, found by fitting a sample of it."""
    return tuple(
        Crossing(
            kind=kind, to_team=_crossing(kind, workspace), to_customer=_crossing(kind, channel)
        )
        for kind in Kind
    )


def _crossing(kind: Kind, side: ChannelCapabilities | WorkspaceCapabilities) -> Support:
    declared = {
        Kind.REACTION: side.reactions,
        Kind.EDIT: side.edits,
        Kind.DELETE: side.deletes,
    }
    if kind in declared:
        return declared[kind]
    sample = _sample(kind, side)
    fitted = fit(sample, side, "en")
    if fitted.lost:
        return Support.NONE
    # A file that is sent as another kind of file is still the file.
    whole = fitted.parts == (sample,) or any(part.files for part in fitted.parts)
    return Support.NATIVE if whole else Support.TEXT


def _sample(kind: Kind, side: ChannelCapabilities | WorkspaceCapabilities) -> Content:
    match kind:
        case Kind.FORMATTED:
            return _spans(Bold(spans=(Plain(text="a"),)))
        case Kind.LINK:
            return _spans(Link(url="https://example.org", spans=(Plain(text="a"),)))
        case Kind.LARGE_FILE:
            return _file(FileKind.DOCUMENT, side.max_file + 1)
        case Kind.QUOTE:
            return Content(
                text=plain("a"), quote=Quote(message=MessageId(1), author="", excerpt="")
            )
        case Kind.CHOICES:
            return _choices(1)
        case Kind.MANY_CHOICES:
            return _choices(101)
        case Kind.LOCATION:
            return Content(location=Location(latitude=0, longitude=0))
        case Kind.CONTACT_CARD:
            return Content(contact_card=ContactCard(name="a"))
        case Kind.TEMPLATE:
            return Content(text=plain("a"), template=TemplateUse(name="a", language="en"))
        case _ if kind in _FILES:
            return _file(FileKind(kind.value), 1)
        case _:
            return Content(text=plain("a"))


def _spans(span: Span) -> Content:
    return Content(text=(Paragraph(spans=(span,)),))


def _file(kind: FileKind, size: int) -> Content:
    file = File(id=FileId("0"), kind=kind, mime="application/octet-stream", size=size, name="a")
    return Content(files=(file,))


def _choices(count: int) -> Content:
    choices = tuple(Choice(id=str(number), label=str(number)) for number in range(count))
    return Content(text=plain("a"), choices=choices)


def document(pairs: Sequence[Pair], language: str = "en") -> str:
    """The table of every pair as a page in Markdown."""
    lines = [f"# {_say(language, 'title')}", "", _say(language, "intro")]
    for pair in pairs:
        lines += ["", f"## {pair.channel} ↔ {pair.workspace}", "", *_table(pair, language)]
        lines += ["", *_limits(pair, language)]
    return "\n".join(lines) + "\n"


def _table(pair: Pair, language: str) -> Iterator[str]:
    heads = (_say(language, key) for key in ("kind", "to_team", "to_customer"))
    yield f"| {' | '.join(heads)} |"
    yield "| --- | --- | --- |"
    for row in crossing_table(pair.channel_capabilities, pair.workspace_capabilities):
        kind = say(language, f"fit.kind.{row.kind.value}")
        ways = (say(language, f"fit.crosses.{way.value}") for way in (row.to_team, row.to_customer))
        yield f"| {kind} | {' | '.join(ways)} |"


def _limits(pair: Pair, language: str) -> Iterator[str]:
    for to, side in (
        ("to_team", pair.workspace_capabilities),
        ("to_customer", pair.channel_capabilities),
    ):
        text, file = f"{side.max_text:_}".replace("_", "\u202f"), size_words(side.max_file)
        yield "- " + _say(language, f"limits_{to}", text=text, file=file)


def _say(language: str, key: str, **data: object) -> str:
    return say(language, f"fit.table.{key}", **data)
