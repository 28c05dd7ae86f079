"""Rows about who is there: being known, being available, queues and the agents in them."""

import re
from collections.abc import Callable

from bridge.demo.slack.agent import SlackAgent, said
from bridge.demo.slack.house import add_agent
from bridge.demo.slack.stage import SlackStage
from bridge.demo.surfaces.patience import check, until


async def row_01(stage: SlackStage) -> str:
    """Nobody signs in: a Slack identity that the desk knows is let in, any other is not."""
    davi = await _joined(stage, "Davi")
    refused = said(await davi.is_told(lambda: davi.types("/available on")))
    await add_agent(stage.house, stage.team, "davi", ("support",))
    let_in = said(await davi.is_told(lambda: davi.types("/available on")))
    check(refused != let_in, "Davi is let in once he is linked", let_in)
    board = await _board(stage.ana, "support", lambda words: "Davi" in words)
    check("Davi" in board, "the admin's board lists Davi", board)
    return f"before he was linked: “{refused}”; then: “{let_in}”, and the admin's board lists him"


async def row_03(stage: SlackStage) -> str:
    """Unavailable: nothing new comes to Bruno, he keeps what he has, and the admin sees it."""
    bruno, carla = stage.bruno, stage.carla
    try:
        kept = await stage.held("Vera Row", bruno)
        await bruno.is_told(lambda: bruno.types("/available off lunch"))
        board = await _board(stage.ana, "support", lambda words: "lunch" in words.lower())
        first = await stage.asks_for_sales("Walter Row")
        await carla.card(first.number, "With Carla")
        await bruno.card(kept.number, "With Bruno")
        await bruno.is_told(lambda: bruno.types("/available on"))
        await carla.is_told(lambda: carla.types("/available off pause"))
        second = await stage.asks_for_sales("Wanda Row")
        await bruno.card(second.number, "With Bruno")
    finally:
        for agent in (bruno, carla):
            await agent.types("/available on")
    return (
        f"the admin's board: “{_about(board, 'Bruno')}”; #{first.number} went to Carla, Bruno kept "
        f"#{kept.number}; available again, he got #{second.number}"
    )


async def row_10(stage: SlackStage) -> str:
    """All queues or one; a picker finds it by its first letters."""
    every = await _board(stage.ana, "", lambda words: "Sales" in words and "Support" in words)
    one = await _board(stage.carla, "support", lambda words: "Support" in words)
    check("Sales" not in one, "/queues support is about support alone", one)
    case = await stage.held("Quim Row", stage.carla)
    form = await stage.carla.form(await stage.carla.card(case.number), "transfer")
    found = str(await stage.carla.finds(form, "target", "sal"))
    check("Sales" in found, "“sal” finds Sales in the picker", found)
    return f"the admin's board: “{every[:80]}…”; Carla's: “{one[:60]}…”; “sal” found Sales"


async def row_11(stage: SlackStage) -> str:
    """Disconnected until she does something in Slack, then connected."""
    holding = await stage.held("Xavier Row", stage.bruno)
    lia = await _joined(stage, "Lia")
    await add_agent(stage.house, stage.team, "lia", ("support",))
    before = await _board(stage.ana, "support", lambda words: "Lia" in words)
    await lia.is_told(lambda: lia.types("/available status"))
    after = await _board(
        stage.ana, "support", lambda words: _place(words, "Lia") != _place(before, "Lia")
    )
    check(f"#{holding.number}" in after, f"Bruno's block shows #{holding.number}", after)
    return (
        f"the admin's board had Lia as {_place(before, 'Lia')}, after her first command as "
        f"{_place(after, 'Lia')}; Bruno's line shows #{holding.number}"
    )


async def _joined(stage: SlackStage, name: str) -> SlackAgent:
    agent = stage.newcomer(name)
    await stage.ana.person.invites("support", agent.person)
    return agent


async def _board(agent: SlackAgent, queue: str, holds: Callable[[str], object]) -> str:
    """The board that `/queues` shows, asked for until it holds."""

    async def look() -> str:
        return said(await agent.is_told(lambda: agent.types(f"/queues {queue}".rstrip())))

    return await until(f"{agent.name}'s /queues {queue}", look, holds)


def _about(words: str, name: str) -> str:
    at = words.find(name)
    return words[at : at + 60]


def _place(words: str, name: str) -> str:
    """Whether the board has somebody as connected."""
    found = re.search(rf"{name} · (\w+)", words)
    return found.group(1) if found else "nothing"
