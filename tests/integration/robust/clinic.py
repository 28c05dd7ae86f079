"""A desk on a disk that may fall ill, and people who do not give up meanwhile."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bridge.adapters.workspaces.local.adapter import LocalWorkspace
from bridge.app import App, build
from bridge.demo.surfaces.agent import AgentBrowser
from bridge.demo.surfaces.operator import Operator
from bridge.domain.ids import WorkspaceId
from bridge.settings import FILE_NAME, load
from tests.crash.desk import AGENTS, SECRET
from tests.crash.people import Agent, Customer
from tests.crash.test_kills import Crowd, Desk, browser
from tests.integration.robust.illness import Patient

_SETTINGS = f"""
[desk]
data_dir = "data"
[channels.webchat]
kind = "webchat"
identity_secret = "{SECRET}"
[channels.webchat.limits]
visitor_per_second = 0
network_per_second = 0
total_per_second = 0
new_visitors_per_second = 0
[workspaces.local]
kind = "local"
"""


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """The desk, its disk, and who is there."""

    app: App
    patient: Patient
    crowd: Crowd
    customers: list[Customer]
    agents: list[Agent]
    looks: Desk

    @property
    def url(self) -> str:
        """Where the desk is."""
        return self.app.url


@asynccontextmanager
async def open_clinic(folder: Path) -> AsyncIterator[Clinic]:
    """Two agents answer three customers; everybody has been heard once."""
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    path.write_text(_SETTINGS, "utf-8")
    patient = Patient()
    app = await build(load(path, {}), port=0, demo=True, connect=patient.connect)
    async with AsyncExitStack() as open_:
        await open_.enter_async_context(app)
        shop, one, two = [await open_.enter_async_context(browser()) for _ in range(3)]
        await _set_up(app, shop)
        customers = [Customer(f"c{n}", shop, f"{app.url}/chat/webchat") for n in range(3)]
        agents = [
            Agent(handle, http, f"{app.url}/desk")
            for handle, http in zip(AGENTS, (one, two), strict=True)
        ]
        yield Clinic(
            app=app,
            patient=patient,
            crowd=Crowd(customers, agents),
            customers=customers,
            agents=agents,
            looks=Desk(folder),
        )


async def _set_up(app: App, http: aiohttp.ClientSession) -> None:
    operator = Operator(http, app.url, app.operator)
    workspace = app.parts.adapters.workspaces[WorkspaceId("local")]
    assert isinstance(workspace, LocalWorkspace)
    await operator.asks("POST", "/v1/queues", name="support", title="Support")
    for handle in AGENTS:
        user = await workspace.demo_user(handle, handle.title())
        await operator.asks(
            "POST",
            "/v1/agents",
            handle=handle,
            name=handle.title(),
            role="admin",
            capacity=50,
            workspace="local",
            user=user,
        )
        await operator.asks("PUT", f"/v1/queues/support/members/{handle}", level=0)
        browser = AgentBrowser(app.url, handle)
        await browser.enter_demo(handle)
        await browser.runs("available", "on")
        await browser.close()
