"""What every request passes, whatever it is about."""

import gzip
import io
import json
from collections.abc import Iterator

import pytest
from aiohttp import ClientPayloadError, web

from bridge.domain.errors import (
    NotAuthorized,
    NotFound,
    Overloaded,
    StorageUnavailable,
    UntrustedRequest,
)
from bridge.ports.http import CLIENT_ADDRESS
from bridge.web.health import Phase
from tests.captured import captured_log
from tests.unit.web.conftest import Handler, Serve

PAGE = {"Accept": "text/html"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    with captured_log() as stream:
        yield stream


async def hello(request: web.Request) -> web.Response:
    return web.json_response({"client": request[CLIENT_ADDRESS]})


async def page(_request: web.Request) -> web.Response:
    return web.Response(text="<p>hi", content_type="text/html")


async def swallow(request: web.Request) -> web.Response:
    return web.json_response({"size": len(await request.read())})


def raising(error: BaseException) -> Handler:
    async def handler(_request: web.Request) -> web.Response:
        raise error

    return handler


async def test_every_answer_has_an_id_and_is_not_sniffed(serve: Serve) -> None:
    small = await serve(hello)

    one = await small.client.get("/a")
    two = await small.client.get("/a")

    assert len(one.headers["X-Request-Id"]) == 16
    assert one.headers["X-Request-Id"] != two.headers["X-Request-Id"]
    assert one.headers["X-Content-Type-Options"] == "nosniff"
    assert one.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_a_page_may_load_from_us_and_be_framed_by_us_alone(serve: Serve) -> None:
    small = await serve(page)

    policy = (await small.client.get("/a")).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(("https", "header"), [(True, "max-age=31536000"), (False, None)])
async def test_only_an_encrypted_desk_asks_browsers_to_insist(
    serve: Serve, https: bool, header: str | None
) -> None:
    small = await serve(hello, https=https)

    answer = await small.client.get("/a")

    assert answer.headers.get("Strict-Transport-Security") == header


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFound("no such thing"), 404, "not_found"),
        (NotAuthorized("forbidden"), 403, "not_authorized"),
        (UntrustedRequest("who are you"), 401, "untrusted"),
        (StorageUnavailable("disk full at sector 7"), 503, "storage_unavailable"),
        (Overloaded("too much", retry_after=3), 503, "overloaded"),
        (web.HTTPConflict(), 409, "conflict"),
        (ValueError("secret detail"), 500, "internal"),
    ],
)
async def test_an_error_is_one_shape(
    serve: Serve, error: Exception, status: int, code: str, log: io.StringIO
) -> None:
    small = await serve(raising(error))

    answer = await small.client.get("/a")
    body = await answer.json()

    assert answer.status == status
    assert body.keys() == {"error"}
    assert body["error"]["code"] == code
    assert isinstance(body["error"]["message"], str)
    assert not {"sector 7", "secret detail"} & {body["error"]["message"]}


async def test_who_must_come_back_later_is_told_when(serve: Serve) -> None:
    small = await serve(raising(Overloaded("too much", retry_after=3)))

    assert (await small.client.get("/a")).headers["Retry-After"] == "3"


async def test_an_unforeseen_error_is_in_the_log_with_its_request(
    serve: Serve, log: io.StringIO
) -> None:
    small = await serve(raising(ValueError("boom")))

    answer = await small.client.get("/a")

    entries = [json.loads(line) for line in log.getvalue().splitlines()]
    (failure,) = [entry for entry in entries if entry["event"] == "request_failed"]
    assert failure["request_id"] == answer.headers["X-Request-Id"]
    assert "boom" in failure["exception"]


async def test_an_unknown_address_is_a_json_404_for_programs(serve: Serve) -> None:
    small = await serve()

    answer = await small.client.get("/nowhere")

    assert answer.status == 404
    assert (await answer.json())["error"]["code"] == "not_found"


async def test_a_wrong_method_says_which_are_right(serve: Serve) -> None:
    small = await serve()

    answer = await small.client.post("/healthz")

    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]
    assert (await answer.json())["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("language", "sentence"), [("pt-BR,pt", "Não há nada aqui."), ("fr", "There is nothing here.")]
)
async def test_somebody_with_a_browser_gets_a_page_in_his_language(
    serve: Serve, language: str, sentence: str
) -> None:
    small = await serve()

    answer = await small.client.get("/nowhere", headers=PAGE | {"Accept-Language": language})

    assert (answer.status, answer.content_type) == (404, "text/html")
    assert sentence in await answer.text()


async def test_a_body_over_the_limit_is_refused(serve: Serve) -> None:
    small = await serve(swallow)

    answer = await small.client.post("/a", data=io.BytesIO(b"x" * (5 * 1024 * 1024)))

    assert answer.status == 413
    assert (await answer.json())["error"]["code"] == "request_entity_too_large"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_compressed_body_is_refused_before_it_is_unpacked(
    serve: Serve, encoding: str
) -> None:
    small = await serve(swallow)
    bomb = gzip.compress(b"0" * 10_000_000)

    answer = await small.client.post("/a", data=bomb, headers={"Content-Encoding": encoding})

    assert answer.status == 415


async def test_the_log_has_the_route_but_no_address_query_or_word(
    serve: Serve, log: io.StringIO
) -> None:
    small = await serve(raising(NotFound("no")))

    await small.client.get("/a/private-word?token=abcdef")

    entries = [json.loads(line) for line in log.getvalue().splitlines()]
    (entry,) = [entry for entry in entries if entry["event"] == "request"]
    assert (entry["route"], entry["status"], entry["method"]) == ("/a/{word}", 404, "GET")
    assert not [w for w in ("private-word", "abcdef", "127.0.0.1") if w in log.getvalue()]


@pytest.mark.parametrize(("log_all", "lines"), [(False, 0), (True, 1)])
async def test_what_went_well_is_logged_on_demand_only(
    serve: Serve, log: io.StringIO, log_all: bool, lines: int
) -> None:
    small = await serve(hello, log_all=log_all)

    await small.client.get("/a")

    assert len(log.getvalue().splitlines()) == lines


async def test_before_it_is_ready_it_serves_its_health_alone(serve: Serve) -> None:
    small = await serve(hello)
    small.health.phase = Phase.STARTING

    assert (await small.client.get("/a")).status == 503
    assert (await small.client.get("/healthz")).status == 200
    assert (await small.client.get("/readyz")).status == 503


async def test_while_it_stops_it_still_shows_but_takes_nothing_new(serve: Serve) -> None:
    small = await serve(hello)
    small.health.phase = Phase.DRAINING

    assert (await small.client.get("/a")).status == 200
    refused = await small.client.post("/a")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "1")


async def test_metrics_count_by_route_and_not_by_what_was_in_it(serve: Serve) -> None:
    small = await serve(hello)

    await small.client.get("/a/one")
    await small.client.get("/a/two")
    answer = small.metrics.page()

    assert isinstance(answer.body, bytes)
    text = answer.body.decode()
    counted = (
        'deskbridge_http_request_seconds_count{method="GET",route="/a/{word}",status="200"} 2.0'
    )
    assert counted in text
    assert answer.headers["Content-Type"].startswith("text/plain; version=1.0.0")


async def test_a_made_up_method_does_not_grow_the_metrics(serve: Serve) -> None:
    small = await serve(hello)

    await small.client.request("PROPFIND", "/a")

    body = small.metrics.page().body
    assert isinstance(body, bytes)
    assert b'method="other"' in body
    assert b"PROPFIND" not in body


async def test_an_answer_that_breaks_off_is_not_followed_by_another(
    serve: Serve, log: io.StringIO
) -> None:
    async def breaks_off(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"half of ")
        raise StorageUnavailable("no more")

    small = await serve(breaks_off)

    async with small.client.get("/a") as answer:
        with pytest.raises(ClientPayloadError):
            await answer.read()

    assert (await small.client.get("/healthz")).status == 200
