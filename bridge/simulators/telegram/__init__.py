"""Telegram's Bot API on 127.0.0.1, for any client, with its two addresses set and nothing else.

async with TelegramSimulator.running(ledger=path, limits=Limits.documented()) as sim:
    bot = sim.bot()                                          # bot.token; change_bot
    client = telegram.Bot(bot.token, base_url=sim.base_url, base_file_url=sim.base_file_url)
    bia = sim.person(bot, "Bia", language="pt-br")           # started=False: never wrote
    team = sim.group(bot, "Team", bia); bia.at(team)         # kind="channel"; stands, upgrade

    line = await bia.writes("oi")                            # starts, edits, deletes, forwards
    await bia.writes("this", quoting=bia.received()[-1], quote="part of it")
    await bia.sends_file(body, kind="photo", caption="see")  # sends_album, shares_place, asks, ...
    await bia.sends({"hologram": {}})                        # what Telegram will have in 2030
    press = await bia.presses(bia.received()[-1], "Yes"); bia.answer_to(press)
    await bia.reacts(line, "👍"); await bia.blocks(); await bia.unblocks()
    bia.received(); bia.texts(); bia.downloads(message).body; bia.sees_typing
    await sim.until(lambda: bia.texts() == ["hello"])        # conditions, never sleeps

    sim.fault(Fault(method="sendMessage", kind="drop", accepted=True))
    sim.fault(EventFault(type="message", kind="duplicate"))
    sim.telling.update(bot.id, "message_of_2030", {...}); sim.forward(WEEK)
    assert sim.violations == []                              # also when parse_mode was used
    sim.meter.refused; sim.api.calls; sim.office.brought; sim.ledger.entries; read_ledger(path)

Every call is checked against the Bot API as data (`spec`): what it does not know is refused and
kept as a violation. So is what is not simulated, and `parse_mode`. The same over HTTP under `/sim`
(see `control`), and as a process of its own with `python -m bridge.simulators.telegram`.
"""

from bridge.simulators.common.changes import GaveUpWaiting
from bridge.simulators.common.ledger import read_ledger
from bridge.simulators.telegram.faults import EventFault, Fault
from bridge.simulators.telegram.limits import Limits, Window
from bridge.simulators.telegram.person import Attached, Person
from bridge.simulators.telegram.records import Bot, Chat, Message, Press, Update, Violation
from bridge.simulators.telegram.settings import Quirks
from bridge.simulators.telegram.sight import CannotDo, choices_of
from bridge.simulators.telegram.simulator import TelegramSimulator

__all__ = [
    "Attached",
    "Bot",
    "CannotDo",
    "Chat",
    "EventFault",
    "Fault",
    "GaveUpWaiting",
    "Limits",
    "Message",
    "Person",
    "Press",
    "Quirks",
    "TelegramSimulator",
    "Update",
    "Violation",
    "Window",
    "choices_of",
    "read_ledger",
]
