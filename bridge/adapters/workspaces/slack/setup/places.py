"""Finds a channel or a person by what an operator calls it."""

import re
from collections.abc import AsyncIterator

from bridge.adapters.workspaces.slack.client import Json, SlackClient
from bridge.domain.errors import DeskbridgeError

_ID = re.compile(r"<?[@#]?([UWCGD][A-Z0-9]{4,})(?:\|[^>]*)?>?")
_PAGE = 200
_MOST_NAMED = 5


class SeveralPeople(DeskbridgeError):
    """More than one person is called so; the text names them as Slack tells them apart."""


class Places:
    """Asks Slack, so that nobody has to look an id up."""

    def __init__(self, slack: SlackClient) -> None:
        """Ask this Slack."""
        self._slack = slack

    async def find(self, word: str) -> str:
        """The channel to post in; empty when there is none of that name.

        Raises `SeveralPeople`, and as a call.
        """
        known = _ID.fullmatch(word)
        if known is not None:
            return await self._direct(known.group(1))
        if word.startswith("#"):
            return await self._channel(word.lstrip("#").lower())
        return await self._direct(await self._user(word.lstrip("@").casefold()))

    async def _direct(self, id_: str) -> str:
        if id_[:1] not in ("U", "W"):
            return id_
        opened = await self._slack.call("conversations.open", users=id_)
        return str(opened["channel"]["id"])

    async def _channel(self, name: str) -> str:
        types = "public_channel,private_channel"
        async for row in self._rows("conversations.list", "channels", types=types):
            if str(row.get("name", "")).lower() == name:
                return str(row["id"])
        return ""

    async def _user(self, name: str) -> str:
        """By his handle, else by the name that his colleagues see, if only one is called so."""
        called: list[Json] = []
        async for row in self._rows("users.list", "members"):
            if row.get("deleted") or row.get("is_bot"):
                continue
            if str(row.get("name", "")).casefold() == name:
                return str(row["id"])
            if name in _names(row):
                called.append(row)
        if len(called) > 1:
            raise SeveralPeople(", ".join(f"@{row.get('name')}" for row in called[:_MOST_NAMED]))
        return str(called[0]["id"]) if called else ""

    async def _rows(self, method: str, rows: str, types: str | None = None) -> AsyncIterator[Json]:
        cursor: str | None = None
        while True:
            page = await self._slack.call(method, limit=_PAGE, cursor=cursor, types=types)
            for row in page.get(rows) or ():
                yield row
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def _names(user: Json) -> set[str]:
    profile = user.get("profile") or {}
    said = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    return {str(each).strip().casefold() for each in said if each}
