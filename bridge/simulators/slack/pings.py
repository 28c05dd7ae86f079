"""Everything active in what was posted: who would be pinged, and which links lead elsewhere.

Follows the rules of the real one: `<…>` is active in every text and mrkdwn object; a mrkdwn
object without `verbatim` also finds bare names; so do `parse=full|client` and `link_names`;
plain_text and the text elements of rich_text are never read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.simulators.common.wire import Json, arr, obj, txt
from bridge.simulators.slack.entities import bare_names, controls
from bridge.simulators.slack.state.records import Cause, Entity

_ATTACHMENT_TEXTS = ("text", "pretext", "title", "footer", "author_name", "fallback")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """How to read one message."""

    names: Mapping[str, str]
    """User ids by lower-case handle."""
    rooms: Mapping[str, str]
    """Channel ids by lower-case name."""
    finds_names: bool = False
    """`parse` is full or client, or `link_names` is set."""
    cause: Cause = "post"

    def read(
        self, text: str, blocks: Sequence[Json], attachments: Sequence[Json]
    ) -> tuple[Entity, ...]:
        """Everything active, in reading order."""
        found = [*self._text(text, "text", names=self.finds_names)]
        for index, block in enumerate(blocks):
            found += self._node(block, f"blocks[{index}]")
        for index, attachment in enumerate(attachments):
            found += self._attachment(obj(attachment), f"attachments[{index}]")
        return tuple(found)

    def _text(self, text: str, where: str, *, names: bool) -> Iterator[Entity]:
        yield from controls(text, where, self.cause)
        if names:
            yield from bare_names(text, where, self.cause, self.names, self.rooms)

    def _attachment(self, attachment: Mapping[str, Json], where: str) -> Iterator[Entity]:
        for key in _ATTACHMENT_TEXTS:
            yield from self._text(
                txt(attachment.get(key)), f"{where}.{key}", names=self.finds_names
            )
        for index, field in enumerate(arr(attachment.get("fields"))):
            value = txt(obj(field).get("value"))
            yield from self._text(value, f"{where}.fields[{index}]", names=self.finds_names)
        for index, block in enumerate(arr(attachment.get("blocks"))):
            yield from self._node(block, f"{where}.blocks[{index}]")

    def _node(self, node: Json, where: str) -> Iterator[Entity]:
        """A block, or anything inside one."""
        if isinstance(node, Mapping):
            kind = node.get("type")
            if kind == "mrkdwn":
                found = self._text(txt(node.get("text")), where, names=not node.get("verbatim"))
                yield from found
            elif kind == "markdown":
                yield from self._text(txt(node.get("text")), where, names=True)
            elif kind == "rich_text":
                yield from self._rich(node, where)
            elif kind != "plain_text":
                for key, child in node.items():
                    yield from self._node(child, f"{where}.{key}")
        elif isinstance(node, Sequence) and not isinstance(node, str):
            for index, child in enumerate(node):
                yield from self._node(child, f"{where}[{index}]")

    def _rich(self, node: Mapping[str, Json], where: str) -> Iterator[Entity]:
        for index, child in enumerate(arr(node.get("elements"))):
            element = obj(child)
            here = f"{where}.elements[{index}]"
            if "elements" in element:
                yield from self._rich(element, here)
            else:
                entity = _rich_entity(element, here, self.cause)
                if entity is not None:
                    yield entity


def _rich_entity(element: Mapping[str, Json], where: str, cause: Cause) -> Entity | None:
    match element.get("type"):
        case "user":
            target = txt(element.get("user_id"))
            return Entity(kind="user", target=target, where=where, cause=cause)
        case "usergroup":
            target = txt(element.get("usergroup_id"))
            return Entity(kind="usergroup", target=target, where=where, cause=cause)
        case "broadcast":
            target = txt(element.get("range"))
            return Entity(kind="broadcast", target=target, where=where, cause=cause)
        case "channel":
            target = txt(element.get("channel_id"))
            return Entity(kind="channel", target=target, where=where, cause=cause)
        case "link":
            url, label = txt(element.get("url")), txt(element.get("text"))
            return Entity(kind="link", target=url, label=label, where=where, cause=cause)
        case "date":
            return Entity(
                kind="date", target=str(element.get("timestamp")), where=where, cause=cause
            )
        case _:
            return None
