"""Rows about the conversation itself: coming in control, replying, giving it back."""

import asyncio

from bridge.demo.chat.agent import ChatAgent
from bridge.demo.chat.stage import ChatStage
from bridge.demo.surfaces.patience import check, until
from bridge.demo.tour.lobby import Case

_SILENCE = 0.6
"""Seconds in which a bot that is not silent would have spoken."""


async def row_04(stage: ChatStage) -> str:
    """Both see his card with Take; Carla presses first, and Bruno is told who was faster."""
    bruno, carla = stage.bruno, stage.carla
    case = await stage.waiting("Ida Row", "Please let me talk to a person about my lamp")
    card = await carla.card(case.number, "Waiting", "about my lamp")
    his = await bruno.card(case.number)
    check(bruno.offers(his, "take"), "Bruno's card has Take", his)
    # At once, for a card that was taken is soon drawn without the button.
    _, late = await asyncio.gather(
        carla.presses(card, "take"), bruno.is_told(lambda: bruno.presses(his, "take"))
    )
    check("Carla" in late, "Bruno is told that Carla was faster", late)
    taken = await bruno.card(case.number, "With Carla")
    return f"both saw the card with Take; Carla took it ({taken.text[:40]}…); Bruno read: “{late}”"


async def row_05(stage: ChatStage) -> str:
    """The bot hands over; an agent is in control at once, called by name, and the bot is silent."""
    case = await stage.asks_for_sales("Jonas Row")
    agent = await _holder(stage, case)
    card = await agent.card(case.number, f"With {agent.name}")
    call = await agent.called(card)
    spoken = len(case.customer.lines("bot"))
    await case.customer.says("menu")
    await agent.reads(card, "menu")
    await asyncio.sleep(_SILENCE)
    bot = case.customer.lines("bot")
    check(len(bot) == spoken, "the bot is silent while a person is in control", bot[-1])
    return (
        f"{agent.name} was in control of #{case.number} and called by one line: "
        f"“{call}”; “menu”, which the bot knows, got no answer from it"
    )


async def _holder(stage: ChatStage, case: Case) -> ChatAgent:
    async def look() -> ChatAgent | None:
        for agent in (stage.bruno, stage.carla):
            words = " ".join(card.text for card in agent.cards(case.number))
            if f"With {agent.name}" in words:
                return agent
        return None

    found = await until(f"the card of #{case.number} names Bruno or Carla", look)
    assert found is not None, "until gives what holds"
    return found


async def row_06(stage: ChatStage) -> str:
    """The card is green while it is active, and brown when it has ended."""
    case = await stage.held("Klara Row", stage.bruno)
    green = await stage.carla.card(case.number, stage.carla.green)
    await stage.bruno.runs(green, "return-to-bot")
    brown = await stage.carla.card(case.number, stage.carla.brown)
    return f"Carla's room: “{green.text[:60]}”, then “{brown.text[:60]}”"


async def row_07(stage: ChatStage) -> str:
    """What Bruno writes in the thread is what the customer reads; his note is not."""
    case = await stage.held("Lena Row", stage.bruno)
    card = await stage.bruno.card(case.number)
    await stage.bruno.says(card, "// she has called twice already")
    await stage.bruno.says(card, "The table is 180 cm long.")
    seen = await case.customer.hears("The table is 180 cm long.", by="agent")
    lines = case.customer.lines("agent")
    check(lines == [seen.text], "the customer reads the reply alone", lines)
    return f"the customer's chat: “{seen.text}”, from {seen.name}; the note stayed inside"


async def row_08(stage: ChatStage) -> str:
    """Carla gives it back with the card's form; the bot answers the customer again."""
    case = await stage.held("Milo Row", stage.carla)
    card = await stage.carla.card(case.number)
    await stage.carla.says(card, "It is on its way to you")
    await case.customer.hears("on its way", by="agent")
    await stage.carla.fills(card, "return-to-bot", summary="all is said")
    brown = await stage.carla.card(case.number, stage.carla.brown)
    mark = await stage.carla.marked(await stage.carla.says(brown, "One more thing"))
    await case.customer.says("What are your opening hours?")
    answer = await case.customer.hears("Monday to Friday", by="bot")
    check("One more" not in str(case.customer.lines("agent")), "nothing crosses after the end", "")
    return (
        f"the card of #{case.number} turned brown; a late line got {mark} and did not cross; "
        f"the customer's next message got: “{answer.text}”"
    )
