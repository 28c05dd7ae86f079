"""The first answer to an interaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bridge.simulators.common.wire import JsonObject, arr, obj, txt
from bridge.simulators.discord.api import followups
from bridge.simulators.discord.api.bodies import check_not_empty, check_sizes, read_draft
from bridge.simulators.discord.api.components import check_modal
from bridge.simulators.discord.api.followups import AUTOCOMPLETE, COMPONENT, MODAL_SUBMIT
from bridge.simulators.discord.api.messages import apply_edit
from bridge.simulators.discord.api.method import Call, Operation, Reply
from bridge.simulators.discord.errors import DiscordRefused, Form
from bridge.simulators.discord.state import message_shapes
from bridge.simulators.discord.state.mentions import ONLY_USERS
from bridge.simulators.discord.state.posting import Draft
from bridge.simulators.discord.state.records import EPHEMERAL, Interaction, Message, Modal

MESSAGE, THINKING, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
Answered = tuple[Interaction, Message | None]


def _pending(call: Call) -> Interaction:
    """Raises 10062 when it is unknown or too late, 40060 when it was answered."""
    world = call.world
    found = world.interactions.get(call.path["interaction_id"])
    if found is None or found.token != call.path["interaction_token"]:
        raise DiscordRefused(10062)
    if found.answer is not None:
        raise DiscordRefused(40060)
    if world.now() - found.created_at > world.timing.answer_within:
        raise DiscordRefused(10062)
    return found


def _callback(call: Call) -> Reply:
    it, kind = _pending(call), call.fields.get("type")
    form = Form()
    form.one_of("type", kind, _possible(it))
    form.check()
    data = Call(
        world=call.world,
        caller=call.caller,
        path=call.path,
        body=call.fields.get("data"),
        files=call.files,
    )
    answer = _ANSWERS[kind if isinstance(kind, int) else 0]
    it, message = answer(data, it)
    it = replace(it, answered_at=call.world.now())
    call.world.interactions[it.id] = it
    said: JsonObject = {"interaction": it.id, "id": message.id if message else None}
    if call.query.get("with_response") not in ("1", "true", "True"):
        return Reply(status=204, said=said)
    return Reply(body=_shown(call, it, kind if isinstance(kind, int) else 0, message), said=said)


def _possible(it: Interaction) -> tuple[int, ...]:
    """A modal does not open another, and only a component's message can be updated."""
    if it.type == AUTOCOMPLETE:
        return (CHOICES,)
    updates = (DEFERRED_UPDATE, UPDATE) if it.message_id is not None else ()
    modal = () if it.type == MODAL_SUBMIT else (MODAL,)
    return (MESSAGE, THINKING, *updates, *modal)


def _shown(call: Call, it: Interaction, kind: int, message: Message | None) -> JsonObject:
    interaction: JsonObject = {
        "id": it.id,
        "type": it.type,
        "channel_id": it.channel_id,
        "guild_id": it.guild_id,
    }
    if message is None:
        return {"interaction": interaction}
    interaction["response_message_id"] = message.id
    interaction["response_message_loading"] = message.is_loading
    interaction["response_message_ephemeral"] = message.only_for is not None
    resource: JsonObject = {"type": kind, "message": message_shapes.message(call.world, message)}
    return {"interaction": interaction, "resource": resource}


def _message(call: Call, it: Interaction) -> Answered:
    check_sizes(call.world.guilds.get(it.guild_id or ""), call.files)
    draft = check_not_empty(read_draft(call.world, call.fields, call.files, ONLY_USERS))
    message = followups.post_answer(call.world, it, draft)
    private = message.only_for is not None
    return replace(it, answer="message", original_id=message.id, ephemeral=private), message


def _thinking(call: Call, it: Interaction) -> Answered:
    flags = call.fields.get("flags")
    private = isinstance(flags, int) and bool(flags & EPHEMERAL)
    draft = Draft(flags=EPHEMERAL if private else 0)
    message = followups.post_answer(call.world, it, draft, loading=True)
    return replace(it, answer="thinking", original_id=message.id, ephemeral=private), message


def _of_component(call: Call, it: Interaction) -> Message:
    found = call.world.whispers.get(it.message_id or "")
    return found or call.world.message(it.channel_id, it.message_id or "")


def _deferred_update(call: Call, it: Interaction) -> Answered:
    return replace(it, answer="update", original_id=it.message_id), None


def _update(call: Call, it: Interaction) -> Answered:
    message = apply_edit(call, _of_component(call, it), ONLY_USERS)
    return replace(it, answer="update", original_id=message.id), message


def _choices(call: Call, it: Interaction) -> Answered:
    choices, form = list(arr(call.fields.get("choices"))), Form()
    form.length("choices", choices, 0, 25)
    for n, choice in enumerate(choices):
        form.required(f"choices.{n}.name", obj(choice).get("name"))
        form.length(f"choices.{n}.name", obj(choice).get("name"), 1, 100)
        form.length(f"choices.{n}.value", obj(choice).get("value"), 0, 100)
    form.check()
    return replace(it, answer="choices", choices=tuple(choices)), None


def _modal(call: Call, it: Interaction) -> Answered:
    form = Form()
    check_modal(call.fields, form)
    form.check()
    modal = Modal(
        custom_id=txt(call.fields.get("custom_id")),
        title=txt(call.fields.get("title")),
        components=tuple(arr(call.fields.get("components"))),
        user_id=it.user_id,
        app_id=it.app_id,
        channel_id=it.channel_id,
        guild_id=it.guild_id,
        message_id=it.message_id if it.type == COMPONENT else None,
    )
    call.world.show(modal)
    return replace(it, answer="modal", modal=modal), None


_ANSWERS: Mapping[int, Callable[[Call, Interaction], Answered]] = {
    MESSAGE: _message,
    THINKING: _thinking,
    DEFERRED_UPDATE: _deferred_update,
    UPDATE: _update,
    CHOICES: _choices,
    MODAL: _modal,
}
OPEN_ROUTES: Mapping[str, Operation] = {
    "POST /interactions/{interaction_id}/{interaction_token}/callback": _callback
}
