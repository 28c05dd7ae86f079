"""Who plays in the demo: its queues, its agents and its prepared texts, set up as anybody would."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable

from bridge.demo.house import WORKSPACE, House
from bridge.demo.surfaces.agent import AgentBrowser
from bridge.domain.ids import Language, WorkspaceId, WorkspaceUserId
from bridge.domain.value import Value
from bridge.locales import say


class Person(Value):
    """An agent of the demo."""

    handle: str
    name: str
    queues: tuple[str, ...]
    admin: bool = False


PEOPLE = (
    Person(handle="ana", name="Ana", queues=("support",), admin=True),
    Person(handle="bruno", name="Bruno", queues=("sales", "support")),
    Person(handle="carla", name="Carla", queues=("sales", "support")),
)

_SILENT_FOR = 3 * 24 * 60 * 60
"""Longer than WhatsApp's 24 hours: whoever lets them pass still has the customer."""

QUEUES: Mapping[str, Mapping[str, object]] = {
    # the next customer comes to you
    "sales": {"strategy": "least_loaded", "inactivity_timeout": _SILENT_FOR},
    # you take the next customer
    "support": {"strategy": "manual", "inactivity_timeout": _SILENT_FOR},
}

TEMPLATES = (
    ("order-ready", "en", "Hello {{name}}, your order {{order}} is ready to be picked up."),
    ("order-ready", "pt_BR", "Olá, {{name}}! Seu pedido {{order}} está pronto para retirada."),
    ("welcome-back", "en", "Hello {{name}}! Something new has arrived that you may like."),
    ("welcome-back", "pt_BR", "Olá, {{name}}! Chegou uma novidade que pode agradar você."),
)


@runtime_checkable
class HasDemoPeople(Protocol):
    """A workspace whose people need no password in the demo."""

    async def demo_user(self, handle: str, name: str) -> WorkspaceUserId:
        """A person of the demo."""
        ...


async def set_up(house: House, *, language: str, capacity: int = 5) -> None:
    """Queues, agents and templates, by the operations of the command line."""
    ask = house.operator.asks
    for name, rules in QUEUES.items():
        await ask("POST", "/v1/queues", name=name, title=say(language, f"demo.queue.{name}"))
        await ask("PATCH", f"/v1/queues/{name}", **rules)
    workspace = house.app.parts.adapters.workspaces[WorkspaceId(WORKSPACE)]
    assert isinstance(workspace, HasDemoPeople), "the demo's workspace is the local one"
    for person in PEOPLE:
        user = await workspace.demo_user(person.handle, person.name)
        await ask(
            "POST",
            "/v1/agents",
            handle=person.handle,
            name=person.name,
            role="admin" if person.admin else "agent",
            capacity=capacity,
            language=language,
            workspace=WORKSPACE,
            user=user,
        )
        for queue in person.queues:
            await ask("PUT", f"/v1/queues/{queue}/members/{person.handle}", level=0)
    for name, spoken, body in TEMPLATES:
        await ask("POST", "/v1/templates", name=name, language=spoken, body=body)


async def sign_in(house: House, person: Person) -> AgentBrowser:
    """This person at the local workspace, ready for customers."""
    browser = AgentBrowser(house.url, person.name)
    await browser.enter_demo(person.handle)
    await browser.runs("available", "on")
    return browser


async def speak(house: House, language: str) -> None:
    """Call queues and address agents in this language from now on; and customers of no language."""
    desk = house.app.parts.engine.desk
    # What `language` in the settings would do after a restart; nobody restarts a demo.
    desk.options = replace(desk.options, language=Language(language))
    for name in QUEUES:
        title = say(language, f"demo.queue.{name}")
        await house.operator.asks("PATCH", f"/v1/queues/{name}", title=title)
    for person in PEOPLE:
        await house.operator.asks("PATCH", f"/v1/agents/{person.handle}", language=language)
