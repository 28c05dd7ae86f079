"""How a command is declared, invoked and answered, whatever the surface."""

from enum import StrEnum

from bridge.domain.agent import Role
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import RoomRef, SourceKey, ThreadRef, WorkspaceId, WorkspaceUserId
from bridge.domain.text import FormattedText
from bridge.domain.value import Value


class ArgumentKind(StrEnum):
    """What a form or a completion offers for an argument."""

    WORD = "word"
    TEXT = "text"
    CHOICE = "choice"
    AGENT = "agent"
    QUEUE = "queue"
    TARGET = "target"
    TEMPLATE = "template"
    TICKET = "ticket"
    CONVERSATION = "conversation"
    PHONE = "phone"


class ArgumentSpec(Value):
    """One argument; catalogue key of its label: `command.<command>.<name>`."""

    name: str
    kind: ArgumentKind
    required: bool = False
    choices: tuple[str, ...] = ()


class CommandSpec(Value):
    """What adapters declare on their platform.

    Catalogue keys: `command.<name>.title`, `command.<name>.help`. `reads` commands change
    nothing. `in_thread` says whether it acts on a conversation.
    """

    name: str
    arguments: tuple[ArgumentSpec, ...] = ()
    in_thread: bool = True
    reads: bool = False


class UserKind(StrEnum):
    """What the workspace says of a person; only a member can be an agent."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"
    BOT = "bot"
    GONE = "gone"


class WorkspaceUser(Value):
    """A person of a workspace as the adapter knows him now.

    `role` is what the workspace's own roles make of him at this moment, where they were given a
    meaning; it counts instead of the agent's own. None: they say nothing.
    """

    id: WorkspaceUserId
    name: str
    kind: UserKind = UserKind.MEMBER
    role: Role | None = None


class CommandInvoked(Value, tag="command_invoked"):
    """A person ran a command: slash, button, shortcut, mention or `!text`, all the same.

    The conversation is named by `thread`, or by `number`, or by `#n` inside `text`. Forms fill
    `arguments`; typed commands leave what follows the name in `text`, where a person is written
    `@handle` or `<@user id>` and a room `<#room id>`, whatever the platform's own spelling.
    `room` is the room it was typed in. `confirmed` answers a question that the command asked
    before.
    """

    workspace: WorkspaceId
    source: tuple[SourceKey, ...]
    user: WorkspaceUser
    command: str
    text: str = ""
    arguments: dict[str, str] = {}
    thread: ThreadRef | None = None
    number: int | None = None
    room: RoomRef | None = None
    confirmed: bool = False


class Answer(Value):
    """What the person who ran a command is told, in his language, privately.

    `code` is the outcome's word (`ok`, `already_taken`, ...), for programs and tests. `offers`
    are buttons that go on from here (confirm, force, queue instead).
    """

    ok: bool
    code: str
    text: FormattedText
    offers: tuple[OfferedCommand, ...] = ()
