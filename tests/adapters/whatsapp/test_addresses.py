"""One customer has many names on WhatsApp; a call uses the right field for each."""

import pytest

from bridge.adapters.channels.whatsapp.addresses import Names, names, recipient
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import Address


@pytest.mark.parametrize(
    ("phone", "user_id", "expected"),
    [
        ("16505551234", "", ("+16505551234",)),
        ("+16505551234", "", ("+16505551234",)),
        ("5511987654321", "", ("+5511987654321", "+551187654321")),
        ("551187654321", "", ("+551187654321", "+5511987654321")),
        ("551112345678", "", ("+551112345678", "+5511912345678")),
        ("5511987654321", "BR.1", ("+5511987654321", "BR.1", "+551187654321")),
        ("", "BR.1502576394655843", ("BR.1502576394655843",)),
        ("", "US.ENT.11815799212886844830", ("US.ENT.11815799212886844830",)),
    ],
)
def test_every_name_is_found(phone: str, user_id: str, expected: tuple[str, ...]) -> None:
    found = names(phone, user_id)

    assert found is not None
    assert found.every() == expected


def test_a_brazilian_landline_is_nobodys_mobile() -> None:
    assert names("551132345678", "") == Names(address=Address("+551132345678"))


@pytest.mark.parametrize(("phone", "user_id"), [("", ""), ("abc", "1"), ("0123456", "br.1")])
def test_what_is_no_name_is_none(phone: str, user_id: str) -> None:
    assert names(phone, user_id) is None


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("+5511987654321", {"to": "5511987654321"}),
        ("BR.1502576394655843", {"recipient": "BR.1502576394655843"}),
    ],
)
def test_a_call_names_him_in_metas_field(address: str, field: dict[str, str]) -> None:
    assert recipient(Address(address)) == field


@pytest.mark.parametrize("address", ["", "5511987654321", "+0", "+55 11", "BR.", "BR.1\n", "x/1"])
def test_anything_else_is_refused(address: str) -> None:
    with pytest.raises(DeliveryRejected):
        recipient(Address(address))
