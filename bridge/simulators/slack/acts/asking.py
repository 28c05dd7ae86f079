"""Slash commands, shortcuts and opening the home tab."""

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.acts.house import CannotDo, House, Outcome
from bridge.simulators.slack.acts.typed import with_ids
from bridge.simulators.slack.responses import answer_with
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.posting import whisper
from bridge.simulators.slack.state.records import Channel, Ephemeral, Message
from bridge.simulators.slack.state.shapes import channel_type, message_json, view_json
from bridge.simulators.slack.tickets import Reply


async def command(
    house: House, who: str, channel: Channel, line: str, *, in_thread: bool = False
) -> Outcome:
    """Type `/name text` in a channel. In a thread Slack refuses it and no app hears of it."""
    house.acting(who)
    name, _, text = line.partition(" ")
    if in_thread:
        await _tell(house, who, channel, f"{name} is not supported in threads. Sorry!")
        raise CannotDo(f"{name} is not supported in threads. Sorry!")
    app = _owner(house, name)
    if app is None:
        await _tell(house, who, channel, f"{name} is not a valid command.")
        raise CannotDo(f"{name} is not a valid command")
    payload = _command(house, app, who, channel, name, text)
    await house.done("types", who, channel=channel.id, line=line)
    answer = await house.office.ask(app, "slash_commands", payload)
    if not answer.ok:
        failed = "operation_timeout" if answer.reason == "http_timeout" else "dispatch_failed"
        await _tell(house, who, channel, f"{name} failed with the error “{failed}”")
        return Outcome(answered=False, reason=failed)
    reply = Reply(app_id=app.id, user=who, channel=channel.id)
    if answer.body:
        answer_with(house.world, reply, answer.body)
    house.world.changes.release()
    return Outcome(answered=True, body=answer.body)


def _owner(house: House, name: str) -> App | None:
    """The app that was installed last gets a name that several have."""
    apps = [one for one in house.world.apps.values() if name in one.manifest.commands]
    live = [one for one in apps if one.access == "granted" and "commands" in one.scopes]
    return live[-1] if live else None


def _command(
    house: House, app: App, who: str, channel: Channel, name: str, text: str
) -> JsonObject:
    world = house.world
    if app.manifest.commands[name]:
        reader = world.reader(finds_names=True, cause="post")
        text = with_ids(text, reader.names, reader.rooms)
    reply = Reply(app_id=app.id, user=who, channel=channel.id)
    shown = {"channel": channel.name, "group": "privategroup"}
    return {
        "token": app.verification_token,
        "team_id": world.team.id,
        "team_domain": world.team.domain,
        "channel_id": channel.id,
        "channel_name": shown.get(channel_type(channel), "directmessage"),
        "user_id": who,
        "user_name": world.user(who).name,
        "command": name,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": house.tickets.response_url(reply),
        "trigger_id": house.tickets.trigger(app, who),
    }


async def _tell(house: House, who: str, channel: Channel, text: str) -> None:
    """Slackbot's own word to one person."""
    ephemeral = Ephemeral(
        channel=channel.id,
        ts=house.world.mint.ts(f"ephemeral {channel.id}"),
        user=who,
        text=text,
        app_id="",
        bot_id="",
    )
    whisper(house.world, ephemeral)
    house.world.changes.release()


async def global_shortcut(house: House, who: str, callback_id: str) -> Outcome:
    """Use an entry of the lightning menu."""
    app = _with_shortcut(house, callback_id, "global")
    payload: JsonObject = {
        "type": "shortcut",
        **house.base(app, who),
        "callback_id": callback_id,
        "action_ts": house.world.mint.ts("actions"),
    }
    await house.done("uses", who, callback_id=callback_id)
    answer = await house.ask(app, "interactive", payload)
    return Outcome(answered=answer.ok, body=answer.body, reason=answer.reason)


async def message_shortcut(house: House, who: str, callback_id: str, message: Message) -> Outcome:
    """Use an entry of a message's own menu."""
    app, world = _with_shortcut(house, callback_id, "message"), house.world
    channel = world.channel(message.channel)
    reply = Reply(
        app_id=app.id,
        user=who,
        channel=channel.id,
        thread_ts=message.thread_ts,
    )
    payload: JsonObject = {
        "type": "message_action",
        **house.base(app, who),
        "callback_id": callback_id,
        "action_ts": world.mint.ts("actions"),
        "message_ts": message.ts,
        "message": message_json(world, message),
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "response_url": house.tickets.response_url(reply),
    }
    await house.done("uses", who, callback_id=callback_id, channel=channel.id, ts=message.ts)
    answer = await house.ask(app, "interactive", payload)
    return Outcome(answered=answer.ok, body=answer.body, reason=answer.reason)


def _with_shortcut(house: House, callback_id: str, kind: str) -> App:
    known: list[str] = []
    for app in reversed(house.world.apps.values()):
        for shortcut in app.manifest.shortcuts:
            known.append(shortcut.callback_id)
            if (shortcut.callback_id, shortcut.kind) == (callback_id, kind):
                return app
    raise CannotDo(f"no {kind} shortcut {callback_id!r}; there are: {', '.join(known)}")


async def open_home(house: House, who: str, app: App, tab: str = "home") -> None:
    """Look at the app's home tab (or its messages)."""
    world = house.world
    event: JsonObject = {
        "type": "app_home_opened",
        "user": who,
        "channel": world.direct(app, who).id,
        "tab": tab,
        "event_ts": world.mint.ts("events homes"),
    }
    view = world.homes.get((app.id, who))
    if view is not None and tab == "home":
        event["view"] = view_json(world, view)
    world.changes.add(Happening(kind="app_home_opened", event=event, user=who, only_app=app.id))
    await house.done("opens_home", who, app=app.id)
