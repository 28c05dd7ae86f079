"""Rows about who is there: signing in, being available, queues and the agents in them."""

from bridge.demo.surfaces.agent import AgentBrowser
from bridge.demo.surfaces.html import Element
from bridge.demo.surfaces.patience import check, until
from bridge.demo.tour.stage import Stage

_PASSWORD = "seven grey geese"


async def _invited(stage: Stage, handle: str, name: str) -> tuple[AgentBrowser, str, str]:
    """A new agent of support with his link in an empty browser: the browser, path and e-mail."""
    ask, email = stage.operator.asks, f"{handle}@casa-aurora.example"
    await ask("POST", "/v1/agents", handle=handle, name=name, email=email)
    await ask("PUT", f"/v1/queues/support/members/{handle}", level=0)
    invitation = await ask("POST", f"/v1/agents/{handle}/invitation", email=email)
    browser = await stage.browser(name)
    return browser, invitation["url"].removeprefix(stage.house.url), email


async def row_01(stage: Stage) -> str:
    """A new agent chooses his password by his link, and comes in with it from then on."""
    davi, link, email = await _invited(stage, "davi", "Davi")
    await davi.submit(link, name="Davi", email=email, password=_PASSWORD)
    await davi.submit("/desk/sign-out")

    refused, page = await davi.submit("/desk/sign-in", email=email, password="seven grey gees")
    check(refused == 403, "a wrong password is refused (403)", f"{refused} {page.words}")
    status, page = await davi.submit("/desk/sign-in", email=email, password=_PASSWORD)
    session = await davi.who()
    check(session["agent"] == "davi", "Davi is signed in", f"{status} {page.words}")

    rows = (await stage.ana.page("/desk/people")).parts("li", css="row")
    row = next((each.words for each in rows if email in each.words), "")
    check("@davi" in row, "the admin's page lists @davi", row)
    return f"a wrong password was refused, the right one let @davi in; the admin's page: “{row}”"


async def row_03(stage: Stage) -> str:
    """Unavailable: nothing new comes to Bruno, he keeps what he has, and the admin sees it."""
    try:
        return await _distribution(stage, stage.bruno, stage.carla)
    finally:
        for agent in (stage.bruno, stage.carla):
            await agent.runs("available", "on")


async def _distribution(stage: Stage, bruno: AgentBrowser, carla: AgentBrowser) -> str:
    kept = await stage.held("Vera Row", bruno)
    await bruno.runs("available", "off lunch")
    board = await until(
        "the admin's board shows Bruno as unavailable for lunch",
        lambda: _agent_on_board(stage.ana, "support", "Bruno"),
        lambda agent: "Lunch" in agent.part(css="unavailable").words,
    )
    first = await _asks_for_sales(stage, "Walter Row")
    await stage.in_hands(carla, first)
    await stage.in_hands(bruno, kept.number)

    await bruno.runs("available", "on")
    await carla.runs("available", "off pause")
    second = await _asks_for_sales(stage, "Wanda Row")
    await stage.in_hands(bruno, second)
    return (
        f"the admin's board: “{board.words}”; #{first} went to Carla, Bruno kept #{kept.number}; "
        f"available again, he got #{second}"
    )


async def _asks_for_sales(stage: Stage, name: str) -> int:
    case = await stage.with_bot(name)
    await case.customer.presses("Buy something")
    await case.customer.presses("Talk to sales")
    return case.number


async def row_10(stage: Stage) -> str:
    """All queues or one, found by the beginning of its name; an agent sees his own."""
    titles = [each.words for each in await _queues(stage.ana)]
    check(titles == ["Sales", "Support"], "the admin's board shows Sales and Support", titles)
    found = await stage.carla.data("/desk/complete", command="queues", word="0", prefix="su")
    check(
        [each["value"] for each in found] == ["support"],
        "Carla types “su” and is offered support",
        found,
    )
    one = [each.words for each in await _queues(stage.carla, queue="support")]
    check(one == ["Support"], "Carla's board shows Support alone", one)
    said = await stage.carla.runs("queues", "support")
    check("Support" in said.text and "Sales" not in said.text, "/queues support", said.text)
    return f"the admin's board: {', '.join(titles)}; Carla typed “su” and got {one[0]} alone"


async def _queues(agent: AgentBrowser, **query: str) -> list[Element]:
    page = await agent.page("/desk/queues", **query)
    return [queue.part("h2") for queue in page.parts("section", css="queue")]


async def row_11(stage: Stage) -> str:
    """Disconnected and grey until he opens the workspace, then connected and green."""
    holding = await stage.held("Xavier Row", stage.bruno)
    lia, link, email = await _invited(stage, "lia", "Lia")
    before = await _blocks(stage.ana, "support")
    check("Lia" in before["disconnected"], "Lia is in the grey block", before)
    await lia.submit(link, name="Lia", email=email, password=_PASSWORD)
    async with lia.live():
        after = await until(
            "Lia is in the green block of the admin's board",
            lambda: _blocks(stage.ana, "support"),
            lambda blocks: "Lia" in blocks["connected"],
        )
    linked = f"#{holding.number}"
    bruno = await _agent_on_board(stage.ana, "support", "Bruno")
    check(linked in bruno.words, f"Bruno's block shows {linked}", bruno.words)
    return (
        f"the admin's board: Lia grey, then green beside {', '.join(after['connected'])}; "
        f"Bruno's block shows {linked}"
    )


async def _blocks(agent: AgentBrowser, queue: str) -> dict[str, list[str]]:
    section = await _section(agent, queue)
    return {
        block: [each.part("b").words for each in section.part(css=block).parts(css="agent-top")]
        for block in ("connected", "disconnected")
    }


async def _agent_on_board(agent: AgentBrowser, queue: str, name: str) -> Element:
    section = await _section(agent, queue)
    agents = (each for each in section.parts("li", css="agent"))
    return next((each for each in agents if each.part("b").words == name), Element("", {}))


async def _section(agent: AgentBrowser, queue: str) -> Element:
    page = await agent.page("/desk/queues", queue=queue)
    return page.part("section", css="queue")
