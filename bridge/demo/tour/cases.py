"""Rows about what surrounds a conversation: tickets and transfers."""

from bridge.demo.surfaces.patience import check, until
from bridge.demo.tour.stage import Stage


async def row_14(stage: Stage) -> str:
    """Bruno opens a ticket; the admin sees it on this conversation and on the next one."""
    case = await stage.held("Ursula Row", stage.bruno)
    text = "new problem The lamp flickers"
    opened = await stage.bruno.runs("ticket", text, thread=case.thread)
    check(opened.ok, "the ticket is open", opened.text)
    shown = await _tickets(stage, case.number, "The lamp flickers")
    await stage.bruno.runs("return-to-bot", thread=case.thread, confirmed=True)
    await case.customer.says("It is me again")
    following = await stage.number("Ursula Row", "bot")
    check(following != case.number, "the customer's next conversation", following)
    again = await _tickets(stage, following, "The lamp flickers")
    await stage.ana.runs("ticket", f"#{following} close")
    await _tickets(stage, following, "")
    return (
        f"Ana's view of #{case.number}: “{shown}”; of his next conversation #{following}: "
        f"“{again}”; closed, it left the card"
    )


async def _tickets(stage: Stage, number: int, words: str) -> str:
    """The open tickets on the admin's view of a conversation, once they are these."""

    async def look() -> str:
        page = await stage.ana.page(f"/desk/conversations/{number}")
        return page.part("ul", css="tickets").words

    return await until(
        f"the card of #{number} lists “{words}”",
        look,
        lambda shown: words in shown if words else not shown,
    )


async def row_15(stage: Stage) -> str:
    """Bruno gives it to Carla with a note, Carla to sales; the card says whose it is."""
    case = await stage.held("Zita Row", stage.bruno)
    given = await stage.bruno.runs("transfer", "@carla she knows lamps", thread=case.thread)
    check(given.ok, "it is transferred", given.text)
    hers = await stage.in_hands(stage.carla, case.number)
    first = await _card(stage, hers.thread, ("Support", "Carla"))
    note = await until(
        "Carla reads the note in her thread",
        lambda: stage.carla.page(f"/desk/threads/{hers.thread}"),
        lambda page: "she knows lamps" in page.part(id="lines").words,
    )
    check(note, "the note", note)
    moved = await stage.carla.runs("transfer", "sales wants a quote", thread=hers.thread)
    check(moved.ok, "it is transferred to sales", moved.text)
    his = await stage.in_hands(stage.bruno, case.number)
    second = await _card(stage, his.thread, ("Sales", "Bruno"))
    return f"Carla's card: “{first}”, with the note; from sales it went on to Bruno: “{second}”"


async def _card(stage: Stage, thread: str, words: tuple[str, str]) -> str:
    async def look() -> str:
        return (await stage.ana.page(f"/desk/threads/{thread}")).part("p", css="facts").words

    return await until(
        f"the card shows {' and '.join(words)}",
        look,
        lambda shown: all(word in shown for word in words),
    )
