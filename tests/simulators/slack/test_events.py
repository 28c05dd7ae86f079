"""Which events an app hears, and what is in them."""

from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, Manifest, SlackSimulator
from tests.simulators.slack.desk import Desk
from tests.simulators.slack.ear import Body, Ear


async def _heard(slack: SlackSimulator, ear: Ear, kind: str, subtype: str | None = None) -> Body:
    return (await slack.until(lambda: ear.events(kind, subtype)))[-1]


async def test_an_edit_says_what_was_and_who_edited(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    line = await desk.ana.says(desk.support, "teh")

    await desk.ana.edits(line, "the")

    event = await _heard(slack, ear, "message", "message_changed")
    assert event["message"]["text"] == "the"
    assert event["message"]["edited"]["user"] == desk.ana.id
    assert event["previous_message"]["text"] == "teh"
    assert event["message"]["ts"] == line.ts


async def test_a_link_preview_is_a_change_without_an_edit(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    await desk.ana.says(desk.support, "see https://example.com/a.")

    event = await _heard(slack, ear, "message", "message_changed")

    assert event["message"]["text"] == "see <https://example.com/a>."
    assert "edited" not in event["message"]
    assert event["message"]["attachments"][0]["from_url"] == "https://example.com/a"


async def test_a_reply_changes_its_root_without_an_edit(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    root = await desk.ana.says(desk.support, "root")

    await desk.bo.replies(root, "reply")

    event = await _heard(slack, ear, "message", "message_changed")
    assert event["message"]["reply_count"] == 1
    assert "edited" not in event["message"]


async def test_a_deletion_names_what_was_deleted(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    line = await desk.ana.says(desk.support, "oops")

    await desk.ana.deletes(line)

    event = await _heard(slack, ear, "message", "message_deleted")
    assert (event["deleted_ts"], event["previous_message"]["text"]) == (line.ts, "oops")


async def test_a_reply_sent_to_the_channel_too_carries_its_root(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    root = await desk.ana.says(desk.support, "root")

    await desk.bo.replies(root, "for everybody", broadcast=True)

    event = await _heard(slack, ear, "message", "thread_broadcast")
    assert event["root"]["ts"] == root.ts
    assert event["thread_ts"] == root.ts


async def test_a_mention_comes_twice_with_one_ts_and_two_event_ids(
    slack: SlackSimulator, app: App, ear: Ear, desk: Desk
) -> None:
    line = await desk.ana.says(desk.support, "@deskbridge help")

    await slack.until(lambda: ear.events("app_mention") and ear.events("message"))

    both = [one.body for one in ear.heard if one.event.get("ts") == line.ts]
    assert {one["event"]["type"] for one in both} == {"message", "app_mention"}
    assert len({one["event_id"] for one in both}) == 2


async def test_a_reaction_does_not_say_in_which_thread(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    root = await desk.ana.says(desk.support, "root")
    reply = await desk.bo.replies(root, "reply")

    await desk.ana.reacts(reply, "eyes")
    await desk.ana.unreacts(reply, "eyes")

    added = await _heard(slack, ear, "reaction_added")
    removed = await _heard(slack, ear, "reaction_removed")
    item = {"type": "message", "channel": desk.support.id, "ts": reply.ts}
    assert (added["item"], removed["item"]) == (item, item)
    assert added["item_user"] == desk.bo.id


async def test_our_customised_messages_change_without_a_user(
    slack: SlackSimulator, app: App, client: AsyncWebClient, ear: Ear, desk: Desk
) -> None:
    posted = await client.chat_postMessage(channel=desk.support.id, text="a", username="Alice")

    await client.chat_update(channel=desk.support.id, ts=posted["ts"], text="b", username="Alice")

    event = await _heard(slack, ear, "message", "message_changed")
    assert "user" not in event
    assert "bot_id" not in event
    assert "user" not in event["message"]
    assert event["message"]["bot_id"] == app.bot_id


async def test_who_comes_and_goes_is_told(slack: SlackSimulator, ear: Ear, desk: Desk) -> None:
    cy = slack.hire("Cy")

    await cy.joins(desk.support)
    await cy.leaves(desk.support)

    joined = await _heard(slack, ear, "member_joined_channel")
    left = await _heard(slack, ear, "member_left_channel")
    assert (joined["user"], left["user"]) == (cy.id, cy.id)
    assert await _heard(slack, ear, "message", "channel_join")


async def test_what_becomes_of_a_channel_is_told(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    await desk.ana.renames(desk.support, "help")
    slack.share(desk.support)
    await desk.ana.archives(desk.support)

    renamed = await _heard(slack, ear, "channel_rename")
    assert (renamed["channel"]["id"], renamed["channel"]["name"]) == (desk.support.id, "help")
    assert (await _heard(slack, ear, "channel_shared"))["channel"] == desk.support.id
    assert (await _heard(slack, ear, "channel_archive"))["channel"] == desk.support.id


async def test_an_app_thrown_out_hears_no_more_of_the_channel(
    slack: SlackSimulator, app: App, ear: Ear, desk: Desk
) -> None:
    await desk.ana.removes(desk.support, app)
    await _heard(slack, ear, "channel_left")
    count = len(ear.events("message"))

    await desk.bo.says(desk.support, "among ourselves")
    await desk.ana.becomes(title="Lead")
    await _heard(slack, ear, "user_change")

    assert len(ear.events("message")) == count


async def test_a_user_who_changes_is_told_as_he_is_now(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    await desk.bo.becomes(deleted=True)

    event = await _heard(slack, ear, "user_change")

    assert event["user"]["deleted"] is True
    assert "is_admin" not in event["user"]


async def test_direct_messages_come_as_im(
    slack: SlackSimulator, app: App, ear: Ear, desk: Desk
) -> None:
    direct = slack.direct(desk.ana, app)

    await desk.ana.says(direct, "just us")

    event = await _heard(slack, ear, "message")
    assert (event["channel_type"], event["channel"]) == ("im", direct.id)


async def test_an_app_hears_only_what_it_subscribed_to_and_may_read(slack: SlackSimulator) -> None:
    manifest = Manifest(
        name="Deaf",
        scopes=frozenset({"channels:history", "reactions:read"}),
        events=frozenset({"message.channels", "app_mention"}),
    )
    deaf = slack.install(manifest)
    ana = slack.hire("Ana")
    room, closed = (
        slack.channel("room", ana, deaf),
        slack.channel("closed", ana, deaf, kind="private"),
    )

    line = await ana.says(room, "@deaf hello")
    await ana.reacts(line, "eyes")
    await ana.says(closed, "secret")
    slack.take_scope(deaf, "channels:history")
    await ana.says(room, "unheard")

    assert slack.office.events_this_hour(deaf) == 1


async def test_a_revoked_app_is_told_so_and_nothing_else(
    slack: SlackSimulator, app: App, ear: Ear, desk: Desk
) -> None:
    slack.revoke(app)
    await desk.ana.says(desk.support, "hello?")

    revoked = await _heard(slack, ear, "tokens_revoked")

    assert revoked["tokens"]["bot"] == [app.bot_user]
    assert ear.events("message") == []


async def test_a_file_comes_with_its_line(slack: SlackSimulator, ear: Ear, desk: Desk) -> None:
    await desk.ana.uploads(desk.support, "a.txt", b"hello", line="look")

    event = await _heard(slack, ear, "message", "file_share")

    assert event["text"] == "look"
    assert (event["files"][0]["name"], event["files"][0]["size"]) == ("a.txt", 5)
    assert await _heard(slack, ear, "file_shared")
