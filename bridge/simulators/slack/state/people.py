"""What becomes of people and of an app's rights."""

from collections.abc import Mapping
from dataclasses import fields, replace

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import User
from bridge.simulators.slack.state.shapes import user_json
from bridge.simulators.slack.state.world import World


def changed(user: User, changes: Mapping[str, str | bool]) -> User:
    """The user with other values. Raises `TypeError` for a field that does not exist."""
    values = {field.name: getattr(user, field.name) for field in fields(user)}
    return User(**{**values, **changes})


def change_user(world: World, user: User) -> User:
    """Somebody is not as before: another name, another role, deactivated."""
    user = world.add_user(replace(user, updated=world.mint.seconds()))
    event: JsonObject = {
        "type": "user_change",
        "user": user_json(user),
        "event_ts": world.mint.ts("events users"),
    }
    world.changes.add(Happening(kind="user_change", user=user.id, event=event))
    return user


def revoke(world: World, app: App) -> App:
    """The app's bot token is worth nothing from now on."""
    app = world.put_app(replace(app, access="revoked"))
    event: JsonObject = {
        "type": "tokens_revoked",
        "tokens": {"oauth": [], "bot": [app.bot_user]},
        "event_ts": world.mint.ts("events apps"),
    }
    world.changes.add(Happening(kind="tokens_revoked", event=event, only_app=app.id))
    return app


def uninstall(world: World, app: App) -> App:
    """The app is thrown out of the workspace."""
    app = world.put_app(replace(app, access="uninstalled"))
    event: JsonObject = {"type": "app_uninstalled", "event_ts": world.mint.ts("events apps")}
    world.changes.add(Happening(kind="app_uninstalled", event=event, only_app=app.id))
    return app


def restore(world: World, app: App) -> App:
    """Everything that its manifest asks for is granted again."""
    return world.put_app(
        replace(app, access="granted", scopes=app.manifest.scopes, app_token_revoked=False)
    )


def take_scope(world: World, app: App, scope: str) -> App:
    """A scope is gone; nobody is told."""
    return world.put_app(replace(app, scopes=app.scopes - {scope}))
