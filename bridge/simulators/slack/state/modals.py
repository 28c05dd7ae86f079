"""Modals in front of people, and their home tabs."""

from collections.abc import Mapping
from dataclasses import replace

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.wire import Json, JsonObject, arr
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.kit.blocks import with_ids
from bridge.simulators.slack.kit.views import check_view
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import View
from bridge.simulators.slack.state.world import World

MAX_STACK = 3


def open_modal(world: World, app: App, user: str, content: Mapping[str, Json]) -> View:
    """Show a modal. What was open of this app is gone."""
    check_view(content, "modal")
    view = _made(world, app, user, content)
    world.modals[app.id, user] = [view]
    _tell(world, view)
    return view


def push_modal(world: World, app: App, user: str, content: Mapping[str, Json]) -> View:
    """Show a modal over the ones that are open. Raises `push_limit_reached`."""
    check_view(content, "modal")
    stack = world.modals.get((app.id, user), [])
    if not stack:
        raise SlackRefused("not_found")
    if len(stack) >= MAX_STACK:
        raise SlackRefused("push_limit_reached")
    below = stack[-1]
    view = _made(world, app, user, content)
    view = replace(view, previous_view_id=below.id, root_view_id=below.root_view_id)
    stack.append(view)
    _tell(world, view)
    return view


def update_modal(world: World, view: View, content: Mapping[str, Json], known: str = "") -> View:
    """Change a modal in place. Raises `hash_conflict` when `known` is not its hash."""
    if known and known != view.hash:
        raise SlackRefused("hash_conflict")
    check_view(content, "modal")
    changed = replace(view, content=_content(world, content), hash=_hash(world), errors={})
    stack = world.modals[view.app_id, view.user]
    stack[[one.id for one in stack].index(view.id)] = changed
    _tell(world, changed)
    return changed


def show_errors(world: World, view: View, errors: Mapping[str, Json]) -> View:
    """Write under the fields what is wrong with them."""
    changed = replace(view, errors=dict(errors))
    stack = world.modals[view.app_id, view.user]
    stack[[one.id for one in stack].index(view.id)] = changed
    _tell(world, changed)
    return changed


def close_modal(world: World, view: View, *, all_of_them: bool = False) -> None:
    """Take away the modal in front, or the whole stack."""
    stack = world.modals.get((view.app_id, view.user), [])
    kept = [] if all_of_them else [one for one in stack if one.id != view.id]
    world.modals[view.app_id, view.user] = kept
    _tell(world, view)


def find_modal(world: World, app: App, view_id: str, external_id: str) -> View:
    """An open modal of this app. Raises `not_found`."""
    for (app_id, _), stack in world.modals.items():
        for view in stack:
            mine = external_id and view.content.get("external_id") == external_id
            if app_id == app.id and (view.id == view_id or mine):
                return view
    raise SlackRefused("not_found")


def publish_home(
    world: World, app: App, user: str, content: Mapping[str, Json], known: str = ""
) -> View:
    """Change somebody's home tab. Raises `not_enabled`, `hash_conflict`."""
    if not app.manifest.home_tab:
        raise SlackRefused("not_enabled")
    check_view(content, "home")
    old = world.homes.get((app.id, user))
    if old is not None and known and known != old.hash:
        raise SlackRefused("hash_conflict")
    view = _made(world, app, user, content, home=old or "home")
    world.homes[app.id, user] = view
    world.changes.add(Happening(kind="home", user=user))
    return view


def _made(
    world: World,
    app: App,
    user: str,
    content: Mapping[str, Json],
    home: View | str = "",
) -> View:
    view_id = home.id if isinstance(home, View) else world.mint.id("V")
    return View(
        id=view_id,
        app_id=app.id,
        user=user,
        kind="home" if home else "modal",
        content=_content(world, content),
        hash=_hash(world),
        root_view_id=view_id,
    )


def _content(world: World, content: Mapping[str, Json]) -> JsonObject:
    blocks = with_ids(arr(content.get("blocks")), lambda: world.mint.secret(length=5))
    return {**content, "blocks": list(blocks)}


def _hash(world: World) -> str:
    return f"{world.mint.seconds()}.{world.mint.secret(length=8)}"


def _tell(world: World, view: View) -> None:
    world.changes.add(Happening(kind="view", user=view.user))
