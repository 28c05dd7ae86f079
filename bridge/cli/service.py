"""Runs a desk in the foreground until a signal asks it to stop."""

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime

from bridge.app import App, build, settle_in
from bridge.app.first_admin import Invited
from bridge.cli.terminal import looked_at, terminal_language
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import SECOND, Language
from bridge.locales import say
from bridge.logs import set_up_logs
from bridge.ports.holding import Role
from bridge.settings import Settings

_DEPOSED = (
    "another process runs this desk now, because this one did not answer for a while; "
    "started again, it goes on beside it"
)


class Deposed(DeskbridgeError):
    """Somebody else does our work now."""


def serve(settings: Settings, host: str | None, port: int | None, role: Role = Role.ALL) -> None:
    """Run; returns after a stop in good order. Raises `InvalidSettings` when it cannot start."""
    set_up_logs(level=settings.log.level, format=settings.log.format, secrets=settings.secrets)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(settings, host, port, role))


async def _serve(settings: Settings, host: str | None, port: int | None, role: Role) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    app = await build(settings, host=host, port=port, role=role)
    starting = asyncio.create_task(app.start())
    stop = asyncio.create_task(asked.wait())
    deposed: asyncio.Task[None] | None = None
    try:
        await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            settle_in()
            await _greet(app)
            deposed = asyncio.create_task(app.deposed())
            await asyncio.wait({deposed, stop}, return_when=asyncio.FIRST_COMPLETED)
            if deposed.done():
                raise Deposed(_DEPOSED)
    finally:
        tasks = [task for task in (starting, stop, deposed) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await app.stop()


async def _greet(app: App) -> None:
    """Somebody at a terminal wants to know where to look; a log collector does not."""
    stream = looked_at()
    if stream is None:
        return
    language = Language(terminal_language())
    pages = app.pages(language)
    width = max((len(title) for title, _ in pages), default=0)
    print(say(language, "cli.run.started", brand=app.brand, url=app.url), file=stream)
    for title, address in pages:
        print(f"  {title:<{width}}  {address}", file=stream)
    if not app.leads:
        stream.flush()
        return
    for hint in app.hints():
        print(hint, file=stream)
    if way_in := await app.first_way_in():
        print(_first_admin(way_in, language), file=stream)
    stream.flush()


def _first_admin(way_in: str | Invited, language: Language) -> str:
    if isinstance(way_in, str):
        return say(language, "cli.run.first_admin", link=way_in)
    until = datetime.fromtimestamp(way_in.until / SECOND).astimezone()
    return say(
        language, "cli.run.admin_invited", handle=way_in.handle, until=f"{until:%Y-%m-%d %H:%M}"
    )


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where there is one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
