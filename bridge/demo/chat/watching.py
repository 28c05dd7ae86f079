"""Rows about seeing: the monitor, everybody's conversations, priorities, the history."""

from bridge.demo.chat.agent import ChatAgent
from bridge.demo.chat.stage import ChatStage
from bridge.demo.surfaces.patience import check


async def row_02(stage: ChatStage) -> str:
    """The admin follows Carla's conversation from the monitor room and steps in."""
    ana, carla = stage.ana, stage.carla
    case = await stage.held("Nora Row", carla)
    monitor = await ana.monitored(case.number)
    await ana.presses(monitor, "watch")
    await case.customer.says("Is anybody watching over this?")
    await ana.reads(monitor, "Is anybody watching over this?")

    await ana.presses(monitor, "take")
    await ana.card(case.number, "With Ana")
    card = await carla.card(case.number)
    whisper = await carla.is_told(lambda: carla.says(card, "One more thing from me"))
    lines = str(case.customer.lines("agent"))
    check("One more thing" not in lines, "the customer reads nothing from Carla any more", lines)
    bots = await stage.with_bot("Nuno Row")
    await ana.presses(await ana.monitored(bots.number), "take")
    await ana.card(bots.number, "With Ana")
    return (
        f"Ana's monitor room showed the customer's line as it came; she took #{case.number}, and "
        f"Carla read: “{whisper}”; she also took #{bots.number} from the bot"
    )


async def row_09(stage: ChatStage) -> str:
    """The admin lists everybody's conversations; an agent his own and those that wait."""
    theirs = {
        "Bruno": await stage.held("Olga Row", stage.bruno),
        "Carla": await stage.held("Otto Row", stage.carla),
        "the bot": await stage.with_bot("Odete Row"),
    }
    wanted = [case.number for case in theirs.values()]
    every = await _listed(stage.ana)
    check(all(f"#{one}" in every.split() for one in wanted), f"Ana's list has {wanted}", every)
    hers = await _listed(stage.carla)
    bots = theirs["the bot"].number
    check(f"#{bots}" not in hers.split(), f"Carla's list is without #{bots}", hers)
    names = ", ".join(f"#{case.number} of {whose}" for whose, case in theirs.items())
    return f"Ana's list had {names}; Carla's had no #{bots}"


async def _listed(agent: ChatAgent, **filters: str) -> str:
    return await agent.uses("conversations", **filters)


async def row_16(stage: ChatStage) -> str:
    """Urgent, chosen in the form, goes first in the other agents' list, and can be filtered for."""
    first = await stage.waiting("Paula Row")
    second = await stage.waiting("Pavel Row")
    await stage.bruno.fills(await stage.bruno.card(second.number), "priority", level="urgent")
    await stage.carla.card(second.number, "Priority: urgent")
    words = (await _listed(stage.carla, state="waiting")).split()
    check(
        words.index(f"#{second.number}") < words.index(f"#{first.number}"),
        f"Carla's list has #{second.number} before #{first.number}",
        words,
    )
    urgent = (await _listed(stage.carla, priority="urgent")).split()
    check(f"#{second.number}" in urgent, "the filter finds the urgent one", urgent)
    check(f"#{first.number}" not in urgent, "the filter leaves the others out", urgent)
    return f"Carla's list has #{second.number} before #{first.number}; filtered by urgent it alone"


async def row_17(stage: ChatStage) -> str:
    """The history in words, as the admin reads it: from the first word to the end."""
    case = await stage.held("Rosa Row", stage.bruno)
    card = await stage.bruno.card(case.number)
    await stage.bruno.runs(card, "transfer", "@carla she knows lamps")
    await stage.carla.card(case.number, "With Carla")
    await stage.carla.runs(card, "return-to-bot", "solved")
    await stage.ana.card(case.number, stage.ana.brown)
    wanted = ("Rosa Row became a contact", "Bruno took it", "from Bruno to Carla", "to the bot")
    shown = await stage.ana.uses("events", conversation=f"#{case.number}")
    check(all(words in shown for words in wanted), f"the history has {wanted}", shown)
    return f"Ana read: {shown[:300]}"
