"""Discord on 127.0.0.1, for the real discord.py, with its two addresses set and nothing else.

async with DiscordSimulator.running(ledger=path, limits=Limits.documented()) as sim:
    discord.http.Route.BASE = sim.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sim.gateway_url)
    guild = sim.guild("Acme", owner="olga")
    app = sim.application(); sim.invite(app, guild)          # app.token; kick, allow, reset_token
    ana, bo = sim.person("ana", guild), sim.person("bo", guild, locale="pt-BR")
    agents = sim.role(guild, "Agents", ana, bo)
    support = sim.forum(guild, "support", "waiting", "active")
    room = sim.channel(guild, "agents", only_for=(agents, app))
    await sim.connected(app)

    line = await ana.says(room, "hello @bo")                 # replies, edits, reacts, uploads, …
    card = await sim.message_in(thread, lambda one: bool(one.components))
    outcome = await ana.presses(card, "take")                # chooses(card, "who", bo, agents)
    outcome = await ana.uses(thread, "transfer", agent=bo, note="please")
    found = await ana.completes(thread, "transfer", "queue", "su")
    outcome = await ana.uses_menu("Ticket from this message", line)
    outcome = await ana.submits(outcome.modal, subject="broken")
    answer = await ana.settled(outcome)                      # once the bot stopped thinking
    await ana.archives(thread); ana.whispers(); ana.pings(); ana.modals
    await sim.until(lambda: sim.threads(support))            # conditions, never sleeps

    sim.fault(Fault(route="POST /channels/{channel_id}/messages", kind="drop", accepted=True))
    sim.fault(EventFault(type="MESSAGE_CREATE", kind="duplicate"))
    sim.hub.drop(app)                                        # close, reconnect, invalidate, silence
    sim.meter.refusals; sim.ledger.entries; read_ledger(path)

The same over HTTP under `/sim` (see `web.control`), and as a process of its own with
`python -m bridge.simulators.discord`. What may be turned is in `settings`; a route that is not
simulated answers 404 `{"message": "404: Not Found", "code": 0}`.
"""

from bridge.simulators.common.ledger import read_ledger
from bridge.simulators.discord.changes import GaveUpWaiting
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.faults import EventFault, Fault
from bridge.simulators.discord.house import CannotDo, Outcome
from bridge.simulators.discord.limits import Limits, Window
from bridge.simulators.discord.person import Person
from bridge.simulators.discord.server import INVITE
from bridge.simulators.discord.settings import Quirks, Timing
from bridge.simulators.discord.simulator import DiscordSimulator
from bridge.simulators.discord.state.records import App, Channel, Guild, Message, Modal, Role

__all__ = [
    "INVITE",
    "App",
    "CannotDo",
    "Channel",
    "DiscordRefused",
    "DiscordSimulator",
    "EventFault",
    "Fault",
    "GaveUpWaiting",
    "Guild",
    "Limits",
    "Message",
    "Modal",
    "Outcome",
    "Person",
    "Quirks",
    "Role",
    "Timing",
    "Window",
    "read_ledger",
]
