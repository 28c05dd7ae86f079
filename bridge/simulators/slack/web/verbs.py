"""What a person does, asked for in JSON: `POST /sim/people/<who>/<verb>`."""

import base64
from collections.abc import Awaitable, Callable, Mapping

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.slack.acts.clicking import Clickable
from bridge.simulators.slack.acts.house import CannotDo
from bridge.simulators.slack.person import Person
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import Message, View
from bridge.simulators.slack.web.shown import (
    channel_shown,
    message_shown,
    outcome_shown,
)
from bridge.simulators.slack.workspace import Workspace


class Asked:
    """One request: who acts, and the words of it."""

    def __init__(self, slack: Workspace, person: Person, body: Mapping[str, Json]) -> None:
        self.slack = slack
        self.person = person
        self.body = body

    def text(self, name: str) -> str:
        """A word, empty where it is missing."""
        return txt(self.body.get(name))

    def maybe(self, name: str) -> str | None:
        """A word, or None."""
        return self.text(name) or None

    def message(self) -> Message:
        """The message at `channel` and `ts`."""
        return self.slack.world.message(self.slack.room(self.text("channel")).id, self.text("ts"))

    def app(self) -> App:
        """The app named `app`, or the one that was installed first."""
        apps = self.slack.world.apps
        return apps[self.text("app")] if self.text("app") else next(iter(apps.values()))

    def where(self) -> Clickable:
        """A `view`, the `home` tab, or the message or ephemeral at `channel` and `ts`."""
        if self.text("view"):
            return self.view()
        if self.body.get("home"):
            home = self.person.home(self.app())
            if home is None:
                raise CannotDo("this home tab was never published")
            return home
        channel, ts = self.slack.room(self.text("channel")).id, self.text("ts")
        for whisper in self.person.whispers():
            if (whisper.channel, whisper.ts) == (channel, ts):
                return whisper
        return self.message()

    def view(self) -> View:
        """The open modal `view`."""
        for view in self.person.modals:
            if view.id == self.text("view"):
                return view
        raise CannotDo("this modal is not open")


Verb = Callable[[Asked], Awaitable[JsonObject]]


async def _says(asked: Asked) -> JsonObject:
    message = await asked.person.says(
        asked.text("channel"),
        asked.text("text"),
        thread=asked.maybe("thread"),
        broadcast=bool(asked.body.get("broadcast")),
        client_msg_id=asked.maybe("client_msg_id"),
    )
    return message_shown(asked.slack, message)


async def _edits(asked: Asked) -> JsonObject:
    changed = await asked.person.edits(asked.message(), asked.text("text"))
    return message_shown(asked.slack, changed)


async def _deletes(asked: Asked) -> JsonObject:
    await asked.person.deletes(asked.message())
    return {}


async def _reacts(asked: Asked) -> JsonObject:
    await asked.person.reacts(asked.message(), asked.text("emoji"))
    return {}


async def _unreacts(asked: Asked) -> JsonObject:
    await asked.person.unreacts(asked.message(), asked.text("emoji"))
    return {}


async def _uploads(asked: Asked) -> JsonObject:
    message = await asked.person.uploads(
        asked.text("channel"),
        asked.text("name"),
        base64.b64decode(asked.text("content")),
        line=asked.text("text"),
        thread=asked.maybe("thread"),
        hidden=bool(asked.body.get("hidden")),
    )
    return message_shown(asked.slack, message)


async def _clicks(asked: Asked) -> JsonObject:
    outcome = await asked.person.clicks(
        asked.where(),
        asked.text("action_id"),
        value=asked.maybe("value"),
        option=asked.body.get("option"),
        filled=obj(asked.body.get("filled")),
        block_id=asked.maybe("block_id"),
    )
    return outcome_shown(outcome)


async def _searches(asked: Asked) -> JsonObject:
    found = await asked.person.searches(
        asked.where(),
        asked.text("action_id"),
        asked.text("typed"),
        block_id=asked.maybe("block_id"),
    )
    return {"options": found}


async def _submits(asked: Asked) -> JsonObject:
    values = obj(asked.body.get("values"))
    return outcome_shown(await asked.person.submits(asked.view(), values))


async def _closes(asked: Asked) -> JsonObject:
    return outcome_shown(await asked.person.closes(asked.view()))


async def _types(asked: Asked) -> JsonObject:
    outcome = await asked.person.types(
        asked.text("channel"), asked.text("line"), thread=asked.maybe("thread")
    )
    return outcome_shown(outcome)


async def _uses_shortcut(asked: Asked) -> JsonObject:
    message = asked.message() if asked.text("ts") else None
    return outcome_shown(await asked.person.uses_shortcut(asked.text("callback_id"), message))


async def _opens_home(asked: Asked) -> JsonObject:
    await asked.person.opens_home(asked.app(), asked.text("tab") or "home")
    return {}


async def _joins(asked: Asked) -> JsonObject:
    return channel_shown(asked.slack, await asked.person.joins(asked.text("channel")))


async def _leaves(asked: Asked) -> JsonObject:
    return channel_shown(asked.slack, await asked.person.leaves(asked.text("channel")))


async def _invites(asked: Asked) -> JsonObject:
    channel = await asked.person.invites(asked.text("channel"), _whom(asked))
    return channel_shown(asked.slack, channel)


async def _removes(asked: Asked) -> JsonObject:
    channel = await asked.person.removes(asked.text("channel"), _whom(asked))
    return channel_shown(asked.slack, channel)


async def _archives(asked: Asked) -> JsonObject:
    return channel_shown(asked.slack, await asked.person.archives(asked.text("channel")))


async def _unarchives(asked: Asked) -> JsonObject:
    return channel_shown(asked.slack, await asked.person.unarchives(asked.text("channel")))


async def _renames(asked: Asked) -> JsonObject:
    channel = await asked.person.renames(asked.text("channel"), asked.text("name"))
    return channel_shown(asked.slack, channel)


async def _becomes(asked: Asked) -> JsonObject:
    changes = {name: value for name, value in asked.body.items() if isinstance(value, str | bool)}
    user = await asked.person.becomes(**changes)
    return {"id": user.id}


def _whom(asked: Asked) -> Person | App:
    whom = asked.text("whom")
    return asked.slack.world.apps.get(whom) or asked.slack.person(whom)


VERBS: Mapping[str, Verb] = {
    "says": _says,
    "edits": _edits,
    "deletes": _deletes,
    "reacts": _reacts,
    "unreacts": _unreacts,
    "uploads": _uploads,
    "clicks": _clicks,
    "searches": _searches,
    "submits": _submits,
    "closes": _closes,
    "types": _types,
    "uses_shortcut": _uses_shortcut,
    "opens_home": _opens_home,
    "joins": _joins,
    "leaves": _leaves,
    "invites": _invites,
    "removes": _removes,
    "archives": _archives,
    "unarchives": _unarchives,
    "renames": _renames,
    "becomes": _becomes,
}
