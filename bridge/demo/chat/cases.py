"""Rows about what surrounds a conversation: templates, tickets, transfers."""

import secrets

from bridge.demo.chat.stage import ChatStage
from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.demo.surfaces.patience import check


async def row_12(stage: ChatStage) -> str:
    """The form shows the template with its variables; the customer reads it filled."""
    case = await stage.held("Saul Row", stage.bruno)
    card = await stage.bruno.card(case.number)
    values = {"name": "Saul", "order": "4821"}
    preview = await stage.bruno.prepares(card, "order-ready", values)
    check("Hello Saul" in preview.text, "he sees it before it goes out", preview)
    await stage.bruno.sends(preview)
    seen = await case.customer.hears("Hello Saul, your order 4821 is ready", by="agent")
    return (
        f"the form asked for name and order, and showed: “{preview}”; the customer's chat: "
        f"“{seen.text}”"
    )


async def row_13(stage: ChatStage) -> str:
    """A customer who never wrote gets a template, and his answer lands in its thread."""
    bruno = stage.bruno
    customer = CustomerBrowser(stage.house.http, stage.house.chat, "Tilda Row", "en")
    await customer.come()
    async with customer.looking():
        values = {"name": "Tilda", "order": str(secrets.randbelow(9000) + 1000)}
        await bruno.sends(await bruno.writes_first(f"+{customer.address}", "order-ready", values))
        seen = await customer.hears("Hello Tilda, your order", by="agent")
        await customer.says("Wonderful, I will come at noon")
        root = await bruno.found_thread("come at noon")
    check("Bruno" in root, "the thread is Bruno's", root)
    return f"a visitor who never wrote read “{seen.text}”; his answer landed in “{root[:60]}”"


async def row_14(stage: ChatStage) -> str:
    """Bruno opens a ticket; it is on the card, and on the customer's next conversation's."""
    case = await stage.held("Ursula Row", stage.bruno)
    card = await stage.bruno.card(case.number)
    await stage.bruno.fills(card, "ticket", type="problem", description="The lamp flickers")
    shown = (await stage.ana.card(case.number, "The lamp flickers")).text
    await stage.bruno.runs(card, "return-to-bot")
    await stage.ana.card(case.number, stage.ana.brown)
    await case.customer.says("I want to talk to a person, please")
    following = await stage.number("Ursula Row", "waiting")
    check(following != case.number, "the customer's next conversation", following)
    again = (await stage.ana.card(following, "The lamp flickers")).text
    await stage.ana.uses("ticket", conversation=f"#{following}", action="close")
    await stage.ana.card(following, without="The lamp flickers")
    return (
        f"the card of #{case.number}: “…{_about(shown)}”; of his next conversation #{following}: "
        f"“…{_about(again)}”; closed, it left the card"
    )


def _about(words: str) -> str:
    at = words.find("The lamp")
    return words[max(0, at - 25) : at + 17]


async def row_15(stage: ChatStage) -> str:
    """Bruno gives it to Carla with a note, Carla to sales; the card says whose it is."""
    case = await stage.held("Zita Row", stage.bruno)
    card = await stage.bruno.card(case.number)
    await stage.bruno.fills(card, "transfer", target="Carla", note="she knows lamps")
    hers = await stage.carla.card(case.number, "With Carla")
    note = await stage.carla.reads(hers, "she knows lamps")
    await stage.carla.runs(hers, "transfer", "sales wants a quote")
    his = await stage.bruno.card(case.number, "Sales", "Bruno")
    return (
        f"Carla's card: “{hers.text[:70]}”, with “{note}”; from sales it went on: “{his.text[:70]}”"
    )
