"""Our own contract over HTTP: what goes over the wire, and what every status means."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web
from msgspec.structs import replace
from pydantic import ValidationError
from standardwebhooks import Webhook

from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Priority
from bridge.domain.delivery import BotEventKind
from bridge.domain.errors import (
    DeliveryRejected,
    OutcomeUnknown,
    TemporaryFailure,
    TokenRejected,
)
from bridge.domain.ids import Instant, Language
from bridge.domain.message import Author
from bridge.ports.bot import BotCall, Control, Earlier
from bridge.simulators.bots.deskbridge import DeskbridgeBot
from bridge.simulators.bots.server import Fault, Heard, Json, SimulatedBot
from tests.adapters.bots.rig import OTHER_SECRET, SECRET, Desk
from tests.contract.bot_contract import event

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


class Says(SimulatedBot):
    """A bot that says what a test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.said: Json = {}

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        return self.status, self.said


@pytest.fixture
async def there() -> AsyncIterator[Says]:
    bot = await Says().start()
    yield bot
    await bot.stop()


async def test_every_call_is_signed_and_its_name_is_the_same_on_every_try(
    desk: Desk, there: Says
) -> None:
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()
    call = event(text_content("Olá ❤"), key="d42")

    await bot.ask(call)
    await bot.ask(call)

    for heard in there.heard:
        said = Webhook(SECRET).verify(heard.body, dict(heard.headers))
        assert said["data"]["message"]["text"] == "Olá ❤"
    assert [heard.headers["webhook-id"] for heard in there.heard] == ["d42", "d42"]


async def test_a_bot_with_another_secret_refuses_us_and_we_say_so(desk: Desk) -> None:
    there = await DeskbridgeBot(OTHER_SECRET).start()
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(TokenRejected, match="401"):
        await bot.ask(event(text_content("Hello")))

    await there.stop()


@pytest.mark.parametrize("status", [401, 403])
async def test_a_bot_that_does_not_take_our_proof_is_told_from_one_that_says_no(
    desk: Desk, there: Says, status: int
) -> None:
    there.faults.append(Fault(status=status))
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(TokenRejected, match=f"{status}"):
        await bot.ask(event(text_content("Hello")))


def test_without_a_secret_there_is_no_bot(desk: Desk) -> None:
    with pytest.raises(ValidationError, match="secret: needed"):
        desk.bot("http://bot.test/hook")


@pytest.mark.parametrize(
    "url", ["ftp://bot/", "bot.example.com", "http://", "http://me:pass@bot/", "http://bot/#here"]
)
def test_an_address_that_is_none_is_refused_by_name(desk: Desk, url: str) -> None:
    with pytest.raises(ValidationError, match="url"):
        desk.bot(url, secret=SECRET)


async def test_what_was_said_before_goes_along_in_words(desk: Desk, there: Says) -> None:
    bot = desk.bot(there.base, secret=SECRET, history=5)
    await bot.start()
    line = Earlier(
        author=Author.AGENT, name="Ana", at=Instant(1_700_000_000_123), content=text_content("Hi")
    )

    await bot.ask(replace(event(text_content("Hello")), history=(line,)))

    assert there.heard[0].json()["data"]["history"] == [
        {
            "from": {"kind": "agent", "name": "Ana"},
            "at": "2023-11-14T22:13:20.123Z",
            "text": "Hi",
        }
    ]


async def test_the_event_says_who_has_the_word_and_under_which_epoch(
    desk: Desk, there: Says
) -> None:
    bot = desk.bot(there.base, secret=SECRET, events=["handoff.assigned"])
    await bot.start()
    call = event(kind=BotEventKind.HANDOFF_ASSIGNED, memory='{"plan": "gold"}', language="pt_BR")
    told = replace(call, number=1042, epoch=7, control=Control.AGENT, agent="Ana", queue="sales")

    reply = await bot.ask(told)

    said = there.heard[0].json()
    assert said["type"] == "handoff.assigned"
    assert said["data"]["agent"] == "Ana"
    conversation = said["data"]["conversation"]
    assert conversation.pop("session")
    assert conversation == {
        "id": "1042",
        "channel": "web",
        "language": "pt-BR",
        "control": "agent",
        "epoch": 7,
        "attributes": {"plan": "gold"},
    }
    assert reply.messages == ()


async def test_what_is_answered_to_mere_news_is_not_heard(desk: Desk, there: Says) -> None:
    there.said = {"messages": [{"text": "let me help, too"}]}
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    reply = await bot.ask(event(kind=BotEventKind.CONVERSATION_ENDED))

    assert reply.messages == ()


async def test_a_session_is_the_same_for_the_same_customer_and_another_for_another(
    desk: Desk, there: Says
) -> None:
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    for conversation in ("1", "2", "1"):
        await bot.ask(event(text_content("Hello"), conversation=conversation))

    one, two, again = [heard.json()["data"]["conversation"]["session"] for heard in there.heard]
    assert one == again != two


async def test_everything_that_a_bot_may_say_is_understood(desk: Desk, there: Says) -> None:
    there.said = {
        "messages": [
            {"text": "*plain*", "buttons": [{"label": "Yes", "id": "y"}, {"label": "No"}]},
            {"markdown": "*bold*"},
            {"template": {"name": "order", "language": "pt_BR", "variables": ["7"]}},
        ],
        "handoff": {"queue": "sales", "reason": "r", "summary": "s", "priority": "urgent"},
        "set": {"plan": "gold", "language": "pt-BR", "gone": None},
    }
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    reply = await bot.ask(event(text_content("Hello"), memory='{"old": 1, "gone": 2}'))

    plain, bold, template = reply.messages
    assert plain.words() == "*plain*"
    assert [(choice.id, choice.label) for choice in plain.choices] == [("y", "Yes"), ("No", "No")]
    assert bold.words() == "bold"
    assert template.template is not None
    assert template.template.variables == ("7",)
    assert reply.handoff is not None
    assert (reply.handoff.queue, reply.handoff.priority) == ("sales", Priority.URGENT)
    assert reply.language == Language("pt_BR")
    assert reply.memory == '{"old": 1, "plan": "gold", "language": "pt-BR"}'


NONSENSE: dict[str, Json] = {
    "a list": [],
    "a text": "hello",
    "an unknown word": {"message": "hello"},
    "lines that are none": {"messages": "hello"},
    "a priority that is none": {"handoff": {"priority": "asap"}},
    "too many lines": {"messages": [{"text": "x"}] * 21},
    "a line that is too long": {"messages": [{"text": "x" * 20_001}]},
    "more than we remember": {"set": {"all": "x" * 20_000}},
}


@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE.keys())
async def test_an_answer_that_makes_no_sense_is_refused_and_not_repeated_in_the_error(
    desk: Desk, there: Says, said: Json
) -> None:
    there.said = said
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(DeliveryRejected) as refused:
        await bot.ask(event(text_content("Hello")))

    assert refused.value.code == "bot_nonsense"
    assert "hello" not in str(refused.value)


async def test_a_file_of_the_customer_can_be_fetched_by_its_link_and_by_no_other(
    desk: Desk, there: Says
) -> None:
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()
    file = await desk.files.save(_chunks(PNG), "photo.png", 1_000)
    await bot.ask(event(Content(files=(file,))))
    link = there.heard[0].json()["data"]["message"]["attachments"][0]["url"]
    path = link.removeprefix("http://desk.test")
    app = web.Application()
    app.add_routes(bot.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"

    async with aiohttp.ClientSession(base) as session:
        async with session.get(path) as answer:
            fetched = await answer.read()
            kind, disposition = answer.content_type, answer.headers["Content-Disposition"]
        forged = path[:-1] + ("0" if path[-1] != "0" else "1")
        async with session.get(forged) as answer:
            refused = answer.status

    assert fetched == PNG
    assert (kind, disposition) == ("image/png", "attachment")
    assert refused == 500  # NotFound; the desk's edge makes it 404
    await runner.cleanup()


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def test_a_file_of_the_bot_is_fetched_from_its_own_address_though_it_is_private(
    desk: Desk,
) -> None:
    class WithFile(SimulatedBot):
        async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
            if request.path == "/a.png":
                return web.Response(body=PNG)
            media = [{"url": f"{self.base}/a.png"}]
            return web.json_response({"messages": [{"media": media}]})

    there = await WithFile().start()
    bot = desk.bot(f"{there.base}/hook", secret=SECRET)
    await bot.start()

    reply = await bot.ask(event(text_content("Hello")))

    (file,) = reply.messages[0].files
    assert (file.name, file.mime) == ("a.png", "image/png")
    assert desk.files.path(file.id).read_bytes() == PNG
    await there.stop()


async def test_a_file_from_elsewhere_in_our_network_is_not(desk: Desk, there: Says) -> None:
    secret_place = await Says().start()
    there.said = {"messages": [{"media": [{"url": f"{secret_place.base}/admin"}]}]}
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(DeliveryRejected) as refused:
        await bot.ask(event(text_content("Hello")))

    assert refused.value.code == "unsafe_address"
    assert not secret_place.heard
    await secret_place.stop()


async def test_202_means_later(desk: Desk, there: Says) -> None:
    there.status = 202
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    assert (await bot.ask(event(text_content("Hello")))).later


async def test_an_empty_answer_is_an_answer(desk: Desk, there: Says) -> None:
    there.faults.append(Fault(status=204))
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    reply = await bot.ask(event(text_content("Hello")))

    assert not reply.messages
    assert not reply.later


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_a_trouble_may_pass(desk: Desk, there: Says, status: int) -> None:
    there.faults.append(Fault(status=status, headers={"Retry-After": "7"}))
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(TemporaryFailure) as failure:
        await bot.ask(event(text_content("Hello")))

    assert failure.value.retry_after == 7


async def test_a_retry_may_be_given_as_a_date(desk: Desk, there: Says) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    there.faults.append(Fault(status=503, headers={"Retry-After": date}))
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(TemporaryFailure) as failure:
        await bot.ask(event(text_content("Hello")))

    assert failure.value.retry_after is not None
    assert failure.value.retry_after > 1_800


@pytest.mark.parametrize("value", ["soon", "-1", "1e9", "²", ""])
async def test_a_retry_that_is_no_time_is_no_time(desk: Desk, there: Says, value: str) -> None:
    there.faults.append(Fault(status=503, headers={"Retry-After": value}))
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(TemporaryFailure) as failure:
        await bot.ask(event(text_content("Hello")))

    assert failure.value.retry_after is None


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 422])
async def test_a_refusal_is_for_good_and_a_redirect_is_one(
    desk: Desk, there: Says, status: int
) -> None:
    there.faults.append(Fault(status=status, headers={"Location": there.base}))
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(DeliveryRejected):
        await bot.ask(event(text_content("Hello")))

    assert len(there.heard) == 1


async def test_a_bot_that_is_gone_is_not_asked_again_before_the_next_start(
    desk: Desk, there: Says
) -> None:
    there.faults.append(Fault(status=410))
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    for _ in range(3):
        with pytest.raises(DeliveryRejected) as refused:
            await bot.ask(event(text_content("Hello")))
        assert refused.value.code == "bot_gone"

    assert len(there.heard) == 1
    (check,) = await bot.diagnose()
    assert not check.ok
    await bot.start()
    await bot.ask(event(text_content("Hello")))
    assert len(there.heard) == 2


async def test_a_broken_answer_leaves_us_in_doubt(desk: Desk, there: Says) -> None:
    there.faults.append(Fault())
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(OutcomeUnknown):
        await bot.ask(event(text_content("Hello")))


async def test_a_bot_that_thinks_too_long_leaves_us_in_doubt(desk: Desk, there: Says) -> None:
    there.thinking.clear()
    bot = desk.bot(there.base, secret=SECRET, timeout=0.2)
    await bot.start()

    with pytest.raises(OutcomeUnknown):
        await bot.ask(event(text_content("Hello")))


async def test_a_bot_where_nobody_listens_was_certainly_not_asked(desk: Desk, there: Says) -> None:
    await there.stop()
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(TemporaryFailure):
        await bot.ask(event(text_content("Hello")))


async def test_an_answer_without_an_end_is_cut(desk: Desk, there: Says) -> None:
    there.faults.append(Fault(status=200, body=" " * 600_000))
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    with pytest.raises(DeliveryRejected) as refused:
        await bot.ask(event(text_content("Hello")))

    assert refused.value.code == "bot_nonsense"


async def test_slow_customers_do_not_share_anything(desk: Desk) -> None:
    there = await DeskbridgeBot(SECRET).start()
    bot = desk.bot(there.base, secret=SECRET)
    await bot.start()

    calls: list[BotCall] = [event(text_content("hours"), key=f"k{n}") for n in range(20)]
    replies = await asyncio.gather(*map(bot.ask, calls))

    assert {reply.messages[0].words() for reply in replies} == {"9 to 18"}
    assert {heard.headers["webhook-id"] for heard in there.heard} == {f"k{n}" for n in range(20)}
    await there.stop()
