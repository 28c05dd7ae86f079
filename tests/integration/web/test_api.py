"""The REST API of a whole desk: who reads what, what is changed, what is refused."""

import json
from io import BytesIO

import pytest

from tests.integration.web.conftest import Office

READ = ("conversations:read", "queues:read", "agents:read")


async def a_conversation(office: Office, channel: str = "webchat") -> None:
    visitor = office.visitor(channel)
    assert await visitor.write("hello, where is my order?") == 200


# --- reading --------------------------------------------------------------------------------


async def test_a_conversation_is_listed_with_its_channel_and_state(office: Office) -> None:
    await a_conversation(office)
    api = await office.token(*READ)

    (row,) = (await api("GET", "/v1/conversations")).body["conversations"]

    assert (row["number"], row["channel"], row["state"]) == (1, "Web chat", "bot")


async def test_its_lines_are_read_newest_last_and_by_pages(office: Office) -> None:
    visitor = office.visitor("other")
    for text in ("one", "two", "three"):
        await visitor.write(text)
    api = await office.token(*READ)

    newest = (await api("GET", "/v1/conversations/1/messages", params={"limit": 2})).body
    older = await api(
        "GET", "/v1/conversations/1/messages", params={"limit": 2, "before": newest["next"]}
    )

    texts = [line["text"] for line in newest["messages"] if line["author"] == "customer"]
    before = [line["text"] for line in older.body["messages"] if line["author"] == "customer"]
    assert before + texts == ["one", "two", "three"]


async def test_its_history_says_what_happened_in_words(office: Office) -> None:
    await a_conversation(office)
    api = await office.token(*READ)

    events = (await api("GET", "/v1/conversations/1/events")).body["events"]

    assert events[0]["kind"] in ("contact_created", "conversation_created")
    assert all(event["sentence"] for event in events)


async def test_the_desks_history_is_read_by_pages(office: Office) -> None:
    api = await office.token(*READ)

    first = (await api("GET", "/v1/events", params={"limit": 1})).body
    rest = (await api("GET", "/v1/events", params={"after": first["next"]})).body

    kinds = [event["kind"] for event in first["events"] + rest["events"]]
    assert kinds[:3] == ["queue_created", "agent_created", "membership_changed"]


async def test_queues_say_who_waits_and_who_is_there(office: Office) -> None:
    api = await office.token(*READ)

    (queue,) = (await api("GET", "/v1/queues")).body["queues"]

    assert (queue["name"], queue["waiting"], queue["disconnected"]) == ("support", [], ["ana"])


async def test_agents_are_read_by_pages(office: Office) -> None:
    for handle in ("bia", "caio"):
        await office.operator("POST", "/v1/agents", {"handle": handle, "name": handle})
    api = await office.token(*READ)

    first = (await api("GET", "/v1/agents", params={"limit": 2})).body
    second = (await api("GET", "/v1/agents", params={"limit": 2, "after": first["next"]})).body

    handles = [agent["handle"] for agent in first["agents"] + second["agents"]]
    assert (handles, second["next"]) == (["ana", "bia", "caio"], None)


async def test_a_filter_narrows_the_list(office: Office) -> None:
    await a_conversation(office)
    await a_conversation(office, "other")
    api = await office.token(*READ)

    found = (await api("GET", "/v1/conversations", params={"channel": "other"})).body

    assert [row["number"] for row in found["conversations"]] == [2]


# --- who may --------------------------------------------------------------------------------

PATHS = [
    "/v1/conversations",
    "/v1/conversations/1",
    "/v1/conversations/1/messages",
    "/v1/conversations/1/events",
    "/v1/events",
    "/v1/queues",
    "/v1/queues/support",
    "/v1/agents",
    "/v1/tokens",
    "/v1/checks",
]


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_reads_without_a_token(office: Office, path: str) -> None:
    answer = await office.nobody()("GET", path)

    assert (answer.status, answer.code) == (401, "untrusted")


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("conversations:read", set(PATHS[:5])),
        ("queues:read", set(PATHS[5:7])),
        ("agents:read", {PATHS[7]}),
        ("metrics:read", set()),
    ],
)
async def test_a_token_reads_what_its_scope_says_and_nothing_else(
    office: Office, scope: str, allowed: set[str]
) -> None:
    await a_conversation(office)
    api = await office.token(scope)

    read = {path for path in PATHS if (await api("GET", path)).status == 200}

    assert read == allowed


async def test_a_channels_token_reaches_that_channels_conversations_only(office: Office) -> None:
    await a_conversation(office)
    await a_conversation(office, "other")
    api = await office.token("conversations:read", channel="other")

    listed = (await api("GET", "/v1/conversations")).body["conversations"]
    statuses = {
        path: (await api("GET", path)).status
        for path in (
            "/v1/conversations/1",
            "/v1/conversations/1/messages",
            "/v1/conversations/2/messages",
            "/v1/conversations/99",
            "/v1/events",
        )
    }

    assert [row["number"] for row in listed] == [2]
    assert list(statuses.values()) == [404, 404, 200, 404, 403]


async def test_no_token_changes_anything(office: Office) -> None:
    api = await office.token(*READ, "metrics:read")
    tries = [
        ("POST", "/v1/queues", {"name": "x", "title": "X"}),
        ("PATCH", "/v1/queues/support", {"title": "X"}),
        ("DELETE", "/v1/queues/support/members/ana", None),
        ("POST", "/v1/agents", {"handle": "x", "name": "X"}),
        ("POST", "/v1/agents/ana/invitation", {"email": "a@b.example"}),
        ("POST", "/v1/tokens", {"name": "x", "scopes": ["agents:read"]}),
        ("DELETE", "/v1/tokens/00000000", None),
    ]

    statuses = [(await api(method, path, body)).status for method, path, body in tries]

    assert set(statuses) == {403}


async def test_a_revoked_token_is_refused_at_once(office: Office) -> None:
    api = await office.token("queues:read")
    (made,) = (await office.operator("GET", "/v1/tokens")).body["tokens"]

    await office.operator("DELETE", f"/v1/tokens/{made['id']}")

    assert (await api("GET", "/v1/queues")).status == 401


# --- changing -------------------------------------------------------------------------------


async def test_a_change_says_what_was_done_in_the_callers_language(office: Office) -> None:
    answer = await office.operator(
        "POST",
        "/v1/queues",
        {"name": "vendas", "title": "Vendas"},
        headers={"Accept-Language": "pt-BR"},
    )

    assert (answer.status, answer.body["code"]) == (200, "queue_created")
    assert answer.body["message"].startswith("A fila Vendas")


async def test_a_refusal_says_why(office: Office) -> None:
    answer = await office.operator("POST", "/v1/queues", {"name": "support", "title": "Again"})

    assert (answer.status, answer.code) == (409, "name_taken")
    assert answer.body["error"]["message"] != "name_taken"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/v1/queues/nope", {"title": "X"}),
        ("PUT", "/v1/queues/nope/members/ana", {"level": 0}),
        ("PUT", "/v1/queues/support/members/nobody", {"level": 0}),
        ("PATCH", "/v1/agents/nobody", {"capacity": 1}),
        ("POST", "/v1/rooms", {"workspace": "nope", "room": "r", "title": "R"}),
    ],
)
async def test_what_is_not_there_is_a_404(
    office: Office, method: str, path: str, body: dict[str, object]
) -> None:
    answer = await office.operator(method, path, body)

    assert answer.status == 404
    assert answer.body["error"]["message"]


async def test_the_same_idempotency_key_acts_once(office: Office) -> None:
    body = {"name": "sales", "title": "Sales"}
    headers = {"Idempotency-Key": "once-1"}

    first = await office.operator("POST", "/v1/queues", body, headers=headers)
    again = await office.operator("POST", "/v1/queues", body, headers=headers)

    assert (first.status, again.status, again.body["code"]) == (200, 200, "duplicate")


async def test_an_idempotency_key_is_for_one_request(office: Office) -> None:
    headers = {"Idempotency-Key": "once-2"}
    body = {"name": "sales", "title": "Sales"}
    await office.operator("POST", "/v1/queues", body, headers=headers)

    other = {"name": "returns", "title": "Returns"}
    refused = await office.operator("POST", "/v1/queues", other, headers=headers)
    elsewhere = await office.operator("PATCH", "/v1/queues/sales", {"title": "x"}, headers=headers)
    again = await office.operator("POST", "/v1/queues", body, headers=headers)

    assert (refused.status, refused.code) == (422, "idempotency_key_reused")
    assert elsewhere.code == "idempotency_key_reused"
    assert again.body["code"] == "duplicate"
    names = {each["name"] for each in (await office.operator("GET", "/v1/queues")).body["queues"]}
    assert "sales" in names
    assert "returns" not in names


async def test_capacity_and_rules_are_changed(office: Office) -> None:
    await office.operator("PATCH", "/v1/agents/ana", {"capacity": 9})
    await office.operator("PATCH", "/v1/queues/support", {"strategy": "manual"})
    api = await office.token(*READ)

    (agent,) = (await api("GET", "/v1/agents")).body["agents"]
    queue = (await api("GET", "/v1/queues/support")).body

    assert (agent["capacity"], queue["strategy"]) == (9, "manual")


async def test_an_invitation_is_a_link_that_lets_the_agent_in(office: Office) -> None:
    answer = await office.operator(
        "POST", "/v1/agents/ana/invitation", {"email": "ana@acme.example"}
    )

    assert answer.body["url"].startswith(f"{office.app.url}/desk/join/")
    async with office.http.get(answer.body["url"]) as page:
        assert page.status == 200


# --- bad input ------------------------------------------------------------------------------

DEEP = "[" * 100_000 + "]" * 100_000
BAD = {
    "not JSON": b"{",
    "not UTF-8": b'{"name":"\xff","title":"x"}',
    "half a surrogate pair": b'{"name":"x","title":"\\ud800"}',
    "NUL": b'{"name":"x","title":"a\\u0000b"}',
    "a control character": b'{"name":"x","title":"a\\u001bb"}',
    "two lines": b'{"name":"x","title":"a\\nb"}',
    "100,000 deep": DEEP.encode(),
    "deep inside": b'{"name":"x","title":' + DEEP.encode() + b"}",
    "a wrong type": b'{"name":1,"title":"x"}',
    "an unknown field": b'{"name":"x","title":"x","id":1}',
    "a missing field": b'{"name":"x"}',
    "a list": b"[]",
    "a huge number": b'{"name":' + b"9" * 5_000 + b',"title":"x"}',
    "nothing": b"",
    "a long name": json.dumps({"name": "x" * 41, "title": "x"}).encode(),
    "an odd name": b'{"name":"../x","title":"x"}',
    "5 MB": json.dumps({"name": "x", "title": "x" * 5_000_000}).encode(),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_a_bad_body_is_refused_and_nothing_is_stored(office: Office, bad: bytes) -> None:
    headers = office.operator.headers | {"Content-Type": "application/json"}

    async with office.http.post("/v1/queues", data=BytesIO(bad), headers=headers) as answer:
        body = await answer.json()

    assert 400 <= answer.status < 500
    assert body.keys() == {"error"}
    assert [queue.name for queue in office.app.parts.engine.desk.queues] == ["support"]


@pytest.mark.parametrize(
    "body",
    [{"active": 1}, {"active": "yes"}, {"first_reply_timeout": True}, {"max_waiting": "5"}],
    ids=str,
)
async def test_a_value_of_another_type_is_not_taken_for_the_right_one(
    office: Office, body: dict[str, object]
) -> None:
    answer = await office.operator("PATCH", "/v1/queues/support", body)

    assert (answer.status, answer.code) == (422, "invalid")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "before=-1",
        "before=99999999999999999999",
        "state=asleep",
        "priority=5",
        "since=yesterday",
        "since=2026-01-01T00:00:00",
        "colour=red",
        "queue=a&queue=b",
        "text=%00",
    ],
)
async def test_a_bad_query_is_refused(office: Office, query: str) -> None:
    api = await office.token(*READ)

    answer = await api("GET", f"/v1/conversations?{query}")

    assert (answer.status, answer.code) == (422, "invalid")


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "1e3", "%E0%A4%A1", "1%00"])
async def test_a_bad_number_is_a_404(office: Office, number: str) -> None:
    api = await office.token(*READ)

    assert (await api("GET", f"/v1/conversations/{number}")).status == 404


async def test_a_form_is_not_json(office: Office) -> None:
    async with office.http.post(
        "/v1/queues", data={"name": "x"}, headers=office.operator.headers
    ) as answer:
        assert answer.status == 415


async def test_every_rule_of_a_queue_is_set_and_read_alike(office: Office) -> None:
    await office.operator("POST", "/v1/queues", {"name": "night", "title": "Night"})
    rules: dict[str, object] = {
        "first_reply_timeout": 90,
        "notify_after": 30,
        "inactivity_timeout": 7200,
        "max_waiting": 50,
        "sticky_window": 3600,
        "sticky_wait": 60,
        "starvation": 0,
        "max_transfers": 3,
        "order": "target",
        "targets": {"urgent": 0, "high": 60, "normal": 300, "low": 900},
        "specialist_first": False,
        "require_connected": True,
        "escalate_after": 120,
        "offer_timeout": 45,
        "max_wait": 300,
        "overflow": ["night"],
        "overflow_end": "bot",
        "hours": "mon-fri 08:00-18:00, America/Sao_Paulo, BR-SP",
        "closed_policy": "overflow",
        "wait_target": 600,
        "reply_target": 3600,
        "alerts": [{"percent": 80, "to": "queue"}],
        "tell_waiting": 30,
    }
    api = await office.token(*READ)

    answer = await office.operator("PATCH", "/v1/queues/support", rules)

    assert answer.status == 200, answer.body
    assert (await api("GET", "/v1/queues/support")).body["rules"] == rules


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"hours": "mon-fri 8-18"}, 422, "invalid"),
        ({"hours": "mon-fri 8-18, America/Sao_Paulo, XX"}, 422, "invalid"),
        ({"overflow": ["nope"]}, 404, "unknown_queue"),
        ({"overflow": ["support"]}, 409, "overflow_itself"),
        ({"alerts": [{"percent": 0, "to": "queue"}]}, 422, "invalid"),
        ({"targets": {"soon": 5}}, 422, "invalid"),
    ],
    ids=str,
)
async def test_a_rule_that_cannot_be_is_refused(
    office: Office, body: dict[str, object], status: int, code: str
) -> None:
    answer = await office.operator("PATCH", "/v1/queues/support", body)

    assert (answer.status, answer.code) == (status, code)
