"""The first admin's way in: a link at each start, until an admin can sign in."""

import re

from aiohttp import ClientSession, CookieJar

from bridge.app.first_admin import Invited
from bridge.domain.agent import Role
from tests.integration.web.conftest import Office, Open

PASSWORD = "seven swans swim south"


async def join(office: Office, link: str) -> int:
    """Open the link and choose a password."""
    form = {"email": "ana@example.com", "name": "Ana Souza", "password": PASSWORD}
    headers = {"Origin": office.app.url}
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), headers=headers) as http:
        async with http.get(link) as page:
            token = re.search(r'name="csrf" value="([^"]+)"', await page.text())
        if token is None:
            return page.status
        form["csrf"] = token[1]
        async with http.post(link, data=form, allow_redirects=False) as done:
            return done.status


async def test_who_opens_the_link_is_an_admin_by_the_name_given_there(open_office: Open) -> None:
    office = await open_office()

    link = await office.app.first_way_in()

    assert isinstance(link, str)
    assert await join(office, link) == 303
    (admin,) = office.app.parts.engine.desk.agents
    assert (admin.role, admin.handle, admin.name) == (Role.ADMIN, "admin", "Ana Souza")


async def test_each_start_has_a_new_link_until_an_admin_can_sign_in(open_office: Open) -> None:
    office = await open_office()
    first = await office.app.first_way_in()
    second = await office.app.first_way_in()
    assert isinstance(first, str)
    assert isinstance(second, str)

    statuses = [await join(office, first), await join(office, second)]

    assert statuses == [404, 303]
    assert await office.app.first_way_in() is None
    assert len(list(office.app.parts.engine.desk.agents)) == 1


async def test_the_link_is_for_the_admin_there_is(office: Office) -> None:
    link = await office.app.first_way_in()

    assert isinstance(link, str)
    assert await join(office, link) == 303
    handles = [agent.handle for agent in office.app.parts.engine.desk.agents]
    assert handles == ["ana"]
    assert await office.app.first_way_in() is None


async def test_an_invitation_by_name_is_not_ended_by_the_next_start(office: Office) -> None:
    asked = {"workspace": "local", "email": "ana@example.com"}
    made = await office.operator("POST", "/v1/agents/ana/invitation", asked)

    found = await office.app.first_way_in()

    assert isinstance(found, Invited)
    assert found.handle == "ana"
    assert found.until > office.app.parts.engine.clock.now()
    assert await join(office, made.body["url"]) == 303
