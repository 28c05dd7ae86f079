"""Slack on 127.0.0.1, for the real slack-sdk and slack-bolt, unpatched.

async with SlackSimulator.running(ledger=path, limits=Limits.strict()) as slack:
    app = slack.install("Deskbridge")            # or install(parsed_app_manifest)
    ana, bo = slack.hire("ana", is_admin=True), slack.hire("bo")
    support = slack.channel("support", ana, bo, app)
    client = AsyncWebClient(app.bot_token, base_url=slack.api_url, retry_handlers=[])
    # Socket Mode: AsyncSocketModeHandler(bolt, app.app_token); sign with app.signing_secret
    slack.point(app, "http://127.0.0.1:8080/slack/events")      # or HTTP instead of a socket

    line = await ana.says(support, "hello @bo", thread=root)    # edits, reacts, uploads, …
    card = await slack.message_in("support", lambda one: one.bot_id == app.bot_id)
    outcome = await ana.clicks(card, "take", value="42")        # option="x" in a menu
    modal = await slack.until(lambda: ana.modals)               # conditions, never sleeps
    found = await ana.searches(modal[-1], "target", "bo")       # external select
    outcome = await ana.submits(modal[-1], {"target": found[0], "note": "please"})
    await ana.types(support, "/transfer bo"); await ana.uses_shortcut("menu", message=line)
    await ana.opens_home(app); ana.home(app); ana.whispers(support); ana.pings(support)
    card.entities; bo.pings()                                   # active parts, who was pinged

    slack.fault(Fault(method="chat.postMessage", kind="drop", nth=3, accepted=True))
    slack.fault(EventFault(type="message", kind="duplicate"))
    await slack.sockets(app).refresh()                          # warn, drop, silence, disable
    slack.revoke(app); slack.take_scope(app, "chat:write"); slack.restore(app)
    slack.meter.refusals; slack.ledger.entries; read_ledger(path)

The same over HTTP under `/sim` (see `web.control`), for people on the page `/workspace/`, and as
a process of its own with `python -m bridge.simulators.slack`. What of Slack's behaviour may be
turned is in `settings`; a method that is not simulated answers `unknown_method`.
"""

from bridge.simulators.common.changes import GaveUpWaiting
from bridge.simulators.common.ledger import read_ledger
from bridge.simulators.slack.acts.house import CannotDo, Outcome
from bridge.simulators.slack.faults import EventFault, Fault
from bridge.simulators.slack.limits import Limits, Window
from bridge.simulators.slack.person import Person
from bridge.simulators.slack.settings import Quirks, Timing
from bridge.simulators.slack.simulator import SlackSimulator
from bridge.simulators.slack.state.apps import App, Manifest, Shortcut
from bridge.simulators.slack.state.records import Channel, Entity, Ephemeral, Message, View

__all__ = [
    "App",
    "CannotDo",
    "Channel",
    "Entity",
    "Ephemeral",
    "EventFault",
    "Fault",
    "GaveUpWaiting",
    "Limits",
    "Manifest",
    "Message",
    "Outcome",
    "Person",
    "Quirks",
    "Shortcut",
    "SlackSimulator",
    "Timing",
    "View",
    "Window",
    "read_ledger",
]
