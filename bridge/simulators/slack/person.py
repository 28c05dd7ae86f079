"""Somebody with Slack open: everything he can do there, and everything he sees."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack.acts import asking, clicking, searching, submitting, talking
from bridge.simulators.slack.acts.clicking import Clickable
from bridge.simulators.slack.acts.house import CannotDo, House, Outcome
from bridge.simulators.slack.state import people, rooms
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import Channel, Ephemeral, Message, User, View

Room = Channel | str
"""A channel, its id or its name."""


class Person:
    """Acts as one user. What his screen would not let him do raises `CannotDo`."""

    def __init__(self, house: House, user_id: str) -> None:
        self.id = user_id
        self._house = house

    @property
    def user(self) -> User:
        """The account as it is now."""
        return self._house.world.user(self.id)

    def _room(self, room: Room) -> Channel:
        """A channel as it is now."""
        world = self._house.world
        if isinstance(room, Channel):
            return world.channel(room.id)
        return world.named(room) or world.channel(room)

    # ------------------------------------------------------------ talking

    async def says(
        self,
        room: Room,
        line: str,
        *,
        thread: Message | str | None = None,
        broadcast: bool = False,
        subtype: str | None = None,
        client_msg_id: str | None = None,
    ) -> Message:
        """Write a line, as it is typed: `@ana`, `#general` and links are found.

        `subtype` is for `me_message` and the like; two lines with one `client_msg_id` are
        one gesture that Slack took twice.
        """
        return await talking.say(
            self._house,
            self.id,
            self._room(room),
            line,
            thread=_root(thread),
            broadcast=broadcast,
            subtype=subtype,
            client_msg_id=client_msg_id,
        )

    async def replies(self, to: Message, line: str, *, broadcast: bool = False) -> Message:
        """Write in the thread of a message."""
        return await self.says(to.channel, line, thread=to, broadcast=broadcast)

    async def edits(self, message: Message, line: str) -> Message:
        """Change one's own line."""
        current = self._house.world.message(message.channel, message.ts)
        return await talking.change(self._house, self.id, current, line)

    async def deletes(self, message: Message) -> None:
        """Take one's own line away (an admin: anybody's)."""
        current = self._house.world.message(message.channel, message.ts)
        await talking.delete(self._house, self.id, current)

    async def reacts(self, message: Message, emoji: str) -> None:
        """Put an emoji under a message."""
        current = self._house.world.message(message.channel, message.ts)
        await talking.react(self._house, self.id, current, emoji, away=False)

    async def unreacts(self, message: Message, emoji: str) -> None:
        """Take one's emoji away."""
        current = self._house.world.message(message.channel, message.ts)
        await talking.react(self._house, self.id, current, emoji, away=True)

    async def uploads(
        self,
        room: Room,
        name: str,
        content: bytes,
        *,
        line: str = "",
        thread: Message | str | None = None,
        hidden: bool = False,
    ) -> Message:
        """Send a file. `hidden` ones must be asked for with `files.info` (Slack Connect)."""
        return await talking.upload(
            self._house,
            self.id,
            self._room(room),
            name,
            content,
            line=line,
            thread=_root(thread),
            hidden=hidden,
        )

    def picks(self, name: str, content: bytes) -> JsonObject:
        """Choose a file of his own for a field of a form."""
        return talking.pick(self._house, self.id, name, content)

    # ------------------------------------------------------------ using the app

    async def clicks(
        self,
        where: Clickable,
        action_id: str,
        *,
        value: str | None = None,
        option: Json = None,
        filled: Mapping[str, Json] | None = None,
        block_id: str | None = None,
    ) -> Outcome:
        """Press a button (told apart by `value` or its block if need be) or choose an `option`.

        `filled` is what stands in the fields around it, by action id or block id.
        """
        return await clicking.click(
            self._house,
            self.id,
            where,
            action_id,
            value=value,
            option=option,
            filled=filled or {},
            block_id=block_id,
        )

    async def searches(
        self, where: Clickable, action_id: str, typed: str, *, block_id: str | None = None
    ) -> list[JsonObject]:
        """Type into a menu whose entries come from the app; gives the entries."""
        return await searching.search(self._house, self.id, where, action_id, typed, block_id)

    async def submits(self, view: View, values: Mapping[str, Json] | None = None) -> Outcome:
        """Fill in a modal by action id or block id, and press its button."""
        return await submitting.submit(self._house, self.id, view, values or {})

    async def closes(self, view: View) -> Outcome:
        """Close a modal without submitting it."""
        return await submitting.close(self._house, self.id, view)

    async def types(self, room: Room, line: str, *, thread: Message | str | None = None) -> Outcome:
        """A slash command, `/transfer ana`. With `thread` it fails as it does in Slack."""
        return await asking.command(
            self._house, self.id, self._room(room), line, in_thread=thread is not None
        )

    async def uses_shortcut(self, callback_id: str, message: Message | None = None) -> Outcome:
        """An entry of the lightning menu, or of a message's menu."""
        if message is None:
            return await asking.global_shortcut(self._house, self.id, callback_id)
        current = self._house.world.message(message.channel, message.ts)
        return await asking.message_shortcut(self._house, self.id, callback_id, current)

    async def opens_home(self, app: App, tab: str = "home") -> None:
        """Look at an app's home tab."""
        await asking.open_home(self._house, self.id, app, tab)

    # ------------------------------------------------------------ coming and going

    async def joins(self, room: Room) -> Channel:
        """Become a member."""
        channel = rooms.join(self._house.world, self._room(room), self.id)
        await self._house.done("joins", self.id, channel=channel.id)
        return channel

    async def leaves(self, room: Room) -> Channel:
        """Stop being a member."""
        channel = rooms.leave(self._house.world, self._room(room), self.id)
        await self._house.done("leaves", self.id, channel=channel.id)
        return channel

    async def invites(self, room: Room, whom: "Person | App") -> Channel:
        """Bring somebody or an app into a channel."""
        user_id = whom.id if isinstance(whom, Person) else whom.bot_user
        channel = rooms.join(self._house.world, self._room(room), user_id, inviter=self.id)
        await self._house.done("invites", self.id, channel=channel.id, user=user_id)
        return channel

    async def removes(self, room: Room, whom: "Person | App") -> Channel:
        """Throw somebody or an app out of a channel. Raises `CannotDo` for who is not in it."""
        user_id = whom.id if isinstance(whom, Person) else whom.bot_user
        channel = self._room(room)
        if user_id not in channel.members:
            raise CannotDo(f"{user_id} is not in {channel.name}")
        channel = rooms.leave(self._house.world, channel, user_id)
        await self._house.done("removes", self.id, channel=channel.id, user=user_id)
        return channel

    async def archives(self, room: Room) -> Channel:
        """Close a channel for good."""
        channel = rooms.archive(self._house.world, self._room(room), self.id)
        await self._house.done("archives", self.id, channel=channel.id)
        return channel

    async def unarchives(self, room: Room) -> Channel:
        """Open it again; give it by its id."""
        channel = rooms.unarchive(self._house.world, self._room(room), self.id)
        await self._house.done("unarchives", self.id, channel=channel.id)
        return channel

    async def renames(self, room: Room, name: str) -> Channel:
        """Give a channel another name."""
        channel = rooms.rename(self._house.world, self._room(room), self.id, name)
        await self._house.done("renames", self.id, channel=channel.id, name=name)
        return channel

    async def becomes(self, **changes: str | bool) -> User:
        """Another name or role; `deleted=True` is a deactivated account."""
        user = people.changed(self.user, changes)
        user = people.change_user(self._house.world, user)
        await self._house.done("becomes", self.id, **changes)
        return user

    # ------------------------------------------------------------ seeing

    @property
    def modals(self) -> list[View]:
        """The modals on the screen, the one in front last."""
        world = self._house.world
        stacks = [stack for (_, user), stack in world.modals.items() if user == self.id]
        return [view for stack in stacks for view in stack]

    def home(self, app: App) -> View | None:
        """The home tab as it was last published for this person."""
        return self._house.world.homes.get((app.id, self.id))

    def whispers(self, room: Room | None = None) -> list[Ephemeral]:
        """What only this person was shown, oldest first."""
        channel = self._room(room).id if room is not None else None
        return [
            one
            for one in self._house.world.ephemerals
            if one.user == self.id and one.shown and channel in (None, one.channel)
        ]

    def pings(self, room: Room | None = None) -> list[Message]:
        """Messages that light up this person's screen by a mention."""
        world = self._house.world
        channel = self._room(room).id if room is not None else None
        return [
            message
            for channel_id, messages in world.messages.items()
            if channel in (None, channel_id)
            for message in messages.values()
            if self.id in world.notified(message)
        ]


def _root(thread: Message | str | None) -> str | None:
    return thread.root_ts if isinstance(thread, Message) else thread
