"""What a person does, asked for in JSON: `POST /sim/people/<who>/<verb>`."""

import base64
from collections.abc import Awaitable, Callable, Mapping

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.discord.house import CannotDo
from bridge.simulators.discord.person import Person
from bridge.simulators.discord.server import Server
from bridge.simulators.discord.state.records import Message, Modal
from bridge.simulators.discord.web.shown import channel_shown, message_shown, outcome_shown


class Asked:
    """One request: who acts, and the words of it."""

    def __init__(self, discord: Server, person: Person, body: Mapping[str, Json]) -> None:
        self.discord = discord
        self.person = person
        self.body = body

    def text(self, name: str) -> str:
        """A word, empty where it is missing."""
        return txt(self.body.get(name))

    def message(self) -> Message:
        """The message `id` in `channel`, or what only this person was shown."""
        whisper = self.discord.world.whispers.get(self.text("id"))
        if whisper is not None and whisper.only_for == self.person.id:
            return whisper
        place = self.person.room(self.text("channel"))
        return self.discord.world.message(place.id, self.text("id"))

    def modal(self) -> Modal:
        """The open form `modal`, by its custom id."""
        for modal in self.person.modals:
            if modal.custom_id == self.text("modal"):
                return modal
        raise CannotDo("this form is not open")

    def options(self, name: str = "options") -> dict[str, Json]:
        """Named values."""
        return dict(obj(self.body.get(name)))


Verb = Callable[[Asked], Awaitable[JsonObject]]


async def _says(asked: Asked) -> JsonObject:
    files = {
        name: base64.b64decode(txt(content)) for name, content in asked.options("files").items()
    }
    if asked.text("reply_to"):
        place = asked.person.room(asked.text("channel"))
        answered = asked.discord.world.message(place.id, asked.text("reply_to"))
        message = await asked.person.replies(answered, asked.text("text"))
    else:
        message = await asked.person.says(asked.text("channel"), asked.text("text"), files=files)
    return message_shown(asked.discord, message)


async def _edits(asked: Asked) -> JsonObject:
    changed = await asked.person.edits(asked.message(), asked.text("text"))
    return message_shown(asked.discord, changed)


async def _deletes(asked: Asked) -> JsonObject:
    await asked.person.deletes(asked.message())
    return {}


async def _reacts(asked: Asked) -> JsonObject:
    message = await asked.person.reacts(asked.message(), asked.text("emoji"))
    return message_shown(asked.discord, message)


async def _unreacts(asked: Asked) -> JsonObject:
    message = await asked.person.unreacts(asked.message(), asked.text("emoji"))
    return message_shown(asked.discord, message)


async def _opens_thread(asked: Asked) -> JsonObject:
    tags = [txt(one) for one in arr(asked.body.get("tags"))]
    thread = await asked.person.opens_thread(
        asked.text("channel"), asked.text("name"), asked.text("text"), tags=tags
    )
    return channel_shown(thread)


async def _archives(asked: Asked) -> JsonObject:
    locked = asked.body.get("locked")
    thread = await asked.person.archives(
        asked.text("channel"), locked=locked if isinstance(locked, bool) else None
    )
    return channel_shown(thread)


async def _unarchives(asked: Asked) -> JsonObject:
    return channel_shown(await asked.person.unarchives(asked.text("channel")))


async def _joins_thread(asked: Asked) -> JsonObject:
    return channel_shown(await asked.person.joins_thread(asked.text("channel")))


async def _leaves_thread(asked: Asked) -> JsonObject:
    return channel_shown(await asked.person.leaves_thread(asked.text("channel")))


async def _uses(asked: Asked) -> JsonObject:
    outcome = await asked.person.uses(
        asked.text("channel"), asked.text("command"), **asked.options()
    )
    return outcome_shown(asked.discord, outcome)


async def _types(asked: Asked) -> JsonObject:
    outcome = await asked.person.types(asked.text("channel"), asked.text("line"))
    return outcome_shown(asked.discord, outcome)


async def _completes(asked: Asked) -> JsonObject:
    found = await asked.person.completes(
        asked.text("channel"),
        asked.text("command"),
        asked.text("option"),
        asked.text("typed"),
        **asked.options(),
    )
    return {"choices": found}


async def _presses(asked: Asked) -> JsonObject:
    outcome = await asked.person.presses(asked.message(), asked.text("custom_id"))
    return outcome_shown(asked.discord, outcome)


async def _chooses(asked: Asked) -> JsonObject:
    values = [txt(one) for one in arr(asked.body.get("values"))]
    outcome = await asked.person.chooses(asked.message(), asked.text("custom_id"), *values)
    return outcome_shown(asked.discord, outcome)


async def _submits(asked: Asked) -> JsonObject:
    outcome = await asked.person.submits(asked.modal(), **asked.options("values"))
    return outcome_shown(asked.discord, outcome)


async def _dismisses(asked: Asked) -> JsonObject:
    await asked.person.dismisses(asked.modal())
    return {}


async def _forgets(asked: Asked) -> JsonObject:
    await asked.person.forgets(asked.message())
    return {}


async def _uses_menu(asked: Asked) -> JsonObject:
    outcome = await asked.person.uses_menu(asked.text("name"), asked.message())
    return outcome_shown(asked.discord, outcome)


async def _joins(asked: Asked) -> JsonObject:
    await asked.person.joins(asked.discord.world.guild(asked.text("guild")))
    return {}


async def _leaves(asked: Asked) -> JsonObject:
    await asked.person.leaves(asked.discord.world.guild(asked.text("guild")))
    return {}


async def _gets(asked: Asked) -> JsonObject:
    await asked.person.gets(asked.discord.world.roles[asked.text("role")])
    return {}


async def _loses(asked: Asked) -> JsonObject:
    await asked.person.loses(asked.discord.world.roles[asked.text("role")])
    return {}


VERBS: Mapping[str, Verb] = {
    "says": _says,
    "edits": _edits,
    "deletes": _deletes,
    "reacts": _reacts,
    "unreacts": _unreacts,
    "opens_thread": _opens_thread,
    "archives": _archives,
    "unarchives": _unarchives,
    "joins_thread": _joins_thread,
    "leaves_thread": _leaves_thread,
    "uses": _uses,
    "types": _types,
    "completes": _completes,
    "presses": _presses,
    "chooses": _chooses,
    "submits": _submits,
    "dismisses": _dismisses,
    "forgets": _forgets,
    "uses_menu": _uses_menu,
    "joins": _joins,
    "leaves": _leaves,
    "gets": _gets,
    "loses": _loses,
}
