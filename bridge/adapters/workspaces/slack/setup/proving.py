"""The round trip that proves both directions: a message with a button, and the press of it."""

import asyncio
import secrets
from contextlib import suppress
from types import TracebackType

from bridge.adapters.workspaces.slack.blocks.outbound import NEVER_PARSED, plain_text
from bridge.adapters.workspaces.slack.client import Json, SlackClient
from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.adapters.workspaces.slack.setup.ears import Ear
from bridge.domain.errors import DeskbridgeError
from bridge.locales import say


class Proof:
    """One message with one button, as long as the block runs; it never stays with a dead button."""

    def __init__(self, slack: SlackClient, ear: Ear, language: str) -> None:
        """Nothing is posted yet."""
        self._slack = slack
        self._ear = ear
        self._language = language
        self._nonce = f"connect:{secrets.token_hex(8)}"
        self._pressed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._posted: Json | None = None

    async def __aenter__(self) -> "Proof":
        """Listen. Raises what the ear raises."""
        await self._ear.open(self._hear)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the button away, whatever happened, and listen no more."""
        try:
            with suppress(DeskbridgeError):
                await self.conclude("over")
        finally:
            await self._ear.close()

    async def post(self, place: str) -> None:
        """Post the message there. Raises what a call raises."""
        lead = say(self._language, "slack.connect.lead")
        press: Json = {
            "type": "button",
            "action_id": self._nonce,
            "style": "primary",
            "text": plain_text(say(self._language, "slack.connect.button"), 75),
        }
        self._posted = await self._slack.call(
            "chat.postMessage",
            channel=place,
            text=lead,
            blocks=[_section(lead), {"type": "actions", "elements": [press]}],
            **NEVER_PARSED,
        )

    async def pressed_within(self, seconds: float) -> str | None:
        """Who pressed it; None when nobody did."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(self._pressed), seconds)
        return None

    async def conclude(self, key: str, **data: object) -> None:
        """Say what came of it instead of the button; only the first time."""
        posted, self._posted = self._posted, None
        if posted is None:
            return
        said = say(self._language, f"slack.connect.{key}", **data)
        await self._slack.call(
            "chat.update",
            channel=posted["channel"],
            ts=posted["ts"],
            text=said,
            blocks=[_section(said)],
            **NEVER_PARSED,
        )

    def _hear(self, payload: Payload) -> None:
        """Only our own button counts."""
        for action in payload.get("actions") or ():
            if action.get("action_id") == self._nonce and not self._pressed.done():
                self._pressed.set_result(str(payload["user"]["id"]))


def _section(text: str) -> Json:
    return {"type": "section", "text": plain_text(text, 3_000)}
