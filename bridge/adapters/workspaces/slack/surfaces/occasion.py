"""Who asks for something, where, and how he can be answered: read from Slack's payloads; pure."""

from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet, read_sheet
from bridge.domain.ids import SourceKey, ThreadRef
from bridge.domain.value import Value


class Occasion(Value):
    """One thing that somebody did.

    `key` is the same when Slack sends it again. `root` is the ts of the thread's root; `in_thread`
    says that its reader looks at the thread. `trigger` opens one modal within 3 seconds,
    `response_url` takes answers for 30 minutes; `replaces` says that an answer goes in the place
    of the private one that was pressed. `view` is the modal that it was done in.
    """

    user: str
    key: SourceKey
    channel: str = ""
    root: str = ""
    in_thread: bool = False
    trigger: str = ""
    response_url: str = ""
    replaces: bool = False
    view: str = ""
    sheet: Sheet | None = None

    @property
    def thread(self) -> ThreadRef | None:
        """The thread that it is about."""
        return thread_ref(self.channel, self.root) if self.channel and self.root else None


def of_action(payload: Payload) -> Occasion:
    """A press on a message, on a private answer, in a modal or on the home."""
    if isinstance(payload.get("view"), dict):
        return of_view(payload)
    container = _object(payload, "container")
    message = _object(payload, "message")
    private = bool(container.get("is_ephemeral"))
    under = _text(container, "thread_ts") or _text(message, "thread_ts")
    return Occasion(
        user=_user(payload),
        key=_key(payload),
        channel=_text(container, "channel_id") or _text(_object(payload, "channel"), "id"),
        root=under or ("" if private else _text(container, "message_ts")),
        in_thread=bool(under),
        trigger=_text(payload, "trigger_id"),
        response_url=_text(payload, "response_url"),
        replaces=private,
    )


def of_view(payload: Payload) -> Occasion:
    """A press in a modal or on the home, or a modal that was sent."""
    view = _object(payload, "view")
    sheet = read_sheet(_text(view, "private_metadata"))
    return Occasion(
        user=_user(payload),
        key=_key(payload),
        channel=sheet.channel,
        root=sheet.root,
        in_thread=sheet.in_thread,
        trigger=_text(payload, "trigger_id"),
        view=_text(view, "id") if view.get("type") == "modal" else "",
        sheet=sheet,
    )


def of_shortcut(payload: Payload) -> Occasion:
    """A shortcut, on a message or anywhere."""
    message = _object(payload, "message")
    under = _text(message, "thread_ts")
    return Occasion(
        user=_user(payload),
        key=_key(payload),
        channel=_text(_object(payload, "channel"), "id"),
        root=under or _text(message, "ts"),
        in_thread=bool(under),
        trigger=_text(payload, "trigger_id"),
        response_url=_text(payload, "response_url"),
    )


def of_slash(payload: Payload) -> Occasion:
    """A slash command; Slack lets nobody type one in a thread."""
    return Occasion(
        user=_text(payload, "user_id"),
        key=_key(payload),
        channel=_text(payload, "channel_id"),
        trigger=_text(payload, "trigger_id"),
        response_url=_text(payload, "response_url"),
    )


def _key(payload: Payload) -> SourceKey:
    """Slack gives every gesture a trigger id of its own."""
    return SourceKey(f"act:{_text(payload, 'trigger_id')}")


def _user(payload: Payload) -> str:
    return _text(_object(payload, "user"), "id")


def _object(payload: Payload, name: str) -> Payload:
    value = payload.get(name)
    return value if isinstance(value, dict) else {}


def _text(payload: Payload, name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""
