"""Rows about seeing: the monitor, everybody's conversations, priorities, the history."""

import asyncio

from bridge.demo.surfaces.agent import AgentBrowser
from bridge.demo.surfaces.patience import PATIENCE, NotSeen, check, until
from bridge.demo.tour.lobby import Case
from bridge.demo.tour.stage import Stage


async def row_02(stage: Stage) -> str:
    """The admin follows Carla's conversation live and steps in; also into one of the bot's."""
    ana, carla = stage.ana, stage.carla
    case = await stage.held("Nora Row", carla)
    watching = await ana.runs("watch", f"#{case.number}")
    check(watching.ok, f"Ana watches #{case.number}", watching.text)
    await _follows(ana, await _watched(ana, case), case)

    await ana.runs("take", f"#{case.number}")
    await stage.in_hands(ana, case.number)
    await carla.writes(case.thread, "One more thing from me")
    told = await until(
        "Carla is told that her line stayed inside",
        lambda: carla.page(f"/desk/threads/{case.thread}"),
        lambda page: page.part(css="mark-not_crossed").words,
    )
    check(
        "One more thing" not in str(case.customer.lines("agent")),
        "the customer reads nothing from Carla any more",
        case.customer.lines("agent"),
    )
    whisper = told.part(css="whisper").part(css="text").words
    bots = await stage.with_bot("Nuno Row")
    await ana.runs("take", f"#{bots.number}")
    await stage.in_hands(ana, bots.number)
    return (
        f"Ana's page showed the customer's line as it came; she took #{case.number}, and Carla "
        f"read: “{whisper}”; she also took #{bots.number} from the bot"
    )


async def _watched(ana: AgentBrowser, case: Case) -> str:
    """The thread in the monitor room that mirrors this conversation."""

    async def look() -> str:
        for row in await ana.room("monitor"):
            if f"#{case.number}" in row.words.split():
                href = row.part("a", css="row-main").attributes.get("href", "")
                return href.removeprefix("/desk/threads/")
        return ""

    return await until(f"the monitor room has #{case.number}", look)


async def _follows(ana: AgentBrowser, thread: str, case: Case) -> None:
    words = "Is anybody watching over this?"
    async with ana.live(thread) as told:
        await case.customer.says(words)
        try:
            async with asyncio.timeout(PATIENCE):
                async for event in told:
                    if event.name == "line" and words in event.data["html"]:
                        return
        except TimeoutError:
            pass
    raise NotSeen(f"Ana's open page shows “{words}” as it comes", "nothing new on it")


async def row_09(stage: Stage) -> str:
    """The admin's board lists everybody's conversations, with their full text behind."""
    theirs = {
        "Bruno": await stage.held("Olga Row", stage.bruno),
        "Carla": await stage.held("Otto Row", stage.carla),
        "the bot": await stage.with_bot("Odete Row"),
    }
    wanted = {case.number for case in theirs.values()}
    board = await stage.ana.data("/desk/conversations", text="Row")
    seen = {row["number"] for row in board["rows"]}
    check(wanted <= seen, f"Ana's board lists {sorted(wanted)}", sorted(seen))
    bots = theirs["the bot"].number
    lines = (await stage.ana.page(f"/desk/conversations/{bots}")).part(id="lines")
    check("Good morning" in lines.words, "Ana reads the bot's conversation in full", lines.words)
    mine = await stage.carla.data("/desk/conversations", text="Row")
    hidden = {row["number"] for row in mine["rows"]}
    check(bots not in hidden, f"Carla's list is without #{bots}", sorted(hidden))
    names = ", ".join(f"#{case.number} of {whose}" for whose, case in theirs.items())
    return f"Ana's board listed {names}; Carla's list had no #{bots}"


async def row_16(stage: Stage) -> str:
    """Urgent goes first on the other agents' boards, and can be filtered for."""
    first = await stage.waiting("Paula Row")
    second = await stage.waiting("Pavel Row")
    raised = await stage.bruno.runs("priority", f"#{second.number} urgent")
    check(raised.ok, "Bruno raises the priority", raised.text)
    order = await until(
        f"Carla's board has #{second.number} before #{first.number}",
        lambda: _waiting_order(stage.carla),
        lambda order: _before(second.number, first.number, order),
    )
    board = await stage.carla.data("/desk/conversations", priority="urgent")
    seen = [row["number"] for row in board["rows"]]
    check(second.number in seen, "the filter finds the urgent one", seen)
    check(first.number not in seen, "the filter leaves the others out", seen)
    top = ", ".join(f"#{number}" for number in order[:3])
    return f"Carla's board: {top}, …; filtered by urgent: {', '.join(f'#{n}' for n in seen)}"


async def _waiting_order(agent: AgentBrowser) -> list[int]:
    page = await agent.page("/desk/queues", queue="support")
    rows = page.part("section", css="queue").parts("li", css="waiting-row")
    return [int(row.part("small").words.split()[0].lstrip("#")) for row in rows]


def _before(one: int, other: int, order: list[int]) -> bool:
    return {one, other} <= set(order) and order.index(one) < order.index(other)


async def row_17(stage: Stage) -> str:
    """The history in words, as the admin reads it: from the first word to the end."""
    case = await stage.held("Rosa Row", stage.bruno)
    await stage.bruno.runs("transfer", "@carla she knows lamps", thread=case.thread)
    await stage.in_hands(stage.carla, case.number)
    await stage.carla.runs("return-to-bot", "solved", thread=case.thread, confirmed=True)
    wanted = ("Rosa Row became a contact", "Bruno took it", "from Bruno to Carla", "to the bot")
    page = await until(
        f"the history has: {'; '.join(wanted)}",
        lambda: stage.ana.page(f"/desk/conversations/{case.number}/events"),
        lambda page: all(words in page.words for words in wanted),
    )
    sentences = [row.words for row in page.parts("li", css="event")]
    return f"Ana read: {' → '.join(sentences)}"
