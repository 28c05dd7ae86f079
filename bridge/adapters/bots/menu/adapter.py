"""The menu bot as the desk sees it."""

import asyncio

from bridge.adapters.bots.menu.decide import decide
from bridge.adapters.bots.menu.reading import read_script
from bridge.adapters.bots.menu.script import Script
from bridge.adapters.bots.menu.settings import MenuSettings
from bridge.domain.errors import InvalidSettings, TemporaryFailure
from bridge.domain.ids import BotId
from bridge.ports.bot import BotCall, BotReply
from bridge.ports.plugin import AdapterContext, Check


class MenuBot:
    """Follows its script; what it must remember of a customer is kept by the desk."""

    def __init__(self, settings: MenuSettings, context: AdapterContext) -> None:
        """Keep the settings; the file is read at the start."""
        self.bot_id = BotId(context.id)
        self._file = settings.file
        self._brand = context.brand
        self._script: Script | None = None

    async def start(self) -> None:
        """Read the script. Raises `InvalidSettings` with one line for each mistake in it."""
        self._script = await self._read()

    async def stop(self) -> None:
        """Nothing is ever under way."""

    async def ask(self, call: BotCall) -> BotReply:
        """Answer one event at once. Raises `TemporaryFailure` before the start."""
        if self._script is None:
            raise TemporaryFailure(f"the bot {self.bot_id} has not read its script yet")
        return decide(self._script, call.memory, call)

    async def diagnose(self) -> tuple[Check, ...]:
        """Read the script as it is now, without using it."""
        name = f"bots.{self.bot_id} script"
        try:
            script = await self._read()
        except InvalidSettings as mistakes:
            fix = "correct the lines named here, then restart; docs/menu-bot.md explains the file"
            return (Check(name=name, ok=False, detail=str(mistakes), fix=fix),)
        source = self._file or "the one that is built in"
        detail = f"{source}: {len(script.menus)} menus, {len(script.answers)} answers"
        old = self._script is not None and script != self._script
        fix = "restart the desk: the script was changed after its start" if old else ""
        return (Check(name=name, ok=True, detail=detail, warning=old, fix=fix),)

    async def _read(self) -> Script:
        return await asyncio.to_thread(read_script, self._file, self._brand)
