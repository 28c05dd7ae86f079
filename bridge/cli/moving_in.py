"""What a desk is given on a platform that was just connected: its first admin, and its rooms."""

import re
from dataclasses import dataclass

from bridge.cli.ask import Client, part
from bridge.cli.client import DeskRefused, ask_desk
from bridge.locales import say
from bridge.ports.connecting import Connected, MadeRoom, Operator
from bridge.settings import Settings

_WORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


async def move_in(
    operator: Operator, settings: Settings, workspace: str, connected: Connected, language: str
) -> None:
    """Make the admin, bind the rooms; what the desk refuses is told with the way to do it later."""
    if connected.admin is None and not connected.rooms:
        return
    moving = _Moving(operator=operator, workspace=workspace, connected=connected, language=language)
    try:
        await ask_desk(settings, moving.let_in)
        await ask_desk(settings, moving.bind)
    except DeskRefused as refusal:
        moving.tell("restart", why=refusal, command=moving.later())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moving:
    """One platform that was connected; `operator` sits at the terminal."""

    operator: Operator
    workspace: str
    connected: Connected
    language: str

    def tell(self, key: str, **data: object) -> None:
        """Say something of `cli.connect`."""
        self.operator.tell(say(self.language, f"cli.connect.{key}", **data))

    # --- the first admin ----------------------------------------------------------------------

    @property
    def handle(self) -> str:
        """What commands call him."""
        return self.connected.handle if _WORD.fullmatch(self.connected.handle) else "admin"

    async def let_in(self, desk: Client) -> None:
        """Make him an admin, or link the one of that handle."""
        admin = self.connected.admin
        if admin is None:
            return
        link = {"workspace": self.workspace, "user": admin.id}
        page = await desk.get("/v1/agents", limit=200)
        if self.handle not in {row["handle"] for row in page["agents"]}:
            new = {"handle": self.handle, "name": admin.name, "role": "admin"}
            await desk.send("POST", "/v1/agents", new | {"language": self.language} | link)
        else:
            path = f"/v1/agents/{part(self.handle)}"
            await desk.send("PUT", f"{path}/user", link)
            await desk.send("PATCH", path, {"role": "admin"})
        self.tell("admin", name=admin.name, handle=self.handle)

    # --- rooms --------------------------------------------------------------------------------

    async def bind(self, desk: Client) -> None:
        """Every room that was made: the monitor's, and one for a queue."""
        for room in self.connected.rooms:
            queue = None if room.monitor else await self._queue_for(room, desk)
            if room.monitor or queue is not None:
                named = {} if queue is None else {"queue": queue}
                body = {"workspace": self.workspace, "room": room.ref, "title": room.title}
                await desk.send("POST", "/v1/rooms", body | named)
                self.tell("bound" if queue else "monitor", room=room.title, queue=queue)

    async def _queue_for(self, room: MadeRoom, desk: Client) -> str | None:
        """The one queue that there is, the one that is named, else a new one with him in it."""
        rows = (await desk.get("/v1/queues"))["queues"]
        queues = [str(row["name"]) for row in rows if row["active"]]
        if not queues:
            return await self._first_queue(room, desk)
        if len(queues) == 1:
            return queues[0]
        while True:
            question = say(
                self.language, "cli.connect.which_queue", room=room.title, queues=", ".join(queues)
            )
            word = (await self.operator.ask(question)).lower()
            if not word or word in queues:
                return word or None

    async def _first_queue(self, room: MadeRoom, desk: Client) -> str:
        word = room.title if _WORD.fullmatch(room.title) else "support"
        await desk.send("POST", "/v1/queues", {"name": word, "title": word.capitalize()})
        if self.connected.admin is not None:
            path = f"/v1/queues/{part(word)}/members/{part(self.handle)}"
            await desk.send("PUT", path, {"level": 0})
        return word

    def later(self) -> str:
        """What does the same, once the desk has the new settings."""
        admin = self.connected.admin
        lines: list[str] = []
        if admin is not None:
            again = f'deskbridge agents add {self.handle} "{admin.name}" --admin'
            lines.append(f"{again} --workspace {self.workspace} --user {admin.id}")
        for room in self.connected.rooms:
            queue = "monitor" if room.monitor else "QUEUE"
            bind = f"deskbridge queues bind {queue} {self.workspace} {room.ref}"
            lines.append(f'{bind} --title "{room.title}"')
        return "\n".join(lines)
