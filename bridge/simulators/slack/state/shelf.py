"""Files: showing them in a message, and taking them away."""

from dataclasses import replace

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state.posting import Draft, post, tell_changed
from bridge.simulators.slack.state.records import Message, StoredFile
from bridge.simulators.slack.state.world import World


def share_late(world: World, draft: Draft) -> None:
    """Show files in a message. Where it cannot be shown any more, nobody is told."""
    try:
        message = post(world, draft)
    except SlackRefused:
        return
    note_shares(world, message)


def note_shares(world: World, message: Message) -> None:
    """Remember where the files of a message are to be seen, and tell apps of it."""
    for file_id in message.files:
        file = world.files[file_id]
        shares = (*file.shares, (message.channel, message.ts))
        world.files[file_id] = replace(file, shares=shares)
        event: JsonObject = {
            "type": "file_shared",
            "file_id": file_id,
            "user_id": file.owner,
            "file": {"id": file_id},
            "channel_id": message.channel,
            "event_ts": world.mint.ts(f"events {message.channel}"),
        }
        world.changes.add(
            Happening(
                kind="file_shared",
                event=event,
                channel=message.channel,
                user=file.owner,
                ts=message.ts,
            )
        )


def delete(world: World, file: StoredFile) -> None:
    """Take a file away; its messages stay and show that it is gone."""
    world.files[file.id] = replace(file, deleted=True, content=None)
    for channel, ts in file.shares:
        message = world.messages[channel].get(ts)
        if message is not None:
            left = tuple(one for one in message.files if one != file.id)
            tell_changed(world, world.put_message(replace(message, files=left)), message)
