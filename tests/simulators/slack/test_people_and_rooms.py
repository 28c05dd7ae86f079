"""Who is who, and channels found, joined and changed."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, CannotDo, SlackSimulator
from tests.simulators.slack.desk import Desk


async def test_auth_test_says_who_we_are_and_what_we_may(
    slack: SlackSimulator, app: App, client: AsyncWebClient
) -> None:
    me = await client.auth_test()

    assert (me["user_id"], me["bot_id"]) == (app.bot_user, app.bot_id)
    assert me["team_id"] == slack.world.team.id
    assert set(me.headers["x-oauth-scopes"].split(",")) == app.scopes


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
async def test_a_wrong_token_is_refused(slack: SlackSimulator, token: str, error: str) -> None:
    stranger = AsyncWebClient(token, base_url=slack.api_url)

    with pytest.raises(SlackApiError) as refused:
        await stranger.auth_test()

    assert refused.value.response["error"] == error


async def test_each_kind_of_token_opens_its_own_methods(
    slack: SlackSimulator, app: App, client: AsyncWebClient
) -> None:
    other = AsyncWebClient(app.app_token, base_url=slack.api_url)
    errors = []

    for who, method in ((other, "auth.test"), (client, "apps.connections.open")):
        with pytest.raises(SlackApiError) as refused:
            await who.api_call(method)
        errors.append(refused.value.response["error"])

    assert errors == ["not_allowed_token_type"] * 2


async def test_what_is_not_simulated_is_unknown(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.usergroups_list()

    assert refused.value.response["error"] == "unknown_method"


async def test_every_kind_of_person_can_be_told_apart(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    people = {
        "guest": slack.hire("Gus", is_restricted=True),
        "single": slack.hire("Sue", is_ultra_restricted=True),
        "stranger": slack.meet("Stan"),
        "gone": slack.hire("Gil", deleted=True),
        "owner": slack.hire("Oda", is_owner=True, locale="pt-BR"),
    }

    shown = {
        name: (await client.users_info(user=one.id, include_locale=True))["user"]
        for name, one in people.items()
    }

    assert shown["guest"]["is_restricted"]
    assert shown["single"]["is_ultra_restricted"]
    assert shown["stranger"]["is_stranger"]
    assert shown["stranger"]["team_id"] != slack.world.team.id
    assert shown["gone"]["deleted"]
    assert shown["owner"]["is_owner"]
    assert shown["owner"]["locale"] == "pt-BR"


async def test_a_strangers_line_says_where_he_is_from(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    stan = slack.meet("Stan")
    slack.share(desk.support)
    await stan.joins(desk.support)
    await stan.says(desk.support, "hello from outside")

    page = await client.conversations_history(channel=desk.support.id, limit=1)

    assert page["messages"][0]["user_team"] == stan.user.team_id
    assert page["messages"][0]["source_team"] != slack.world.team.id


async def test_a_person_is_found_by_email_only_with_the_scope(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    found = await client.users_lookupByEmail(email="ana@acme.example")
    slack.take_scope(app, "users:read.email")

    info = await client.users_info(user=desk.ana.id)
    with pytest.raises(SlackApiError) as refused:
        await client.users_lookupByEmail(email="ana@acme.example")

    assert found["user"]["id"] == desk.ana.id
    assert "email" not in info["user"]["profile"]
    assert refused.value.response["error"] == "missing_scope"


async def test_lists_come_in_pages(slack: SlackSimulator, client: AsyncWebClient) -> None:
    people = {slack.hire(f"Agent {n}").id for n in range(25)}
    rooms = {slack.channel(f"room-{n}").id for n in range(25)}
    members, channels = set(), set()

    async for page in await client.users_list(limit=10):
        members |= {one["id"] for one in page["members"]}
    async for page in await client.conversations_list(limit=10):
        channels |= {one["id"] for one in page["channels"]}

    assert people <= members
    assert rooms == channels


async def test_a_shared_and_a_private_channel_say_so(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    slack.share(desk.support)
    closed = slack.channel("closed", desk.ana, app, kind="private")

    shared = (await client.conversations_info(channel=desk.support.id))["channel"]
    private = (await client.conversations_info(channel=closed.id))["channel"]

    assert (shared["is_ext_shared"], shared["is_private"]) == (True, False)
    assert (private["is_ext_shared"], private["is_private"]) == (False, True)


async def test_an_archived_channel_takes_nothing(client: AsyncWebClient, desk: Desk) -> None:
    await desk.ana.archives(desk.support)
    errors = []

    for call in (
        client.chat_postMessage(channel=desk.support.id, text="x"),
        client.reactions_add(channel=desk.support.id, timestamp="1", name="eyes"),
        client.conversations_join(channel=desk.support.id),
    ):
        with pytest.raises(SlackApiError) as refused:
            await call
        errors.append(refused.value.response["error"])

    assert errors == ["is_archived"] * 3


async def test_an_app_makes_a_channel_and_invites(
    client: AsyncWebClient, app: App, desk: Desk
) -> None:
    made = await client.conversations_create(name="vip", is_private=True)

    await client.conversations_invite(channel=made["channel"]["id"], users=desk.ana.id)

    members = await client.conversations_members(channel=made["channel"]["id"])
    assert members["members"] == [app.bot_user, desk.ana.id]


async def test_direct_messages_are_opened_once(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    first = await client.conversations_open(users=desk.ana.id)
    again = await client.conversations_open(users=desk.ana.id)

    await client.chat_postMessage(channel=desk.ana.id, text="hello")

    assert first["channel"]["id"] == again["channel"]["id"]
    assert [one.text for one in slack.messages(first["channel"]["id"])] == ["hello"]


async def test_a_reaction_is_put_once_and_taken_once(client: AsyncWebClient, desk: Desk) -> None:
    line = await desk.ana.says(desk.support, "x")
    place = {"channel": desk.support.id, "timestamp": line.ts, "name": "eyes"}
    await client.reactions_add(**place)
    got = await client.reactions_get(channel=desk.support.id, timestamp=line.ts)
    errors = []

    with pytest.raises(SlackApiError) as refused:
        await client.reactions_add(**place)
    errors.append(refused.value.response["error"])
    await client.reactions_remove(**place)
    with pytest.raises(SlackApiError) as refused:
        await client.reactions_remove(**place)
    errors.append(refused.value.response["error"])

    assert got["message"]["reactions"][0]["name"] == "eyes"
    assert errors == ["already_reacted", "no_reaction"]


async def test_who_is_not_in_a_channel_cannot_be_thrown_out(
    slack: SlackSimulator, desk: Desk
) -> None:
    with pytest.raises(CannotDo):
        await desk.ana.removes(desk.support, slack.hire("Nobody"))
