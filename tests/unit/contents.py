"""What people write, for property tests: strategies for it, and its bare words."""

from hypothesis import strategies as st

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
from bridge.domain.text import (
    Block,
    BlockQuote,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    FormattedText,
    Italic,
    Link,
    Paragraph,
    Plain,
    Span,
    Strike,
    to_plain,
)
from bridge.ports.capabilities import ChannelCapabilities, Support, WorkspaceCapabilities

_WORDS = st.text("aé中👍\u0301\u200d🏽🇧🇷.!? \n\xa0-", max_size=80)
_URLS = st.sampled_from(["https://example.org/a", "tel:+5511912345678", "mailto:a@example.org"])


def _styled(inner: st.SearchStrategy[Span]) -> st.SearchStrategy[Span]:
    spans = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Bold, spans=spans),
        st.builds(Italic, spans=spans),
        st.builds(Strike, spans=spans),
        st.builds(Link, url=_URLS, spans=spans),
    )


spans: st.SearchStrategy[Span] = st.recursive(
    st.builds(Plain, text=_WORDS) | st.builds(Code, text=_WORDS), _styled, max_leaves=4
)
_leaves: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, spans=st.lists(spans, max_size=4).map(tuple)),
    st.builds(CodeBlock, text=_WORDS),
)


def _boxed(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    blocks = st.lists(inner, max_size=3).map(tuple)
    items = st.lists(blocks, max_size=3).map(tuple)
    return st.one_of(
        st.builds(BlockQuote, blocks=blocks),
        st.builds(Bullets, items=items, ordered=st.booleans(), start=st.integers(1, 20)),
    )


blocks: st.SearchStrategy[Block] = st.recursive(_leaves, _boxed, max_leaves=6)
texts: st.SearchStrategy[FormattedText] = st.lists(blocks, max_size=4).map(tuple)

files = st.builds(
    File,
    id=st.just(FileId("0" * 32)),
    kind=st.sampled_from(FileKind),
    mime=st.just("application/octet-stream"),
    size=st.integers(1, 200),
    name=st.sampled_from(["a.pdf", "foto.png"]),
)
quotes = st.builds(
    Quote,
    message=st.none() | st.just(MessageId(7)),
    author=st.sampled_from(["", "Ana"]),
    excerpt=st.sampled_from(["", "before"]),
)
contents = st.builds(
    Content,
    text=texts,
    files=st.lists(files, max_size=3).map(tuple),
    quote=st.none() | quotes,
    choices=st.lists(
        st.builds(Choice, id=st.just("x"), label=st.sampled_from(["Yes", "Não"])), max_size=6
    ).map(tuple),
    chosen=st.none() | st.just("yes"),
    location=st.none() | st.just(Location(latitude=-23.5, longitude=-46.6, name="Café")),
    contact_card=st.none() | st.just(ContactCard(name="Bia", phones=("+5511912345678",))),
    template=st.none() | st.just(TemplateUse(name="welcome", language="en", variables=("Bia",))),
)

_support = st.sampled_from(Support)
channels = st.builds(
    ChannelCapabilities,
    max_text=st.integers(1, 120),
    max_file=st.integers(0, 200),
    file_kinds=st.frozensets(st.sampled_from(FileKind)),
    formatting=st.booleans(),
    quotes=_support,
    choices=_support,
    max_choices=st.integers(0, 8),
    location=_support,
    contact_card=_support,
    templates=_support,
)
workspaces = st.builds(
    WorkspaceCapabilities,
    max_text=st.integers(1, 120),
    max_file=st.integers(0, 200),
    quotes=_support,
    choices=_support,
    location=_support,
    contact_card=_support,
)


def leaves(text: FormattedText) -> str:
    """Everything a person wrote, without blanks and without what a renderer adds."""
    return "".join("".join(map(block_leaves, text)).split())


def block_leaves(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return "".join(map(span_leaves, spans))
        case CodeBlock(text=text):
            return text
        case BlockQuote(blocks=blocks):
            return leaves(blocks)
        case Bullets(items=items):
            return "".join(map(leaves, items))


def span_leaves(span: Span) -> str:
    if isinstance(span, Plain | Code):
        return span.text
    # A link's address is shown to the reader, whole or cut.
    return to_plain((Paragraph(spans=(span,)),))
