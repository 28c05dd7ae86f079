"""Rows about the conversation itself: coming in control, replying, giving it back."""

import asyncio

from bridge.demo.surfaces.agent import AgentBrowser
from bridge.demo.surfaces.html import Element
from bridge.demo.surfaces.patience import NotSeen, check, until
from bridge.demo.tour.lobby import Case
from bridge.demo.tour.stage import Stage

_SILENCE = 0.6
"""Seconds in which a bot that is not silent would have spoken."""


async def row_04(stage: Stage) -> str:
    """He waits on both agents' lists; Carla takes him, and Bruno is told who was faster."""
    bruno, carla = stage.bruno, stage.carla
    case = await stage.waiting("Ida Row", "Please let me talk to a person about my lamp")
    lines = [await _listed_as_waiting(agent, case) for agent in (bruno, carla)]
    taken = await carla.runs("take", f"#{case.number}")
    check(taken.ok, "Carla takes it", taken.text)
    late = await bruno.runs("take", f"#{case.number}")
    check(not late.ok and "Carla" in late.text, "Bruno is told that Carla was faster", late.text)
    await stage.in_hands(carla, case.number)
    rest = await bruno.waiting()
    check(all(row.number != case.number for row in rest), "Bruno's list is without it", rest)
    return f"both saw “{lines[0]}” with Take; Carla took it, and Bruno was told: “{late.text}”"


async def _listed_as_waiting(agent: AgentBrowser, case: Case) -> str:
    rows = await until(
        f"{agent.name}'s home lists #{case.number} as waiting, with Take",
        agent.waiting,
        lambda rows: any(row.number == case.number and row.takes for row in rows),
    )
    return next(row.line for row in rows if row.number == case.number)


async def row_05(stage: Stage) -> str:
    """The bot hands over; an agent is in control at once and the bot is silent."""
    case = await stage.with_bot("Jonas Row")
    await case.customer.presses("Buy something")
    await case.customer.presses("Talk to sales")
    agent, thread = await _holder(stage, case)
    spoken = len(case.customer.lines("bot"))
    await case.customer.says("menu")
    page = await until(
        f"{agent.name}'s thread shows what the customer says now",
        lambda: agent.page(f"/desk/threads/{thread}"),
        lambda page: "menu" in [each.words for each in page.parts(css="text")],
    )
    await asyncio.sleep(_SILENCE)
    bot = case.customer.lines("bot")
    check(len(bot) == spoken, "the bot is silent while a person is in control", bot[-1])
    state = page.part(css="state").words
    return (
        f"{agent.name} was in control of #{case.number} without a move ({state}); "
        "“menu”, which the bot knows, got no answer from it"
    )


async def _holder(stage: Stage, case: Case) -> tuple[AgentBrowser, str]:
    async def look() -> tuple[AgentBrowser, str] | None:
        for agent in (stage.bruno, stage.carla):
            for row in await agent.holding():
                if row.number == case.number and row.thread:
                    return agent, row.thread
        return None

    found = await until(f"#{case.number} is on the list of Bruno or Carla", look)
    if found is None:
        raise NotSeen(f"somebody holds #{case.number}", "nobody")
    return found


async def row_06(stage: Stage) -> str:
    """The mark in the room is green while it is active, and brown when it has ended."""
    case = await stage.held("Klara Row", stage.bruno)
    green = await _mark(stage.carla, case, "dot-active")
    await stage.bruno.runs("return-to-bot", thread=case.thread, confirmed=True)
    brown = await _mark(stage.carla, case, "dot-ended")
    words = [mark.attributes.get("title", "") for mark in (green, brown)]
    return f"in Carla's room #{case.number} was green ({words[0]}), then brown ({words[1]})"


async def _mark(agent: AgentBrowser, case: Case, colour: str) -> Element:
    async def look() -> Element:
        for row in await agent.room("support"):
            if f"#{case.number}" in row.words.split():
                return row.part(css="dot")
        return Element("", {})

    return await until(
        f"{agent.name}'s room shows #{case.number} with {colour}",
        look,
        lambda mark: colour in mark.classes,
    )


async def row_07(stage: Stage) -> str:
    """What Bruno writes in the thread is what the customer reads; his note is not."""
    case = await stage.held("Lena Row", stage.bruno)
    await stage.bruno.writes(case.thread, "// she has called twice already")
    await stage.bruno.writes(case.thread, "The table is **180 cm** long.")
    seen = await case.customer.hears("The table is 180 cm long.", by="agent")
    said = case.customer.lines("agent")
    check(said == [seen.text], "the customer reads the reply alone", said)
    return f"the customer's chat: “{seen.text}”, from {seen.name}; the note stayed inside"


async def row_08(stage: Stage) -> str:
    """Carla gives it back: it leaves her list, and the bot answers the customer again."""
    case = await stage.held("Milo Row", stage.carla)
    await case.customer.says("Thank you, that was all")
    asked = await stage.carla.runs("return-to-bot", thread=case.thread)
    check(asked.code == "confirm_return", "she is asked once: he wrote last", asked.text)
    await stage.carla.runs("return-to-bot", "all is said", thread=case.thread, confirmed=True)
    await until(
        f"#{case.number} is gone from Carla's list",
        stage.carla.holding,
        lambda rows: all(row.number != case.number for row in rows),
    )
    await case.customer.says("What are your opening hours?")
    answer = await case.customer.hears("Monday to Friday", by="bot")
    return f"#{case.number} left Carla's list; the customer's next message got: “{answer.text}”"
