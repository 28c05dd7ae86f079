"""The round trip that proves both directions: a message with a button, and the press of it."""

import asyncio
import re
import secrets
from contextlib import suppress

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bridge.adapters.workspaces.slack.blocks.outbound import NEVER_PARSED, plain_text
from bridge.adapters.workspaces.slack.client import Json, SlackClient
from bridge.adapters.workspaces.slack.errors import refusal
from bridge.locales import say

_ID = re.compile(r"<?[@#]?([UWCGD][A-Z0-9]{4,})(?:\|[^>]*)?>?")
_PAGE = 200


class Places:
    """Finds a channel or a person by what an operator calls it."""

    def __init__(self, slack: SlackClient) -> None:
        """Ask this Slack."""
        self._slack = slack

    async def find(self, word: str) -> str:
        """The channel to post in; empty when there is none of that name. Raises as a call."""
        known = _ID.fullmatch(word)
        if known is not None:
            return await self._direct(known.group(1))
        name = word.lstrip("#@").lower()
        if word.startswith("#"):
            return await self._channel(name)
        return await self._direct(await self._user(name))

    async def _direct(self, id_: str) -> str:
        if id_[:1] not in ("U", "W"):
            return id_
        opened = await self._slack.call("conversations.open", users=id_)
        return str(opened["channel"]["id"])

    async def _channel(self, name: str) -> str:
        types = "public_channel,private_channel"
        return await self._look("conversations.list", "channels", name, types=types)

    async def _user(self, name: str) -> str:
        return await self._look("users.list", "members", name)

    async def _look(self, method: str, rows: str, name: str, **more: object) -> str:
        """Page by page: nobody is asked to look an id up."""
        cursor = ""
        while True:
            wanted: Json = {"limit": _PAGE, "cursor": cursor or None, **more}
            page = await self._slack.call(method, **wanted)
            for row in page.get(rows) or ():
                if str(row.get("name", "")).lower() == name:
                    return str(row["id"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return ""


class Proof:
    """One message with one button."""

    def __init__(self, slack: SlackClient, app_token: str, place: str, language: str) -> None:
        """Nothing is posted yet."""
        self._slack = slack
        self._app_token = app_token
        self._place = place
        self._language = language
        self._nonce = f"connect:{secrets.token_hex(8)}"
        self._pressed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def pressed_within(self, seconds: float) -> str | None:
        """Who pressed it; None when nobody did. Raises what a call raises."""
        socket = SocketModeClient(app_token=self._app_token, web_client=self._slack.web)
        socket.socket_mode_request_listeners.append(self._heard)
        try:
            await socket.connect()  # type: ignore[no-untyped-call]  # the SDK's own
            posted = await self.post()
            with suppress(TimeoutError):
                user = await asyncio.wait_for(asyncio.shield(self._pressed), seconds)
                await self._thank(posted, user)
                return user
            return None
        except SlackApiError as error:
            data = error.response.data
            said = data if isinstance(data, dict) else {}
            raise refusal("apps.connections.open", said) from error
        finally:
            await socket.close()  # type: ignore[no-untyped-call]  # the SDK's own

    async def post(self) -> Json:
        """Post the message."""
        lead = say(self._language, "slack.connect.lead")
        press: Json = {
            "type": "button",
            "action_id": self._nonce,
            "style": "primary",
            "text": plain_text(say(self._language, "slack.connect.button"), 75),
        }
        blocks: list[Json] = [{"type": "section", "text": plain_text(lead, 3_000)}]
        if self._app_token:
            blocks.append({"type": "actions", "elements": [press]})
        return await self._slack.call(
            "chat.postMessage", channel=self._place, text=lead, blocks=blocks, **NEVER_PARSED
        )

    async def _heard(self, socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Everything is acknowledged; only our own button counts."""
        await socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        for action in request.payload.get("actions") or ():
            if action.get("action_id") == self._nonce and not self._pressed.done():
                self._pressed.set_result(str(request.payload["user"]["id"]))

    async def _thank(self, posted: Json, user: str) -> None:
        thanks = say(self._language, "slack.connect.thanks")
        await self._slack.call(
            "chat.update",
            channel=posted["channel"],
            ts=posted["ts"],
            text=thanks,
            blocks=[{"type": "section", "text": plain_text(thanks, 3_000)}],
            **NEVER_PARSED,
        )
