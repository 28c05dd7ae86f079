"""Rows about who is there: being known, being available, queues and the agents in them."""

import re
from collections.abc import Callable

from bridge.demo.chat.agent import ChatAgent
from bridge.demo.chat.stage import ChatStage
from bridge.demo.surfaces.patience import check, until


async def row_01(stage: ChatStage) -> str:
    """Nobody signs in: an identity that the desk knows is let in, any other is not."""
    davi = await stage.crew.newcomer("Davi")
    refused = await davi.uses("available", state="on")
    await stage.crew.link("davi", "support")
    let_in = await davi.uses("available", state="on")
    check(refused != let_in, "Davi is let in once he is linked", let_in)
    board = await _board(stage.ana, "support", lambda words: "Davi" in words)
    check("Davi" in board, "the admin's board lists Davi", board)
    return f"before he was linked: “{refused}”; then: “{let_in}”, and the admin's board lists him"


async def row_03(stage: ChatStage) -> str:
    """Unavailable: nothing new comes to Bruno, he keeps what he has, and the admin sees it."""
    bruno, carla = stage.bruno, stage.carla
    try:
        kept = await stage.held("Vera Row", bruno)
        await bruno.uses("available", state="off", reason="lunch")
        board = await _board(stage.ana, "support", lambda words: "lunch" in words.lower())
        first = await stage.asks_for_sales("Walter Row")
        await carla.card(first.number, "With Carla")
        await bruno.card(kept.number, "With Bruno")
        await bruno.uses("available", state="on")
        await carla.uses("available", state="off", reason="pause")
        second = await stage.asks_for_sales("Wanda Row")
        await bruno.card(second.number, "With Bruno")
    finally:
        for agent in (bruno, carla):
            await agent.uses("available", state="on")
    return (
        f"the admin's board: “{_about(board, 'Bruno')}”; #{first.number} went to Carla, Bruno kept "
        f"#{kept.number}; available again, he got #{second.number}"
    )


async def row_10(stage: ChatStage) -> str:
    """All queues or one; a picker finds it by its first letters."""
    every = await _board(stage.ana, "", lambda words: "Sales" in words and "Support" in words)
    one = await _board(stage.carla, "support", lambda words: "Support" in words)
    check("Sales" not in one, "/queues support is about support alone", one)
    case = await stage.held("Quim Row", stage.carla)
    card = await stage.carla.card(case.number)
    found = await stage.carla.finds(card, "transfer", "target", "sal")
    check("Sales" in found, "“sal” finds Sales in the picker", found)
    return f"the admin's board: “{every[:80]}…”; Carla's: “{one[:60]}…”; “sal” found Sales"


async def row_11(stage: ChatStage) -> str:
    """Disconnected until she does something in the workspace, then connected."""
    holding = await stage.held("Xavier Row", stage.bruno)
    lia = await stage.crew.newcomer("Lia")
    await stage.crew.link("lia", "support")
    before = await _board(stage.ana, "support", lambda words: "Lia" in words)
    await lia.uses("available", state="status")
    after = await _board(
        stage.ana, "support", lambda words: _place(words, "Lia") != _place(before, "Lia")
    )
    check(f"#{holding.number}" in after, f"Bruno's block shows #{holding.number}", after)
    return (
        f"the admin's board had Lia as {_place(before, 'Lia')}, after her first command as "
        f"{_place(after, 'Lia')}; Bruno's line shows #{holding.number}"
    )


async def _board(agent: ChatAgent, queue: str, holds: Callable[[str], object]) -> str:
    """The board that `/queues` shows, asked for until it holds."""

    async def look() -> str:
        return await agent.uses("queues", **({"queue": queue} if queue else {}))

    return await until(f"{agent.name}'s /queues {queue}", look, holds)


def _about(words: str, name: str) -> str:
    at = words.find(name)
    return words[at : at + 60]


def _place(words: str, name: str) -> str:
    """Whether the board has somebody as connected: the sign before his name, the word after it."""
    found = re.search(rf"(?:(?<!\S)([^\w\s]+) )?{name} · (\w+)", words)
    return " ".join(filter(None, found.groups())) if found else "nothing"
