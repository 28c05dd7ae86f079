"""A link as an agent made it, or the line of a thread that it leads to; pure."""

import re
from urllib.parse import parse_qs, urlsplit

from bridge.domain.text import Link, Plain, Span
from bridge.domain.value import Value

_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_PERMALINK = re.compile(r"/archives/([CDG][A-Z0-9]+)/p(\d{10,})(\d{6})")


class Permalink(Value):
    """The message that Slack's own link leads to; `root` is its thread's."""

    channel: str
    ts: str
    root: str


def link(url: str, label: str) -> Span:
    """A link whose address is seen; plain words where the address says no more than the label."""
    if not _leads_somewhere(url):
        return Plain(text=label or url)
    bare = url.partition(":")[2].removeprefix("//").removesuffix("/")
    if label and label.removesuffix("/") == bare:
        return Plain(text=label)
    return Link(url=url, spans=(Plain(text=label or url),))


def permalink(url: str) -> Permalink | None:
    """The message behind one of Slack's own links to messages; None for any other link."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
    except ValueError:
        return None
    found = _PERMALINK.fullmatch(parts.path)
    if found is None:
        return None
    ts = f"{found.group(2)}.{found.group(3)}"
    return Permalink(channel=found.group(1), ts=ts, root=query.get("thread_ts", [ts])[0])


def _leads_somewhere(url: str) -> bool:
    scheme, colon, rest = url.partition(":")
    return bool(colon and rest) and scheme.lower() in _SCHEMES and not re.search(r"\s", url)
