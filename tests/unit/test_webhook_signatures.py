"""Standard Webhooks: what is not proved is refused, in whatever way it is not."""

from datetime import UTC, datetime, timedelta

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from standardwebhooks import Webhook

from bridge.adapters.common.webhooks import Signer
from bridge.domain.errors import InvalidSettings, UntrustedRequest

SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
BODY = b'{"a": 1}'


def signed(**changes: str) -> dict[str, str]:
    return Signer(SECRET, "bot").headers("id-1", BODY) | changes


def as_request(*pairs: tuple[str, str]) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict(pairs))


def test_what_we_sign_is_proved_and_gives_its_id() -> None:
    assert Signer(SECRET, "bot").verify(as_request(*signed().items()), BODY) == "id-1"


GOOD = signed()
SIGNATURE = GOOD["webhook-signature"]

FORGED = {
    "another signature": {"webhook-signature": "v1," + "A" * 43 + "="},
    "a cut signature": {"webhook-signature": SIGNATURE[:-4]},
    "an empty signature": {"webhook-signature": ""},
    "no version": {"webhook-signature": SIGNATURE.removeprefix("v1,")},
    "another version": {"webhook-signature": "v2" + SIGNATURE[2:]},
    "upper case": {"webhook-signature": "v1," + SIGNATURE[3:].upper()},
    "no base64": {"webhook-signature": "v1,€€€€"},
    "bad base64": {"webhook-signature": "v1,abc"},
    "commas": {"webhook-signature": "v1,a,b"},
    "very long": {"webhook-signature": SIGNATURE + " v1,AAAA" * 1_000},
    "another id": {"webhook-id": "id-2"},
    "no id": {"webhook-id": ""},
    "another time": {"webhook-timestamp": "1700000000"},
    "no time": {"webhook-timestamp": "abc"},
    "not a number": {"webhook-timestamp": "nan"},
    "infinite": {"webhook-timestamp": "inf"},
    "a very long time": {"webhook-timestamp": "9" * 1_900},
    "negative": {"webhook-timestamp": "-1"},
}


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED.keys())
def test_a_forged_or_replayed_proof_is_refused(changes: dict[str, str]) -> None:
    headers = as_request(*signed(**changes).items())

    with pytest.raises(UntrustedRequest):
        Signer(SECRET, "bot").verify(headers, BODY)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_proof_of_another_time_is_refused_though_it_is_ours(hours: int) -> None:
    then = (datetime.now(UTC) + timedelta(hours=hours)).replace(microsecond=0)
    proof = Webhook(SECRET).sign("id-1", then, BODY.decode())
    at = str(int(then.timestamp()))
    headers = signed(**{"webhook-timestamp": at, "webhook-signature": proof})

    with pytest.raises(UntrustedRequest):
        Signer(SECRET, "bot").verify(as_request(*headers.items()), BODY)


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_header_is_refused(name: str) -> None:
    left = [pair for pair in signed().items() if pair[0] != name]

    with pytest.raises(UntrustedRequest):
        Signer(SECRET, "bot").verify(as_request(*left), BODY)


@pytest.mark.parametrize("name", GOOD)
def test_a_header_that_came_twice_is_refused(name: str) -> None:
    given = signed()

    with pytest.raises(UntrustedRequest):
        Signer(SECRET, "bot").verify(as_request(*given.items(), (name, given[name])), BODY)


@pytest.mark.parametrize("body", [b"", b'{"a": 2}', b"\xff\xfe", BODY + b" "])
def test_another_body_is_refused(body: bytes) -> None:
    with pytest.raises(UntrustedRequest):
        Signer(SECRET, "bot").verify(as_request(*signed().items()), body)


def test_one_of_several_signatures_is_enough_while_a_secret_is_changed() -> None:
    both = signed() | {"webhook-signature": f"v1,{'A' * 43}= {SIGNATURE}"}
    fresh = Signer(SECRET, "bot").headers("id-1", BODY)
    both["webhook-signature"] = f"v1,{'A' * 43}= {fresh['webhook-signature']}"
    both["webhook-timestamp"] = fresh["webhook-timestamp"]

    assert Signer(SECRET, "bot").verify(as_request(*both.items()), BODY) == "id-1"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_short", "whsec_é", "whsec_" + "A" * 200])
def test_a_secret_that_is_none_is_refused_by_its_place_and_not_shown(secret: str) -> None:
    with pytest.raises(InvalidSettings, match=r"bots\.shop\.secret") as refused:
        Signer(secret, "bots.shop.secret")

    assert secret == "" or secret.removeprefix("whsec_") == "" or secret not in str(refused.value)
