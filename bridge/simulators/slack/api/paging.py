"""Pages of long answers, with Slack's opaque cursors."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api.args import Args
from bridge.simulators.slack.errors import SlackRefused

T = TypeVar("T")


def page(items: Sequence[T], args: Args, *, default: int, most: int) -> tuple[list[T], JsonObject]:
    """This page of a list and the `response_metadata` that leads to the next."""
    start, size = read_cursor(args), args.limit(default, most)
    rest = start + size < len(items)
    metadata: JsonObject = {"next_cursor": write_cursor(start + size) if rest else ""}
    return list(items[start : start + size]), {"response_metadata": metadata}


def write_cursor(place: int) -> str:
    """A cursor that leads to this place."""
    return base64.b64encode(f"place:{place}".encode()).decode()


def read_cursor(args: Args) -> int:
    """The place that a cursor leads to. Raises `invalid_cursor`."""
    cursor = args.text("cursor")
    if not cursor:
        return 0
    try:
        word, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "place":
            return int(place)
    except (binascii.Error, ValueError) as e:
        raise SlackRefused("invalid_cursor") from e
    raise SlackRefused("invalid_cursor")
