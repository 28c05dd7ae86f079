"""`deskbridge connect slack`: an app of the operator's own, created, checked, and proved."""

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from bridge.adapters.workspaces.slack.client import Me, SlackClient
from bridge.adapters.workspaces.slack.people import Person, read_person
from bridge.adapters.workspaces.slack.setup.ears import Ear, HttpEar, NotListening, SocketEar
from bridge.adapters.workspaces.slack.setup.manifest import manifest
from bridge.adapters.workspaces.slack.setup.places import Places
from bridge.adapters.workspaces.slack.setup.proving import Proof
from bridge.adapters.workspaces.slack.setup.talk import SlackTalk
from bridge.adapters.workspaces.slack.setup.yaml import to_yaml
from bridge.domain.errors import DeskbridgeError
from bridge.ports.clock import SystemClock
from bridge.ports.commands import CommandSpec, UserKind
from bridge.ports.connecting import AppWish, Connected, Operator

CREATE = "https://api.slack.com/apps?new_app=1&manifest_json="
"""https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests, read November 2026."""
PATIENCE = 300.0
"""Seconds in which somebody must press the button."""
_OURS = frozenset({"mode", "app_token", "signing_secret", "command_prefix", "api_url"})
"""What is in the settings from an earlier connection and is not given again, is not meant."""


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
        talk = SlackTalk(operator, wish)
        talk.tell("create", url=create_link(commands, wish), command=talk.manifest)
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
            person = await _Round(talk, wish, slack, me, given).won(self._patience)
        if person is None:
            return Connected(settings=given, outdated=_OURS)
        return Connected(settings=given, outdated=_OURS, admin=person.user, handle=person.handle)


class _Round:
    """The button goes out until somebody pressed it who may be the first admin."""

    def __init__(
        self, talk: SlackTalk, wish: AppWish, slack: SlackClient, me: Me, given: dict[str, str]
    ) -> None:
        """`given` are the tokens that hold."""
        self._talk = talk
        self._wish = wish
        self._slack = slack
        self._me = me
        self._given = given

    async def won(self, patience: float) -> Person | None:
        """Who is to be the first admin; None where the operator does without the proof."""
        places = Places(self._slack)
        while place := await self._talk.place(places):
            try:
                person = await self._pressed(place, patience)
            except NotListening as error:
                self._talk.tell("not_listening", place=self._listening, why=error)
                continue
            except DeskbridgeError as error:
                self._talk.tell("not_posted", why=error)
                continue
            if person is not None:
                return person
        if not self._wish.url or not await self._talk.agrees("without_proof"):
            raise self._talk.given_up()
        self._talk.tell("unproved", url=self._wish.url)
        return None

    async def _pressed(self, place: str, patience: float) -> Person | None:
        """One button: a member pressed it, and the terminal says yes to him."""
        talk, ear = self._talk, self._ear()
        async with Proof(self._slack, ear, talk.language) as proof:
            await proof.post(place)
            talk.tell("press", minutes=max(1, round(patience / 60)))
            user = await proof.pressed_within(patience)
            if user is None:
                self._nobody(ear)
                return None
            person = await self._person(user)
            if person is None or person.user.kind is not UserKind.MEMBER:
                talk.tell("no_member")
            elif await talk.agrees("is_admin", name=_called(person)):
                await proof.conclude("thanks", name=person.user.name)
                return person
            await proof.conclude("no_admin")
            return None

    def _ear(self) -> Ear:
        wish = self._wish
        if not wish.url:
            return SocketEar(self._slack, self._given["app_token"])
        place = (wish.host, wish.port)
        return HttpEar(wish.url, place, self._given["signing_secret"], SystemClock())

    def _nobody(self, ear: Ear) -> None:
        """What to look at when no press arrived."""
        if isinstance(ear, HttpEar) and ear.refused:
            self._talk.tell("other_secret")
        elif self._wish.url:
            self._talk.tell("nobody_came", url=self._wish.url, place=self._listening)
        else:
            self._talk.tell("nobody_pressed")

    @property
    def _listening(self) -> str:
        return f"{self._wish.host}:{self._wish.port}"

    async def _person(self, user: str) -> Person | None:
        answer = await self._slack.call("users.info", user=user, include_locale=True)
        return read_person(answer.get("user") or {}, self._me.team)


def _called(person: Person) -> str:
    """His name, and what tells him from others of that name."""
    return f"{person.user.name} (@{person.handle})" if person.handle else person.user.name
