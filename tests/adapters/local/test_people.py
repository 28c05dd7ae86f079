"""People: the first admin, invitations, passwords, sessions."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import DAY, MINUTE, WorkspaceUserId
from bridge.ports.commands import UserKind
from bridge.ports.workspace import MemberChanged
from tests.adapters.local.rig import Answer, Browser, Rig, serve

GOOD = "a good long password"
WRONG = "not the password at all"


async def sign_in(browser: Browser, email: str, password: str, **more: str) -> Answer:
    return await browser.send("/desk/sign-in", {"email": email, "password": password, **more})


async def who(browser: Browser) -> str | None:
    user = (await browser.program("/desk/session"))["user"]
    return None if user is None else str(user["name"])


async def test_the_first_admin_comes_with_the_token_once(bare: Rig) -> None:
    way_in = await bare.workspace.first_way_in(None)
    form = {
        "token": way_in.url.rpartition("/")[2],
        "email": "Ana@Example.com",
        "name": "Ana",
        "password": GOOD,
    }
    browser = bare.browser()

    first = await browser.send("/desk/setup", form)
    again = await bare.browser().send("/desk/setup", form)

    assert (first.status, first.location) == (303, "/desk")
    assert await who(browser) == "Ana"
    assert again.status == 403
    person = await bare.workspace.person(way_in.user)
    assert person is not None
    assert person.email == "ana@example.com"


async def test_an_invitation_typed_as_a_set_up_token_makes_nobody_an_admin(bare: Rig) -> None:
    invitation = await bare.workspace.invite("bia@example.com", "Bia")
    form = {"token": invitation.token, "email": "x@y.example", "name": "X", "password": GOOD}

    typed = await bare.browser().send("/desk/setup", form)
    page = await bare.browser().get(typed.location)

    assert (typed.status, typed.location) == (303, f"/desk/join/{invitation.token}")
    assert "admin" not in page.text
    assert "bia@example.com" in page.text


async def test_a_new_link_ends_the_older_one(bare: Rig) -> None:
    older = await bare.workspace.invite("bia@example.com", "Bia")
    others = await bare.workspace.invite("caio@example.com", "Caio")
    newer = await bare.workspace.invite("bia@example.com", "Bia")

    pages = [
        (await bare.browser().get(f"/desk/join/{each.token}")).status
        for each in (older, others, newer)
    ]

    assert pages == [404, 200, 200]


async def test_who_can_sign_in_has_a_password_and_was_not_locked_out(bare: Rig) -> None:
    way_in = await bare.workspace.first_way_in(None)
    again = await bare.workspace.first_way_in(way_in.user)
    before = await bare.workspace.can_sign_in(way_in.user)
    form = {"email": "ana@example.com", "name": "Ana", "password": GOOD}
    path = again.url.removeprefix(bare.url)

    joined = await bare.browser().send(path, form)

    assert (again.user, joined.status, before) == (way_in.user, 303, False)
    assert await bare.workspace.can_sign_in(way_in.user)


async def test_the_desk_is_told_who_joined(bare: Rig) -> None:
    invitation = await bare.workspace.invite("ana@example.com", "Ana")

    await bare.browser().send(
        f"/desk/join/{invitation.token}",
        {"name": "Ana", "email": "ana@example.com", "password": GOOD},
    )

    told = [event for event in bare.desk.events if isinstance(event, MemberChanged)]
    assert [(event.user.id, event.user.kind) for event in told] == [
        (invitation.user, UserKind.MEMBER)
    ]


async def test_no_set_up_once_somebody_can_sign_in(bare: Rig) -> None:
    await bare.joined("ana@example.com", GOOD)

    assert (await bare.browser().get("/desk/setup")).location == "/desk/sign-in"


async def test_nobody_signs_in_before_the_set_up(bare: Rig) -> None:
    await bare.workspace.way_in("ana@example.com", "Ana")

    for password in ("", "admin", "password", "ana@example.com"):
        answer = await sign_in(bare.browser(), "ana@example.com", password)
        assert answer.status == 403


async def test_the_sign_in_page_says_that_a_token_is_needed_first(bare: Rig) -> None:
    page = await bare.browser().get("/desk/sign-in")

    assert "Set up with the token" in page.text


async def test_the_demo_short_cut_exists_in_the_demo_only(bare: Rig) -> None:
    assert (await bare.browser().get("/desk/demo/sign-in/ana")).status == 404

    with pytest.raises(InvalidSettings):
        await bare.workspace.demo_user("ana", "Ana")


async def test_the_demo_short_cut_works_on_this_machine_only(rig: Rig) -> None:
    browser = rig.browser()

    answer = await browser.get("/desk/demo/sign-in/bia", Host="desk.example:8080")

    assert answer.status == 404
    assert "desk_session" not in answer.cookies


async def test_a_password_fits_or_it_does_not(bare: Rig) -> None:
    await bare.joined("bia@example.com", GOOD)
    right, wrong, unknown = bare.browser(), bare.browser(), bare.browser()

    answers = [
        await sign_in(right, " BIA@example.com ", GOOD),
        await sign_in(wrong, "bia@example.com", WRONG),
        await sign_in(unknown, "nobody@example.com", GOOD),
    ]

    assert [each.status for each in answers] == [303, 403, 403]
    assert [await who(each) for each in (right, wrong, unknown)] == ["Rosa", None, None]
    sentence = "E-mail or password is not right."
    assert all(sentence in each.text for each in answers[1:])


async def test_guessing_is_slowed_down_per_account_and_lets_go_again(bare: Rig) -> None:
    await bare.joined("bia@example.com", GOOD)
    for _ in range(5):
        await sign_in(bare.browser(), "bia@example.com", WRONG)

    blocked = await sign_in(bare.browser(), "bia@example.com", GOOD)
    bare.clock.forward(10 * MINUTE)
    later = await sign_in(bare.browser(), "bia@example.com", GOOD)

    assert blocked.status == 429
    assert int(blocked.headers["Retry-After"]) > 0
    assert later.status == 303


async def test_guessing_is_slowed_down_per_address(bare: Rig) -> None:
    statuses = [
        (await sign_in(bare.browser(), f"somebody{number}@example.com", WRONG)).status
        for number in range(22)
    ]

    assert statuses[:20] == [403] * 20
    assert statuses[20:] == [429] * 2


async def test_guessing_a_token_is_slowed_down_too(bare: Rig) -> None:
    form = {"token": "guess", "email": "a@b.c", "name": "A", "password": GOOD}

    statuses = [(await bare.browser().send("/desk/setup", form)).status for _ in range(21)]

    assert statuses[-1] == 429


async def test_an_invitation_works_once_and_for_seven_days(bare: Rig) -> None:
    used = await bare.workspace.invite("bia@example.com", "Bia")
    late = await bare.workspace.invite("caio@example.com", "Caio")
    form = {"name": "Bia", "email": "", "password": GOOD}
    await bare.joined("ana@example.com", GOOD)

    first = await bare.browser().send(f"/desk/join/{used.token}", form)
    again = await bare.browser().send(f"/desk/join/{used.token}", form)
    shown_again = await bare.browser().get(f"/desk/join/{used.token}")
    bare.clock.forward(8 * DAY)
    expired = await bare.browser().get(f"/desk/join/{late.token}")

    assert [first.status, again.status] == [303, 403]
    assert [shown_again.status, expired.status] == [404, 404]


async def test_an_invited_person_cannot_take_another_e_mail(bare: Rig) -> None:
    await bare.joined("ana@example.com", GOOD)
    invitation = await bare.workspace.invite("bia@example.com", "Bia")
    form = {"name": "Bia", "email": "ana@example.com", "password": GOOD}

    await bare.browser().send(f"/desk/join/{invitation.token}", form)

    person = await bare.workspace.person(invitation.user)
    assert person is not None
    assert person.email == "bia@example.com"


async def test_a_used_token_is_kept_nowhere(bare: Rig) -> None:
    invitation = await bare.workspace.invite("bia@example.com", "Bia")

    kept = [each.key for each in await bare.store.scan("invitations")]

    assert kept
    assert invitation.token not in str(kept)


@pytest.mark.parametrize("password", ["", "short", "bia@example.com", "aaaaaaaaaaaa", "x" * 201])
async def test_a_weak_password_is_refused_and_the_invitation_stays(
    bare: Rig, password: str
) -> None:
    invitation = await bare.workspace.invite("bia@example.com", "Bia")
    form = {"name": "Bia", "email": "bia@example.com", "password": password}

    answer = await bare.browser().send(f"/desk/join/{invitation.token}", form)

    assert answer.status == 422
    assert (await bare.workspace.site.people.invited(invitation.token)).id == invitation.user


async def test_passwords_are_kept_as_argon2id_only(bare: Rig) -> None:
    await bare.joined("bia@example.com", GOOD)

    kept = b"".join(each.body for each in await bare.store.scan("users"))

    assert b"$argon2id$" in kept
    assert GOOD.encode() not in kept


async def test_the_session_cookie_is_for_the_server_alone(bare: Rig) -> None:
    await bare.joined("bia@example.com", GOOD)

    answer = await sign_in(bare.browser(), "bia@example.com", GOOD)

    assert "HttpOnly" in answer.cookies
    assert "SameSite=Lax" in answer.cookies
    assert "Path=/desk" in answer.cookies
    sessions = [each.key for each in await bare.store.scan("sessions")]
    cookie = answer.cookies.split("desk_session=")[1].split(";")[0]
    assert cookie not in str(sessions)


async def test_behind_https_cookies_travel_encrypted_only(tmp_path: Path) -> None:
    async with serve(tmp_path, public_url="https://desk.example") as rig:
        plain = await rig.browser().get("/desk/sign-in")
        proxied = await rig.browser().get("/desk/sign-in", Host="desk.example")

    assert "Secure" not in plain.cookies
    assert "Secure" in proxied.cookies


async def test_signing_out_ends_this_session_and_no_other(bare: Rig) -> None:
    here = await bare.joined("bia@example.com", GOOD)
    there = bare.browser()
    await sign_in(there, "bia@example.com", GOOD)

    await here.send("/desk/sign-out")

    assert (await who(here), await who(there)) == (None, "Rosa")


async def test_signing_out_everywhere_ends_every_session(bare: Rig) -> None:
    here = await bare.joined("bia@example.com", GOOD)
    there = bare.browser()
    await sign_in(there, "bia@example.com", GOOD)

    await here.send("/desk/sign-out-everywhere")

    assert (await who(here), await who(there)) == (None, None)


async def test_a_session_ends_by_itself(bare: Rig) -> None:
    browser = await bare.joined("bia@example.com", GOOD)

    bare.clock.forward(15 * DAY)

    assert await who(browser) is None


async def test_a_changed_password_ends_every_other_session(bare: Rig) -> None:
    here = await bare.joined("bia@example.com", GOOD)
    there = bare.browser()
    await sign_in(there, "bia@example.com", GOOD)
    form = {"current": GOOD, "password": "another long password"}

    answer = await here.send("/desk/account/password", form)

    assert answer.status == 303
    assert (await who(here), await who(there)) == ("Rosa", None)
    assert (await sign_in(there, "bia@example.com", GOOD)).status == 403
    assert (await sign_in(there, "bia@example.com", "another long password")).status == 303


async def test_a_password_is_not_changed_without_the_current_one(bare: Rig) -> None:
    browser = await bare.joined("bia@example.com", GOOD)
    form = {"current": WRONG, "password": "another long password"}

    answer = await browser.send("/desk/account/password", form)

    assert answer.status == 403
    assert (await sign_in(bare.browser(), "bia@example.com", GOOD)).status == 303


async def test_who_is_locked_out_is_out_at_once_and_the_desk_knows(rig: Rig) -> None:
    ana, bia = await rig.signed_in("ana"), await rig.signed_in("bia")

    await ana.send("/desk/people/demo-bia/disable")

    assert await who(bia) is None
    told = [event for event in rig.desk.events if isinstance(event, MemberChanged)]
    assert [(event.user.name, event.user.kind) for event in told] == [("Bia Lima", UserKind.GONE)]


async def test_who_is_let_in_again_comes_back_under_his_own_handle(rig: Rig) -> None:
    ana = await rig.signed_in("ana")
    user = await rig.workspace.site.people.user(WorkspaceUserId("demo-bia"))
    assert user is not None
    await rig.workspace.site.people.save(replace(user, email="b.lima@example.com"))

    for action in ("disable", "enable", "agent"):
        await ana.send(f"/desk/people/demo-bia/{action}")

    assert rig.desk.invoked[-1].arguments["handle"] == "bia"


async def test_nobody_locks_himself_out(rig: Rig) -> None:
    ana = await rig.signed_in("ana")

    answer = await ana.send("/desk/people/demo-ana/disable")

    assert answer.status == 422
    assert await who(ana) == "Ana Souza"


async def test_an_admin_invites_somebody_who_is_an_agent_at_once(rig: Rig) -> None:
    ana = await rig.signed_in("ana")
    form = {"name": "Duda", "email": "Duda.Alves@example.com", "role": "agent", "queue": "sales"}

    page = await ana.send("/desk/people/invite", form)
    address = page.text.split('value="' + rig.url)[1].split('"')[0]
    guest = rig.browser()
    joined = await guest.send(address, {"name": "Duda", "password": GOOD})
    session = await guest.program("/desk/session")

    assert joined.status == 303
    assert (session["agent"], session["role"]) == ("duda.alves", "agent")
    assert rig.desk.invoked[-1].arguments == {"action": "add", "details": "sales @duda.alves"}


async def test_an_invitation_that_the_desk_refuses_says_why_and_shows_no_link(rig: Rig) -> None:
    ana = await rig.signed_in("ana")
    form = {"name": "Bia", "email": "bia@example.com"}

    page = await ana.send("/desk/people/invite", form)

    assert page.status == 422
    assert "bia is taken" in page.text
    assert "/desk/join/" not in page.text


async def test_somebody_who_can_sign_in_is_made_an_agent(rig: Rig) -> None:
    stranger, ana = await rig.stranger(), await rig.signed_in("ana")

    await ana.send("/desk/people/demo-rosa/agent")

    assert (await stranger.get("/desk/home")).status == 200
    assert (await stranger.program("/desk/session"))["agent"] == "rosa"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/desk//evil.example", "/\\evil.example", "/other"],
)
async def test_signing_in_leads_to_pages_of_ours_only(bare: Rig, wanted: str) -> None:
    await bare.joined("bia@example.com", GOOD)

    answer = await sign_in(bare.browser(), "bia@example.com", GOOD, next=wanted)

    assert answer.location == "/desk"


async def test_signing_in_leads_back_to_where_one_wanted_to_go(bare: Rig) -> None:
    await bare.joined("bia@example.com", GOOD)
    browser = bare.browser()
    asked = await browser.get("/desk/queues?queue=sales")

    wanted = asked.location.split("next=")[1].replace("%3F", "?").replace("%3D", "=")
    answer = await sign_in(browser, "bia@example.com", GOOD, next=wanted)

    assert answer.location == "/desk/queues?queue=sales"


async def test_language_and_colours_are_the_persons_own(rig: Rig) -> None:
    browser = await rig.signed_in("bia")

    await browser.send("/desk/account", {"language": "pt_BR", "theme": "dark"})
    page = (await browser.get("/desk/home")).text

    assert '<html lang="pt-BR" data-theme="dark">' in page
    assert "Minhas conversas" in page


@pytest.mark.parametrize(
    ("browser", "words"), [("pt-BR,pt;q=0.9", "Entrar"), ("en-GB", "Sign in"), ("fr", "Sign in")]
)
async def test_before_signing_in_the_browser_says_the_language(
    bare: Rig, browser: str, words: str
) -> None:
    page = await bare.browser(browser).get("/desk/sign-in")

    assert f"<h1>{words}</h1>" in page.text


async def test_the_doctor_says_whether_somebody_can_sign_in(bare: Rig) -> None:
    before = {check.name: check for check in await bare.workspace.diagnose()}
    await bare.joined("bia@example.com", GOOD)
    after = {check.name: check for check in await bare.workspace.diagnose()}

    # A warning: a team that answers in Slack alone need not sign in here.
    assert all(check.ok for check in before.values())
    assert (before["people"].warning, after["people"].warning) == (True, False)
