"""Rows about what surrounds a conversation: templates, tickets, transfers."""

import secrets

from bridge.demo.slack.agent import said
from bridge.demo.slack.stage import SlackStage
from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.demo.surfaces.patience import check, until


async def row_12(stage: SlackStage) -> str:
    """The form shows the template with its variables; the customer reads it filled."""
    case = await stage.held("Saul Row", stage.bruno)
    form = await stage.bruno.form(await stage.bruno.card(case.number), "template", "order-ready")
    chosen = await stage.bruno.person.clicks(form, "fill:menu", option="order-ready")
    check(chosen.answered, "the form follows the template", chosen.reason)
    asking = await stage.bruno.modal("value.name", "value.order")
    preview = await stage.bruno.submits(asking, {"value.name": "Saul", "value.order": "4821"})
    check("Hello Saul" in said(preview), "he sees it before it goes out", said(preview))
    await stage.bruno.presses(preview, "template")
    seen = await case.customer.hears("Hello Saul, your order 4821 is ready", by="agent")
    return (
        f"the form asked for name and order, and showed: “{said(preview)}”; the customer's chat: "
        f"“{seen.text}”"
    )


async def row_13(stage: SlackStage) -> str:
    """A customer who never wrote gets a template, and his answer lands in its thread."""
    bruno = stage.bruno
    customer = CustomerBrowser(stage.house.http, stage.house.chat, "Tilda Row", "en")
    await customer.come()
    async with customer.looking():
        text = f"+{customer.address} order-ready Tilda {secrets.randbelow(9000) + 1000}"
        asked = await bruno.is_told(lambda: bruno.types(f"/template {text}"))
        await bruno.presses(asked, "template")
        seen = await customer.hears("Hello Tilda, your order", by="agent")
        await customer.says("Wonderful, I will come at noon")

        async def look() -> str:
            for channel in bruno.slack.world.channels.values():
                for one in bruno.slack.messages(channel):
                    if "come at noon" in said(one) and bruno.person.id in channel.members:
                        return said(bruno.slack.thread(one)[0])
            return ""

        root = await until("his answer stands in Bruno's thread", look)
    check("Bruno" in root, "the thread is Bruno's", root)
    return f"a visitor who never wrote read “{seen.text}”; his answer landed in “{root[:60]}”"


async def row_14(stage: SlackStage) -> str:
    """Bruno opens a ticket; it is on the card, and on the customer's next conversation's."""
    case = await stage.held("Ursula Row", stage.bruno)
    card = await stage.bruno.card(case.number)
    form = await stage.bruno.form(card, "ticket")
    await stage.bruno.submits(form, {"type": "problem", "description": "The lamp flickers"})
    shown = said(await stage.ana.card(case.number, "The lamp flickers"))
    await stage.bruno.says(card, "!return-to-bot")
    await stage.ana.card(case.number, ":large_brown_circle:")
    await case.customer.says("I want to talk to a person, please")
    following = await stage.number("Ursula Row", "waiting")
    check(following != case.number, "the customer's next conversation", following)
    again = said(await stage.ana.card(following, "The lamp flickers"))
    await stage.ana.types(f"/ticket #{following} close")
    await stage.ana.card(following, without="The lamp flickers")
    return (
        f"the card of #{case.number}: “…{_about(shown)}”; of his next conversation #{following}: "
        f"“…{_about(again)}”; closed, it left the card"
    )


def _about(words: str) -> str:
    at = words.find("The lamp")
    return words[max(0, at - 25) : at + 17]


async def row_15(stage: SlackStage) -> str:
    """Bruno gives it to Carla with a note, Carla to sales; the card says whose it is."""
    case = await stage.held("Zita Row", stage.bruno)
    form = await stage.bruno.form(await stage.bruno.card(case.number), "transfer")
    carla = await stage.bruno.finds(form, "target", "car")
    await stage.bruno.submits(form, {"target": carla, "note": "she knows lamps"})
    hers = await stage.carla.card(case.number, "With Carla")
    note = await stage.carla.reads(hers, "she knows lamps")
    await stage.carla.says(hers, "!transfer sales wants a quote")
    his = await stage.bruno.card(case.number, "Sales", "Bruno")
    return (
        f"Carla's card: “{said(hers)[:70]}”, with “{note}”; from sales it went on: "
        f"“{said(his)[:70]}”"
    )
