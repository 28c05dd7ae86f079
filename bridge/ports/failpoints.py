"""Labelled points at which a crash test ends or freezes this very process.

`FAILPOINT=name:nth:kill` kills it (SIGKILL, nothing is tidied up) when it passes the point called
`name` for the nth time; `freeze` stops it (SIGSTOP) until somebody lets it go on.
`FAILPOINTS_PASSED` names a file that gets the name of each point when it is passed first. Without
either a point costs one call that returns at once.
"""

import os
import signal
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

POINTS: Final[Mapping[str, str]] = {
    # the writer
    "writer.begin": "something waits to be written, no transaction is open",
    "writer.filled": "every statement of a turn ran, nothing is on disk; one trip never passes it",
    "writer.committed": "a turn is on disk, nobody was told",
    "writer.told": "everybody who waited for the turn was told",
    # processes that do not run the desk
    "arrivals.kept": "something for whoever runs the desk is on disk, nobody was told",
    "arrivals.taken": "whoever runs the desk has read it, nothing of it is decided",
    # the engine
    "engine.taken": "a batch was taken from what waits",
    "engine.decided": "a batch is decided in memory",
    "engine.committed": "a batch is on disk, no promise of it was handed on",
    "engine.handed_on": "its promises are with the dispatcher, nobody got his answer",
    # deliveries
    "delivery.claimed": "a delivery is `sending` on disk, its call has not begun",
    "delivery.called": "the call is over, its outcome was not handed in",
    "delivery.handed_in": "the outcome waits for the next batch",
    "delivery.resuming": "a start is about to go on with what was open",
    "delivery.resumed": "a start has gone on with what was open",
    "transcript.posted": "a part of a transcript is posted, the next is not, or its end not noted",
    # senders
    "webchat.send": "a line is about to go into a visitor's journal",
    "webchat.sent": "it is there",
    "whatsapp.send": "Graph is about to be called",
    "whatsapp.sent": "Graph's answer was read",
    "telegram.send": "Telegram is about to be called",
    "telegram.sent": "Telegram's answer was read",
    "webhook.send": "a bot or a connected platform is about to be called",
    "webhook.sent": "its answer was read",
    "local.send": "a line is about to go into a thread's journal",
    "local.sent": "it is there",
    "slack.send": "Slack is about to be called",
    "slack.sent": "Slack's answer was read",
    "discord.send": "Discord is about to be called",
    "discord.sent": "Discord's answer was read",
    "slack.open": "a thread is about to be opened in Slack",
    "slack.opened": "it is open, the desk does not know where",
    "discord.open": "a thread is about to be opened in Discord",
    "discord.opened": "it is open, the desk does not know where",
    # reconciling and catching up
    "whatsapp.outcome": "a status tells what became of a call, it was not kept",
    "whatsapp.outcome_kept": "it was kept",
    "slack.finding": "Slack is about to be asked for a line in doubt",
    "slack.found": "what became of it is known, nothing was done",
    "slack.finding_root": "Slack is about to be asked for a thread in doubt",
    "slack.found_root": "what became of it is known, nothing was done",
    "discord.finding_root": "Discord is about to be asked for a thread in doubt",
    "discord.found_root": "what became of it is known, nothing was done",
    "discord.finding": "Discord is about to be asked for a line in doubt",
    "discord.found": "what became of it is known, nothing was done",
    "history.read": "a thread was read to its end, its mark was not moved",
    "progress.keep": "how far threads were read is about to be kept",
    # files
    "file.begun": "a file is being received",
    "file.received": "all its bytes came, they may not be on disk",
    "file.placed": "the file is in its place, nobody knows it",
    "file.known": "its row is on disk, whoever sent it was not told",
    "file.removed": "its bytes are gone, its row is not",
    # customers who are erased
    "erase.begun": "nobody is known by his names any more, all that he said is there",
    "erase.removed": "a small part of it is gone",
    "erase.done": "nothing of him is left, and nobody was told",
    # who leads, where several processes may
    "lease.taken": "the name is ours in the database, nothing was read under it",
    "lease.renew": "the name is about to be ours for longer",
    "lease.renewed": "it is, and whoever holds it does not know yet",
    "lease.release": "nobody works under the name any more, it is still ours",
    "lease.released": "it is free",
    # a database that is made or brought up to date
    "schema.made": "every table of a new database is there, nothing is on disk",
    "schema.kept": "a new database is on disk, nobody has opened it",
    "migration.saved": "the old database has a copy, no table was changed",
    "migration.made": "every table is as it should be, nothing is on disk",
    "migration.kept": "it is on disk, nobody has opened it",
    # copies
    "copy.made": "every row of a copy is in it, it does not say yet that it is one",
    "copy.whole": "a copy says that it is one and is on disk, under another name",
    "copy.named": "it has its name, older ones are still there",
    "backup.whole": "database, files and key are in a folder, under another name",
    "backup.named": "the folder has its name",
    # a backup that is put back
    "restore.begun": "the old desk stands, and beside it a folder for the backup, empty",
    "restore.copied": "all of the backup is in it and on disk, it does not count yet",
    "restore.counts": "it counts (in PostgreSQL if it is in the database, too), nothing is moved",
    "restore.filled": "every statement of a restored database ran, nothing is on disk",
    "restore.committing": "psql has the COMMIT, too, nobody has waited for it",
    "restore.committed": "the database is the restored one, files and key are the old ones",
    "restore.aside": "a part of the old desk is put aside, the new one not in its place",
    "restore.placed": "it is in its place, the next is not, or the end not noted",
    "restore.done": "every part is in its place, the folder beside the desk still counts",
    "restore.tidied": "the folder is gone, nobody was told",
    "restore.deciding": "what becomes of what was open is about to be written",
    "restore.decided": "it is on disk, nobody was told",
    # stopping
    "stop.begun": "the process was asked to stop",
    "stop.drained": "nothing is under way, the database is still open",
}
"""Every point, by its name, and what is so when it is passed."""


class _Plan:
    """What is to happen at which point."""

    def __init__(self, wanted: str, passed: str) -> None:
        """Read `name:nth:what`. Raises `ValueError` for a name that is no point's."""
        name, _, rest = wanted.partition(":")
        nth, _, what = rest.partition(":")
        if name and (name not in POINTS or not nth.isdigit() or what not in _ENDS):
            raise ValueError(f"FAILPOINT={wanted}: write name:nth:kill with one of {set(POINTS)}")
        self._name = name
        self._nth = int(nth or 0)
        self._signal = _ENDS.get(what)
        self._passed = Path(passed) if passed else None
        self._times: Counter[str] = Counter()

    def pass_by(self, name: str) -> None:
        self._times[name] += 1
        if self._passed is not None and self._times[name] == 1:
            with self._passed.open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
        if self._signal is not None and (name, self._times[name]) == (self._name, self._nth):
            os.kill(os.getpid(), self._signal)


_ENDS: Final = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP}
_WANTED: Final = os.environ.get("FAILPOINT", ""), os.environ.get("FAILPOINTS_PASSED", "")
_PLAN: Final = _Plan(*_WANTED) if any(_WANTED) else None


def failpoint(name: str) -> None:
    """This is the point called `name`, one of `POINTS`."""
    if _PLAN is not None:
        _PLAN.pass_by(name)
