"""`deskbridge connect slack`: an app of the operator's own, created, checked, and proved."""

import re
from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from bridge.adapters.workspaces.slack.budget import Budgets
from bridge.adapters.workspaces.slack.client import Me, SlackClient
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.people import Person, read_person
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.adapters.workspaces.slack.setup.inspecting import missing_scopes, try_app_token
from bridge.adapters.workspaces.slack.setup.manifest import manifest
from bridge.adapters.workspaces.slack.setup.proving import Places, Proof
from bridge.adapters.workspaces.slack.setup.yaml import to_yaml
from bridge.domain.errors import CredentialsRejected, DeskbridgeError, InvalidSettings
from bridge.locales import say
from bridge.ports.clock import SystemClock
from bridge.ports.commands import CommandSpec, UserKind
from bridge.ports.connecting import AppWish, Connected, Operator

CREATE = "https://api.slack.com/apps?new_app=1&manifest_json="
"""https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests, read November 2026."""
_BOT = re.compile(r"xoxb-\S{6,}")
_APP = re.compile(r"xapp-\d-(A[A-Z0-9]+)-\S{6,}")
_SECRET = re.compile(r"[0-9a-z]{32}")
PATIENCE = 300.0
"""Seconds in which somebody must press the button."""


def create_link(commands: Sequence[CommandSpec], wish: AppWish) -> str:
    """Where Slack shows the new app with everything filled in.

    As JSON it is short enough for every server on the way; as YAML its indentation is too long.
    """
    written = msgspec.json.encode(manifest(commands, wish)).decode()
    return CREATE + quote(written, safe=":,/")


class SlackConnecting:
    """Asks for two tokens and lets somebody press a button."""

    def __init__(self, patience: float = PATIENCE) -> None:
        """`patience` is how long the button is waited for."""
        self._patience = patience

    def declaration(self, commands: Sequence[CommandSpec], wish: AppWish) -> str:
        """The app manifest."""
        return to_yaml(manifest(commands, wish))

    async def connect(
        self, operator: Operator, commands: Sequence[CommandSpec], wish: AppWish
    ) -> Connected:
        """See `Connects`."""
        talk = _Talk(operator, wish)
        talk.tell("create", url=create_link(commands, wish))
        given: dict[str, str] = {}
        given["bot_token"], me = await talk.bot_token()
        if wish.url:
            given |= {"mode": "http", "signing_secret": await talk.signing_secret()}
        else:
            given["app_token"] = await talk.app_token(me)
        if wish.prefix:
            given["command_prefix"] = wish.prefix
        if wish.api_url:
            given["api_url"] = wish.api_url
        async with talk.client(given["bot_token"]) as slack:
            person = await self._proved(talk, slack, me, given.get("app_token", ""))
        if person is None:
            return Connected(settings=given)
        return Connected(settings=given, admin=person.user, handle=person.handle)

    async def _proved(
        self, talk: "_Talk", slack: SlackClient, me: Me, app_token: str
    ) -> Person | None:
        """Somebody pressed our button, and may be the first admin."""
        places = Places(slack)
        while True:
            place = await talk.place(places)
            try:
                if not app_token:
                    await Proof(slack, "", place, talk.language).post()
                    talk.tell("posted")
                    return None
                talk.tell("press", seconds=round(self._patience))
                proof = Proof(slack, app_token, place, talk.language)
                user = await proof.pressed_within(self._patience)
            except DeskbridgeError as error:
                talk.tell("not_posted", why=error)
                continue
            if user is None:
                talk.tell("nobody_pressed")
                continue
            person = await _person(slack, me, user)
            if person is None or person.user.kind is not UserKind.MEMBER:
                talk.tell("no_member")
                continue
            if await talk.operator.agrees(talk.say("is_admin", name=person.user.name)):
                return person


async def _person(slack: SlackClient, me: Me, user: str) -> Person | None:
    answer = await slack.call("users.info", user=user, include_locale=True)
    return read_person(answer.get("user") or {}, me.team)


class _Talk:
    """The questions, each asked until its answer holds."""

    def __init__(self, operator: Operator, wish: AppWish) -> None:
        self.operator = operator
        self.language = wish.language
        usual = SlackSettings.model_fields["api_url"].default
        self._api_url = wish.api_url or str(usual)

    def say(self, key: str, **data: object) -> str:
        return say(self.language, f"slack.connect.{key}", **data)

    def tell(self, key: str, **data: object) -> None:
        self.operator.tell(self.say(key, **data))

    def client(self, token: str) -> SlackClient:
        return SlackClient(token, self._api_url, Budgets(SystemClock(), 1.0, 300))

    async def _ask(self, key: str, *, secret: bool = False) -> str:
        """Nothing typed means: give up."""
        answer = await self.operator.ask(self.say(key), secret=secret)
        if not answer:
            raise InvalidSettings(self.say("given_up"))
        return answer

    async def bot_token(self) -> tuple[str, Me]:
        """A token that works and may do everything that we need."""
        while True:
            token = await self._ask("bot_token", secret=True)
            if _BOT.fullmatch(token) is None:
                self.tell("no_bot_token")
                continue
            try:
                async with self.client(token) as slack:
                    me = await slack.who_am_i()
            except DeskbridgeError as error:
                self.tell("bot_token_refused", why=error)
                continue
            lacking = missing_scopes(me.scopes)
            if not lacking:
                self.tell("is_bot", team=me.team_name)
                return token, me
            self.tell("lacking", scopes=", ".join(lacking))

    async def app_token(self, me: Me) -> str:
        """A token that opens a socket for this very app."""
        while True:
            token = await self._ask("app_token", secret=True)
            found = _APP.fullmatch(token)
            if found is None:
                self.tell("no_app_token")
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
        while True:
            secret = await self._ask("signing_secret", secret=True)
            if _SECRET.fullmatch(secret):
                return secret
            self.tell("no_signing_secret")

    async def place(self, places: Places) -> str:
        """The channel or person who gets the button."""
        while True:
            word = await self._ask("place")
            try:
                found = await places.find(word)
            except SlackRefusal as refusal:
                self.tell("not_posted", why=refusal)
                continue
            if found:
                return found
            self.tell("no_place", word=word)
