"""What is known of the server is what events said last, and no more than that."""

from bridge.adapters.workspaces.discord.guild import GuildBook
from bridge.adapters.workspaces.discord.receiving.payloads import (
    ChannelInfo,
    GuildInfo,
    RoleInfo,
    There,
    ThreadState,
)

SERVER = GuildInfo(
    id="1",
    name="Acme",
    roles=(RoleInfo(id="10", name="Support"), RoleInfo(id="11", name="Leads")),
    channels=(ChannelInfo(id="20", type=15, name="sales"),),
    threads=(ChannelInfo(id="30", parent_id="20", owner_id="9", name="Alice #1", member=There()),),
)


def book() -> GuildBook:
    known = GuildBook()
    known.described(SERVER)
    return known


def test_roles_are_found_by_id_and_by_name_in_any_case() -> None:
    assert book().roles_called(("10", "@leads", "nobody")) == {"10", "11"}


def test_a_role_that_was_renamed_or_deleted_is_not_found_by_its_old_name() -> None:
    known = book()

    known.role_is(RoleInfo(id="10", name="Helpers"))
    known.role_gone("11")

    assert known.roles_called(("Support", "Leads", "Helpers")) == {"10"}


def test_a_thread_that_is_put_away_is_forgotten_until_it_is_taken_out() -> None:
    known = book()
    thread = SERVER.threads[0]
    archived = ChannelInfo(id="30", owner_id="9", thread_metadata=ThreadState(archived=True))

    gone_by_then = known.thread_is(archived), known.begun_by("30")
    back = known.thread_is(thread), known.begun_by("30")
    changed = known.thread_is(thread)

    assert (gone_by_then, back, changed) == ((False, ""), (True, "9"), False)


def test_a_deleted_room_takes_its_threads_along() -> None:
    known = book()

    known.room_gone("20")

    assert (known.is_room("20"), known.begun_by("30"), known.room_name("20")) == (False, "", "")


def test_only_active_threads_that_we_are_not_in_are_to_be_joined() -> None:
    known = book()
    known.thread_is(ChannelInfo(id="31", parent_id="20", owner_id="9"))

    assert known.not_joined(("30", "31", "32")) == ("31",)


def test_names_are_tidy() -> None:
    known = book()
    known.role_is(RoleInfo(id="12", name="  a\nb\u202e "))

    assert (known.role_name("12"), known.role_name("99"), known.room_name("30")) == (
        "a b",
        "",
        "Alice #1",
    )
