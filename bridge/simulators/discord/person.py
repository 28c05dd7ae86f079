"""Somebody with Discord open: everything he can do there, and everything he sees."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

from bridge.simulators.common.wire import Json
from bridge.simulators.discord.acts import asking, talking
from bridge.simulators.discord.house import CannotDo, House, Outcome
from bridge.simulators.discord.state import guilds, posting, threads
from bridge.simulators.discord.state.records import (
    Channel,
    Guild,
    Member,
    Message,
    Modal,
    Role,
    User,
)

Room = Channel | str
"""A channel or thread, its id or its name."""


class Person:
    """Acts as one user. What his screen would not let him do raises `CannotDo`."""

    def __init__(self, house: House, user_id: str) -> None:
        self.id = user_id
        self._house = house

    @property
    def user(self) -> User:
        """The account as it is now."""
        return self._house.world.users[self.id]

    def room(self, room: Room) -> Channel:
        """A channel as it is now. Raises `DiscordRefused` for one that is gone."""
        world = self._house.world
        if isinstance(room, Channel):
            return world.channel(room.id)
        return world.channels.get(room) or world.named(room)

    def _now(self, message: Message) -> Message:
        world = self._house.world
        return world.whispers.get(message.id) or world.message(message.channel_id, message.id)

    # ------------------------------------------------------------ talking

    async def says(
        self, room: Room, line: str, *, files: dict[str, bytes] | None = None
    ) -> Message:
        """Write a line, as it is typed: `@ana` and `@Role` are found; files may go with it."""
        return await talking.say(self._house, self.id, self.room(room), line, files=files)

    async def replies(self, to: Message, line: str) -> Message:
        """Answer a message."""
        place = self.room(to.channel_id)
        return await talking.say(self._house, self.id, place, line, reply_to=to)

    async def uploads(self, room: Room, name: str, content: bytes, *, line: str = "") -> Message:
        """Send one file."""
        return await self.says(room, line, files={name: content})

    async def edits(self, message: Message, line: str) -> Message:
        """Change one's own line."""
        return await talking.change(self._house, self.id, self._now(message), line)

    async def deletes(self, message: Message) -> None:
        """Take a line away; anybody's with the right to."""
        await talking.delete(self._house, self.id, self._now(message))

    async def reacts(self, message: Message, emoji: str) -> Message:
        """Put an emoji under a message."""
        return await talking.react(self._house, self.id, self._now(message), emoji, away=False)

    async def unreacts(self, message: Message, emoji: str) -> Message:
        """Take one's emoji away."""
        return await talking.react(self._house, self.id, self._now(message), emoji, away=True)

    # ------------------------------------------------------------ threads

    async def opens_thread(
        self, parent: Room, name: str, line: str, *, tags: Sequence[str] = ()
    ) -> Channel:
        """A post in a forum, with tags by their names, or a thread in a text channel."""
        place = self.room(parent)
        return await talking.open_thread(self._house, self.id, place, name, line, tags)

    async def archives(self, thread: Room, *, locked: bool | None = None) -> Channel:
        """Close a thread, and lock it if wanted."""
        place = self.room(thread)
        return await talking.keep_thread(self._house, self.id, place, archived=True, locked=locked)

    async def unarchives(self, thread: Room) -> Channel:
        """Open a thread again."""
        place = self.room(thread)
        return await talking.keep_thread(self._house, self.id, place, archived=False, locked=None)

    async def joins_thread(self, thread: Room) -> Channel:
        """Follow a thread."""
        place = threads.join(self._house.begin(), self.room(thread), self.id)
        await self._house.done("joins_thread", self.id, channel=place.id)
        return place

    async def leaves_thread(self, thread: Room) -> Channel:
        """Stop following a thread."""
        place = threads.leave(self._house.begin(), self.room(thread), self.id)
        await self._house.done("leaves_thread", self.id, channel=place.id)
        return place

    # ------------------------------------------------------------ using the app

    async def uses(self, room: Room, command: str, /, **options: "Json | Person | Role") -> Outcome:
        """A slash command, `ticket create` with its options; people and roles as themselves."""
        values = {name: _plain(one) for name, one in options.items()}
        return await asking.run(self._house, self.id, self.room(room), command, values)

    async def types(self, room: Room, line: str) -> Outcome:
        """The same as text: `/transfer agent:ana note:"be kind"`; people by their names."""
        words = shlex.split(line.removeprefix("/"))
        name = " ".join(word for word in words if ":" not in word)
        pairs = [word.split(":", 1) for word in words if ":" in word]
        values: dict[str, Json] = {key: self._typed(value) for key, value in pairs}
        return await asking.run(self._house, self.id, self.room(room), name, values)

    def _typed(self, value: str) -> str:
        if not value.startswith("@"):
            return value
        users = self._house.world.users.values()
        return next((one.id for one in users if one.name == value[1:]), value)

    async def completes(
        self,
        room: Room,
        command: str,
        option: str,
        so_far: str,
        /,
        **others: "Json | Person | Role",
    ) -> list[Json]:
        """Type into an option; gives the entries. Raises `CannotDo` when none came in time."""
        values = {name: _plain(one) for name, one in others.items()}
        outcome = await asking.complete(
            self._house, self.id, self.room(room), command, option, so_far, values
        )
        if not outcome.answered:
            raise CannotDo("loading options failed")
        return list(outcome.choices)

    async def presses(self, message: Message, custom_id: str) -> Outcome:
        """Press a button."""
        return await asking.press(self._house, self.id, self._now(message), custom_id, None)

    async def chooses(
        self, message: Message, custom_id: str, *chosen: "str | Person | Role | Channel"
    ) -> Outcome:
        """Choose in a menu: values, people, roles or channels."""
        values = [one if isinstance(one, str) else one.id for one in chosen]
        return await asking.press(self._house, self.id, self._now(message), custom_id, values)

    def picks(self, name: str, content: bytes) -> str:
        """Choose a file of his own for a field of a form; gives what the field then holds."""
        return talking.pick(self._house, name, content)

    async def submits(self, modal: Modal, /, **values: Json) -> Outcome:
        """Fill in a form by its fields' ids and send it."""
        return await asking.submit(self._house, modal, values)

    async def dismisses(self, modal: Modal) -> None:
        """Close a form. The app is not told."""
        self._house.begin().dismiss(modal)
        await self._house.done("dismisses", self.id, modal=modal.custom_id)

    async def forgets(self, whisper: Message) -> None:
        """Dismiss what only this person was shown."""
        if whisper.only_for != self.id:
            raise CannotDo("everybody sees this")
        posting.delete(self._house.begin(), self._now(whisper))
        await self._house.done("forgets", self.id, id=whisper.id)

    async def uses_menu(self, name: str, on: "Message | Person", room: Room = "") -> Outcome:
        """An entry under Apps in the menu of a message, or of somebody in a room."""
        if isinstance(on, Message):
            return await asking.use_message_menu(self._house, self.id, name, self._now(on))
        return await asking.use_user_menu(self._house, self.id, name, on.id, self.room(room))

    async def settled(self, outcome: Outcome, within: float = 30.0) -> Message:
        """The answer to an interaction once the bot has stopped thinking."""
        return await self._house.settled(outcome, within)

    # ------------------------------------------------------------ coming and going

    async def joins(self, guild: Guild, *roles: Role) -> Member:
        """Become a member. Raises `CannotDo` for who is banned."""
        world = self._house.begin()
        if self.id in world.bans[guild.id]:
            raise CannotDo("banned")
        member = guilds.join(world, guild.id, self.id, tuple(one.id for one in roles))
        await self._house.done("joins", self.id, guild=guild.id)
        return member

    async def leaves(self, guild: Guild) -> None:
        """Stop being a member."""
        guilds.leave(self._house.begin(), guild.id, self.id)
        await self._house.done("leaves", self.id, guild=guild.id)

    async def gets(self, role: Role) -> Member:
        """Is given a role."""
        member = self._house.begin().member(role.guild_id, self.id)
        kept = tuple(one for one in member.roles if one != role.id)
        return await self._with_roles(member, (*kept, role.id))

    async def loses(self, role: Role) -> Member:
        """A role is taken away."""
        member = self._house.begin().member(role.guild_id, self.id)
        return await self._with_roles(member, tuple(r for r in member.roles if r != role.id))

    async def _with_roles(self, member: Member, roles: tuple[str, ...]) -> Member:
        member = guilds.put_member(self._house.world, replace(member, roles=roles))
        await self._house.done("roles", self.id, guild=member.guild_id, roles=list(roles))
        return member

    # ------------------------------------------------------------ seeing

    @property
    def modals(self) -> list[Modal]:
        """The forms on the screen, the newest last."""
        return [one for one in self._house.world.modals if one.user_id == self.id]

    def whispers(self, room: Room | None = None) -> list[Message]:
        """What only this person was shown, oldest first."""
        place = self.room(room).id if room is not None else None
        mine = [one for one in self._house.world.whispers.values() if one.only_for == self.id]
        return [one for one in mine if place in (None, one.channel_id)]

    def pings(self, room: Room | None = None) -> list[Message]:
        """Messages that lit up this person's screen."""
        place = self.room(room).id if room is not None else None
        return [
            message
            for channel_id, messages in self._house.world.messages.items()
            if place in (None, channel_id)
            for message in messages.values()
            if self.id in message.pings
        ]

    def sees(self, room: Room) -> bool:
        """Whether a channel or thread is there for this person."""
        return self._house.world.sees(self.id, self.room(room))


def _plain(value: "Json | Person | Role") -> Json:
    return value.id if isinstance(value, Person | Role) else value
