"""The forms about people: who is an agent, and in which language he is addressed."""

import pytest

from bridge.domain.agent import Role
from bridge.domain.ids import WorkspaceUserId
from bridge.domain.moves import ChangeAgent, CreateAgent, LinkAgent
from tests.unit.commands.desks import ANA, DAN, RITA, WORKSPACE, FakeDesk, asked
from tests.unit.commands.words import code, understood

USER = WorkspaceUserId("u-new")


def form(**arguments: str) -> dict[str, str]:
    return {"user": USER, "handle": "@Duda", **arguments}


def test_a_new_handle_becomes_an_agent_with_that_user(desk: FakeDesk) -> None:
    arguments = form(name="Duda Alves", email="duda@example.com", role="admin")

    wanted = understood("people", asked(desk, by=RITA, arguments=arguments), desk)

    assert wanted == CreateAgent(
        handle="duda",
        name="Duda Alves",
        role=Role.ADMIN,
        email="duda@example.com",
        workspace=WORKSPACE,
        user=USER,
    )


def test_a_known_handle_gets_the_user(desk: FakeDesk) -> None:
    wanted = understood("people", asked(desk, by=RITA, arguments=form(handle="dan")), desk)

    assert wanted == LinkAgent(agent=DAN, workspace=WORKSPACE, user=USER)


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (form(handle=""), "bad_name"),
        (form(handle="two words"), "bad_name"),
        (form(handle="<@U1>"), "bad_name"),
        (form(role="king"), "bad_name"),
        (form(user=""), "not_in_workspace"),
        (form(user="x" * 201), "not_in_workspace"),
    ],
)
def test_what_is_no_person_is_refused(
    desk: FakeDesk, arguments: dict[str, str], answer: str
) -> None:
    assert code(understood("people", asked(desk, by=RITA, arguments=arguments), desk)) == answer


def test_an_agent_chooses_his_own_language(desk: FakeDesk) -> None:
    wanted = understood("language", asked(desk, arguments={"language": "pt_BR"}), desk)

    assert wanted == ChangeAgent(agent=ANA, language="pt_BR")


def test_a_language_we_do_not_speak_is_refused(desk: FakeDesk) -> None:
    assert code(understood("language", asked(desk, arguments={"language": "fr"}), desk)) == (
        "bad_language"
    )
