"""Rooms: the app is invited, thrown out, or a room is archived, renamed, shared."""

from collections.abc import Mapping

import structlog

from bridge.adapters.common.standing import Standing
from bridge.adapters.workspaces.slack.blocks.actions import action_id, button_value
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.receiving.payloads import Handler, Payload
from bridge.adapters.workspaces.slack.receiving.room_book import RoomBook, RoomInfo
from bridge.adapters.workspaces.slack.setup.slash_names import slash_name
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.agent import Role
from bridge.domain.errors import NotAuthorized
from bridge.domain.queue import MONITOR_ROOM
from bridge.ports.commands import ArgumentKind
from bridge.ports.queries import Choices, Complete, Option

log = structlog.get_logger("bridge.slack")

_BUTTONS = 24
"""An actions block holds 25; one is the monitor room's."""
_LABEL = 75


class Rooms:
    """Offers to bind a room that the app was invited to, and tells the operator of lost ones."""

    def __init__(self, site: Site, book: RoomBook, standing: Standing) -> None:
        """Nothing happened yet."""
        self._site = site
        self._book = book
        self._standing = standing
        self.handlers: Mapping[str, Handler] = {
            "member_joined_channel": self._joined,
            "member_left_channel": self._left,
            "channel_left": self._thrown_out,
            "group_left": self._thrown_out,
            "channel_archive": self._archived,
            "group_archive": self._archived,
            "channel_unarchive": self._back,
            "group_unarchive": self._back,
            "channel_deleted": self._deleted,
            "group_deleted": self._deleted,
            "channel_rename": self._renamed,
            "group_rename": self._renamed,
            "channel_shared": self._shared,
            "channel_id_changed": self._another_id,
        }

    # --- invited ------------------------------------------------------------------------------

    async def _joined(self, event: Payload) -> None:
        """The app is in a room now: whoever invited it may bind the room to a queue."""
        if event.get("user") != self._site.me.user:
            return
        room, inviter = str(event.get("channel", "")), str(event.get("inviter") or "")
        self._standing.right(_trouble(room))
        if not inviter:
            log.info("room_joined", room=room, inviter="nobody")
            return
        info = await self._book.info(room, fresh=True)
        if info.shared and not self._site.settings.shared_channels:
            await self._tell(info, inviter, self._site.say("slack.room.shared"), None)
            return
        queues = await self._queues(inviter)
        command = f"/{slash_name('queues', self._site.settings.command_prefix)}"
        if queues is None:
            words = self._site.say("slack.room.ask_admin", command=command)
            await self._tell(info, inviter, words, None)
            return
        words = self._site.say(f"slack.room.{'private' if info.is_private else 'public'}")
        if not queues:
            words = f"{words} {self._site.say('slack.room.no_queue', command=command)}"
        await self._tell(info, inviter, words, queues)

    async def _queues(self, inviter: str) -> tuple[Option, ...] | None:
        """The queues to choose from; None for somebody who may not bind a room."""
        user = await self._site.people.user(inviter)
        home = await self._site.eyes.home(user)
        if home is None or home.agent.role is not Role.ADMIN:
            return None
        try:
            view = await self._site.sink.ask(Complete(kind=ArgumentKind.QUEUE), user)
        except NotAuthorized:
            return None
        return view.options if isinstance(view, Choices) else ()

    async def _tell(
        self, info: RoomInfo, to: str, words: str, queues: tuple[Option, ...] | None
    ) -> None:
        """Tell who invited; the queues are buttons, and the monitor room is one of them."""
        blocks: list[Payload] = [{"type": "section", "text": {"type": "plain_text", "text": words}}]
        if queues is not None:
            blocks.append({"type": "actions", "elements": self._buttons(info, queues)})
        try:
            await self._site.slack.call(
                "chat.postEphemeral", channel=info.id, user=to, text=words, blocks=blocks
            )
        except SlackRefusal as refusal:
            log.warning("inviter_not_told", room=info.id, why=str(refusal))

    def _buttons(self, info: RoomInfo, queues: tuple[Option, ...]) -> list[Payload]:
        monitor = Option(value=MONITOR_ROOM, label=self._site.say("slack.room.monitor"))
        chosen = (*queues[:_BUTTONS], monitor)
        return [self._button(info, queue, place) for place, queue in enumerate(chosen)]

    def _button(self, info: RoomInfo, queue: Option, place: int) -> Payload:
        """Binds the room, if the desk lets this person; a room for all to read asks once more."""
        arguments = {"action": "bind", "details": f"{queue.value} <#{info.id}>"}
        button: Payload = {
            "type": "button",
            "action_id": action_id("queues", place),
            "text": {"type": "plain_text", "text": queue.label[:_LABEL]},
            "value": button_value(None, arguments),
        }
        if not info.is_private:
            button["confirm"] = {
                "title": _plain(self._site.say("slack.room.confirm_title")),
                "text": _plain(self._site.say("slack.room.confirm")),
                "confirm": _plain(self._site.say("slack.room.bind")),
                "deny": _plain(self._site.say("slack.room.cancel")),
            }
        return button

    # --- lost and found -----------------------------------------------------------------------

    async def _left(self, event: Payload) -> None:
        if event.get("user") == self._site.me.user:
            await self._thrown_out(event)

    async def _thrown_out(self, event: Payload) -> None:
        self._wrong(event, "the app is no longer in channel {room}", "invite it there again")

    async def _archived(self, event: Payload) -> None:
        self._wrong(event, "channel {room} is archived", "unarchive it, or bind another room")

    async def _deleted(self, event: Payload) -> None:
        self._wrong(event, "channel {room} was deleted", "bind another room with /queues bind")

    async def _back(self, event: Payload) -> None:
        self._standing.right(_trouble(_room(event)))

    async def _renamed(self, event: Payload) -> None:
        """Rooms are known by their ids: a new name changes nothing but what people read."""
        self._book.forget(_room(event))

    async def _shared(self, event: Payload) -> None:
        if not self._site.settings.shared_channels:
            fix = "unbind it with /queues unbind, or set shared_channels"
            self._wrong(event, "channel {room} is shared with another organisation now", fix)

    async def _another_id(self, event: Payload) -> None:
        old, new = str(event.get("old_channel_id", "")), str(event.get("new_channel_id", ""))
        detail = f"channel {old} has another id now: {new}"
        self._standing.wrong(_trouble(old), detail, f"bind it again: /queues bind QUEUE <#{new}>")

    def _wrong(self, event: Payload, detail: str, fix: str) -> None:
        room = _room(event)
        self._book.forget(room)
        self._standing.wrong(_trouble(room), detail.format(room=room), fix)


def _room(event: Payload) -> str:
    """A room by its id; a rename describes the whole room."""
    room = event.get("channel")
    return str(room.get("id", "")) if isinstance(room, dict) else str(room or "")


def _trouble(room: str) -> str:
    return f"room {room}"


def _plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}
