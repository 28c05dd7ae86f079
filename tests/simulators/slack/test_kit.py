"""Every limit of Block Kit: what just fits is taken, one more is refused."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.kit.blocks import check_blocks
from bridge.simulators.slack.kit.views import check_view
from tests.simulators.slack.desk import Desk


def _plain(length: int) -> JsonObject:
    return {"type": "plain_text", "text": "x" * length}


def _mrkdwn(length: int) -> JsonObject:
    return {"type": "mrkdwn", "text": "x" * length}


def _button(**more: Json) -> JsonObject:
    return {"type": "button", "text": _plain(1), **more}


def _actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": elements}]


def _options(count: int, *, text: int = 1, value: int = 3) -> list[Json]:
    return [{"text": _plain(text), "value": f"{n:0{value}}"} for n in range(count)]


def _menu(kind: str, count: int, **more: int) -> list[Json]:
    return _actions({"type": kind, "options": _options(count, **more)})


def _confirm(title: int, text: int, yes: int, no: int) -> list[Json]:
    confirm: JsonObject = {
        "title": _plain(title),
        "text": _plain(text),
        "confirm": _plain(yes),
        "deny": _plain(no),
    }
    return _actions(_button(confirm=confirm))


FITS_AND_NOT: list[tuple[list[Json], list[Json]]] = [
    ([{"type": "divider"}] * 50, [{"type": "divider"}] * 51),
    (
        [{"type": "section", "text": _mrkdwn(3_000)}],
        [{"type": "section", "text": _mrkdwn(3_001)}],
    ),
    (
        [{"type": "section", "fields": [_mrkdwn(2_000)] * 10}],
        [{"type": "section", "fields": [_mrkdwn(1)] * 11}],
    ),
    ([{"type": "header", "text": _plain(150)}], [{"type": "header", "text": _plain(151)}]),
    ([{"type": "header", "text": _plain(1)}], [{"type": "header", "text": _mrkdwn(1)}]),
    (
        [{"type": "context", "elements": [_mrkdwn(1)] * 10}],
        [{"type": "context", "elements": [_mrkdwn(1)] * 11}],
    ),
    (_actions(*[_button()] * 25), _actions(*[_button()] * 26)),
    (_actions(_button(text=_plain(75))), _actions(_button(text=_plain(76)))),
    (_actions(_button(value="x" * 2_000)), _actions(_button(value="x" * 2_001))),
    (_actions(_button(action_id="x" * 255)), _actions(_button(action_id="x" * 256))),
    (_actions(_button(style="danger")), _actions(_button(style="loud"))),
    (
        _actions(_button(action_id="a"), _button(action_id="b")),
        _actions(_button(action_id="a"), _button(action_id="a")),
    ),
    (
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "b"}],
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
    ),
    (_menu("overflow", 5), _menu("overflow", 6)),
    (_menu("static_select", 100), _menu("static_select", 101)),
    (_menu("static_select", 1, text=75), _menu("static_select", 1, text=76)),
    (_menu("static_select", 1, value=150), _menu("static_select", 1, value=151)),
    (
        _actions({"type": "external_select", "placeholder": _plain(150)}),
        _actions({"type": "external_select", "placeholder": _plain(151)}),
    ),
    (_confirm(100, 300, 30, 30), _confirm(101, 300, 30, 30)),
    (_confirm(100, 300, 30, 30), _confirm(100, 301, 30, 30)),
    (_confirm(100, 300, 30, 30), _confirm(100, 300, 31, 30)),
    (_confirm(100, 300, 30, 30), _confirm(100, 300, 30, 31)),
    (
        [{"type": "markdown", "text": "x" * 6_000}] * 2,
        [{"type": "markdown", "text": "x" * 6_001}] * 2,
    ),
]


@pytest.mark.parametrize(("fits", "not_"), FITS_AND_NOT)
def test_what_fits_is_taken_and_one_more_is_not(fits: list[Json], not_: list[Json]) -> None:
    assert check_blocks(fits, "message") == []
    assert check_blocks(not_, "message") != []


def test_a_mistake_is_named_and_pointed_at() -> None:
    blocks: list[Json] = [{"type": "divider"}, {"type": "section", "text": _mrkdwn(3_001)}]

    assert check_blocks(blocks, "message") == [
        "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


def test_a_rich_text_is_taken_apart() -> None:
    fine: Json = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "x"}]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
                ],
            },
        ],
    }
    empty: Json = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
    }

    assert check_blocks([fine], "message") == []
    assert len(check_blocks([empty], "message")) == 1


def _modal(**more: Json) -> JsonObject:
    return {"type": "modal", "title": _plain(24), "blocks": [], **more}


@pytest.mark.parametrize(
    ("fits", "not_"),
    [
        ({}, {"title": _plain(25)}),
        ({"private_metadata": "x" * 3_000}, {"private_metadata": "x" * 3_001}),
        ({"callback_id": "x" * 255}, {"callback_id": "x" * 256}),
        ({"submit": _plain(24)}, {"submit": _plain(25)}),
        ({"blocks": [{"type": "divider"}] * 100}, {"blocks": [{"type": "divider"}] * 101}),
        ({}, {"blocks": [{"type": "markdown", "text": "x"}]}),
        ({}, {"type": "home"}),
    ],
)
def test_a_modal_has_its_own_limits(fits: JsonObject, not_: JsonObject) -> None:
    check_view(_modal(**fits), "modal")

    with pytest.raises(SlackRefused) as refused:
        check_view(_modal(**not_), "modal")
    assert refused.value.code == "invalid_arguments"


def test_a_modal_with_a_field_needs_a_button() -> None:
    field: JsonObject = {"type": "plain_text_input", "action_id": "a"}
    blocks: list[Json] = [{"type": "input", "label": _plain(1), "element": field}]
    check_view(_modal(blocks=blocks, submit=_plain(1)), "modal")

    with pytest.raises(SlackRefused):
        check_view(_modal(blocks=blocks), "modal")


async def test_the_client_is_told_what_is_wrong(client: AsyncWebClient, desk: Desk) -> None:
    blocks = [{"type": "header", "text": _plain(151)}]

    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=desk.support.id, text="x", blocks=blocks)

    response = refused.value.response
    assert response["error"] == "invalid_blocks"
    assert response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_all_blocks_together_have_a_limit_too(client: AsyncWebClient, desk: Desk) -> None:
    blocks = [{"type": "section", "text": _mrkdwn(2_900)} for _ in range(5)]

    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=desk.support.id, text="x", blocks=blocks)

    assert refused.value.response["error"] == "msg_blocks_too_long"
