"""Rows about templates, over WhatsApp: when free text may not go, and to a new number."""

import secrets

from bridge.demo.surfaces.agent import AgentBrowser, Listed
from bridge.demo.surfaces.patience import NotSeen, check, until
from bridge.demo.surfaces.telephone import Telephone
from bridge.demo.tour.stage import Stage
from bridge.domain.ids import DAY

_ORDER = "order_ready"


async def row_12(stage: Stage) -> str:
    """The 24 hours pass: free text is refused before Graph is asked, and the template crosses."""
    saul, thread = await _with_bruno(stage, "Saul Row")
    await stage.bruno.writes(thread, "Hello Saul, I am looking")
    await saul.hears("Hello Saul, I am looking")
    await _a_day_later(stage)
    told = await _refused(stage, saul, thread)
    fields = await _filled(stage.bruno, thread)
    sent = await stage.bruno.runs("template", thread=thread, arguments=fields, confirmed=True)
    check(sent.ok, "it is sent", sent.text)
    await saul.hears("Hello Saul, your order 4821 is waiting")
    await saul.presses("Yes, please")
    await _open_again(stage.bruno, thread)
    await stage.bruno.writes(thread, "Wonderful, see you then")
    seen = await saul.hears("Wonderful, see you then")
    return (
        f"a day later Bruno was told: “{told}”; the template crossed, the customer pressed "
        f"“Yes, please”, and free text arrived again ({seen.status})"
    )


async def _with_bruno(stage: Stage, name: str) -> tuple[Telephone, str]:
    """Somebody on WhatsApp whom Bruno has taken, and the thread."""
    customer = stage.telephone(name)
    await customer.says("I want to talk to a person, please")
    number = await stage.number(name, "waiting")
    await stage.bruno.runs("take", f"#{number}")
    row = await stage.in_hands(stage.bruno, number)
    return customer, row.thread


async def _a_day_later(stage: Stage) -> None:
    """Whoever left customers of other rows without a reply so long is unavailable by now."""
    stage.house.clock.forward(DAY)
    await stage.house.app.parts.engine.tick()
    for agent in (stage.bruno, stage.carla):
        await agent.runs("available", "on")


async def _refused(stage: Stage, customer: Telephone, thread: str) -> str:
    """What the agent is told of free text; nobody else hears of it."""
    words = "Are you still there?"
    await stage.bruno.writes(thread, words)
    told = await until(
        "Bruno is told that the reply window is closed",
        lambda: _told(stage.bruno, thread),
        lambda told: "reply window" in told,
    )
    asked = [str(entry) for entry in stage.shop.graph.ledger.entries]
    check(not any(words in each for each in asked), "Graph is not asked", words)
    check(words not in customer.lines(), "the customer reads none of it", customer.lines())
    return told


async def _told(agent: AgentBrowser, thread: str) -> str:
    """What the agent alone reads in a thread, last."""
    page = await agent.page(f"/desk/threads/{thread}")
    whispers = [each.part(css="text").words for each in page.parts(css="whisper")]
    return whispers[-1] if whispers else ""


async def _filled(agent: AgentBrowser, thread: str) -> dict[str, str]:
    """The template's form, filled; its preview is what the customer will get."""
    form = await agent.page("/desk/forms/template", thread=thread)
    asked = [
        field.attributes["data-variable"]
        for field in form.parts("input")
        if "data-variable" in field.attributes
    ]
    check({"name", "order"} <= set(asked), "the form asks for name and order", asked)
    fields = {"template": _ORDER, "value.name": "Saul", "value.order": "4821"}
    preview = await agent.runs("template", thread=thread, arguments=fields)
    check("Hello Saul" in preview.text, "he sees it before it goes out", preview.text)
    return fields


async def _open_again(agent: AgentBrowser, thread: str) -> None:
    """The customer's answer is in the thread: from then on free text may go."""
    await until(
        "the answer is in Bruno's thread",
        lambda: agent.page(f"/desk/threads/{thread}"),
        lambda page: "Yes, please" in [each.words for each in page.parts(css="text")],
    )


async def row_13(stage: Stage) -> str:
    """A number that never wrote gets a template, and the answer lands in its thread."""
    tilda = stage.telephone("Tilda Row")
    text = f"{tilda.number} {_ORDER} Tilda {secrets.randbelow(9000) + 1000}"
    asked = await stage.bruno.runs("template", text)
    check(asked.code == "confirm_start", "he is asked before it goes out", asked.text)
    started = await stage.bruno.runs("template", text, confirmed=True)
    check(started.ok, "the conversation is open", started.text)
    await tilda.hears("Hello Tilda, your order")
    await tilda.says("Wonderful, I will come at noon")
    row = await _landed(stage.bruno, "come at noon")
    check(len(tilda.lines()) == 1, "the bot is silent", tilda.lines())
    return (
        f"{tilda.number}, who never wrote, read the template; the answer landed in Bruno's thread "
        f"of #{row.number}, and the bot was silent"
    )


async def _landed(agent: AgentBrowser, words: str) -> Listed:
    def fits(row: Listed) -> bool:
        return words in row.line and bool(row.thread)

    rows = await until(
        f"the answer is on {agent.name}'s list",
        agent.holding,
        lambda rows: any(map(fits, rows)),
    )
    found = next(filter(fits, rows), None)
    if found is None:
        raise NotSeen(f"“{words}” on the list", "nothing of it")
    return found
