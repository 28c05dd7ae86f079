"""What is asked and told at the terminal while an app is connected: each until its answer holds."""

import re

from bridge.adapters.common.setup.talk import Talk
from bridge.adapters.workspaces.slack.budget import Budgets
from bridge.adapters.workspaces.slack.client import Me, SlackClient
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.adapters.workspaces.slack.setup.inspecting import missing_scopes, try_app_token
from bridge.adapters.workspaces.slack.setup.places import Places, SeveralPeople
from bridge.domain.errors import CredentialsRejected, DeskbridgeError
from bridge.ports.clock import SystemClock
from bridge.ports.connecting import AppWish, Operator

_BOT = re.compile(r"xoxb-\S{6,}")
_APP = re.compile(r"xapp-\d-(A[A-Z0-9]+)-\S{6,}")
_SECRET = re.compile(r"[0-9a-z]{32}")


class SlackTalk(Talk):
    """The questions, in the language of the wish."""

    def __init__(self, operator: Operator, wish: AppWish) -> None:
        """Nothing was asked yet."""
        super().__init__(operator, wish.language, "slack.connect")
        usual = SlackSettings.model_fields["api_url"].default
        self._api_url = wish.api_url or str(usual)
        more = (f" --http {wish.url}" if wish.url else "", f" --prefix {wish.prefix}")
        self.manifest = "deskbridge manifest slack" + more[0] + (more[1] if wish.prefix else "")

    def client(self, token: str) -> SlackClient:
        """A client of its own for a token."""
        return SlackClient(token, self._api_url, Budgets(SystemClock(), 1.0, 300))

    async def bot_token(self) -> tuple[str, Me]:
        """A token that works and may do everything that we need."""
        while True:
            token = await self.ask("bot_token", secret=True)
            if _BOT.fullmatch(token) is None:
                self.tell("swapped_app" if token.startswith("xapp-") else "no_bot_token")
                continue
            try:
                async with self.client(token) as slack:
                    me = await slack.who_am_i()
            except CredentialsRejected:
                self.tell("bot_token_refused")
                continue
            except DeskbridgeError as error:
                self.tell("unreachable", why=error)
                continue
            lacking = missing_scopes(me.scopes)
            if not lacking:
                self.tell("is_bot", team=me.team_name)
                return token, me
            self.tell("lacking", scopes=", ".join(lacking), command=self.manifest)

    async def app_token(self, me: Me) -> str:
        """A token that opens a socket for this very app."""
        while True:
            token = await self.ask("app_token", secret=True)
            found = _APP.fullmatch(token)
            if found is None:
                self.tell("swapped_bot" if token.startswith("xox") else "no_app_token")
                continue
            if me.app and found.group(1) != me.app:
                self.tell("other_app", app=found.group(1), ours=me.app)
                continue
            try:
                await try_app_token(token, self._api_url)
            except CredentialsRejected:
                self.tell("app_token_refused")
                continue
            except DeskbridgeError as error:
                self.tell("unreachable", why=error)
                continue
            return token

    async def signing_secret(self) -> str:
        """It cannot be tried before Slack sends something; its shape can be seen."""
        return await self.ask_for("signing_secret", _SECRET, secret=True)

    async def place(self, places: Places) -> str:
        """The channel or person who gets the button; empty for nobody."""
        while True:
            word = await self.operator.ask(self.say("place"))
            if not word:
                return ""
            try:
                found = await places.find(word)
            except SeveralPeople as error:
                self.tell("several", word=word, people=error)
                continue
            except SlackRefusal as refusal:
                self.tell("not_posted", why=refusal)
                continue
            if found:
                return found
            self.tell("no_place", word=word)
