"""Telegram's Bot API on 127.0.0.1, for any client, with its two addresses set and nothing else."""

from bridge.simulators.common.changes import GaveUpWaiting
from bridge.simulators.common.ledger import read_ledger
from bridge.simulators.telegram.faults import EventFault, Fault
from bridge.simulators.telegram.limits import Limits, Window
from bridge.simulators.telegram.person import CannotDo, Person
from bridge.simulators.telegram.records import Bot, Chat, Message, Violation
from bridge.simulators.telegram.settings import Quirks
from bridge.simulators.telegram.simulator import TelegramSimulator

__all__ = [
    "Bot",
    "CannotDo",
    "Chat",
    "EventFault",
    "Fault",
    "GaveUpWaiting",
    "Limits",
    "Message",
    "Person",
    "Quirks",
    "TelegramSimulator",
    "Violation",
    "Window",
    "read_ledger",
]
