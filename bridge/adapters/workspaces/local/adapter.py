"""The local workspace as an adapter: what the desk asks for becomes entries of our journals."""

from collections.abc import Iterable, Sequence

from aiohttp import web

from bridge.adapters.workspaces.local.capabilities import CAPABILITIES
from bridge.adapters.workspaces.local.entries import (
    Deleted,
    Edited,
    Marked,
    Posted,
    Reacted,
    ThreadEntry,
    Whispered,
)
from bridge.adapters.workspaces.local.live import Pace
from bridge.adapters.workspaces.local.passwords import Passwords
from bridge.adapters.workspaces.local.people import NOBODY, Invitation, User
from bridge.adapters.workspaces.local.settings import LocalSettings
from bridge.adapters.workspaces.local.site import Site
from bridge.adapters.workspaces.local.threads import journal_of
from bridge.adapters.workspaces.local.whispers import entry_of
from bridge.domain.card import ConversationCard
from bridge.domain.content import Content
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import DeliveryRejected, InvalidSettings, NotFound
from bridge.domain.ids import ExternalId, Instant, Language, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.text import FormattedText
from bridge.locales import say
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.capabilities import WorkspaceCapabilities
from bridge.ports.commands import CommandSpec
from bridge.ports.failpoints import failpoint
from bridge.ports.http import Page
from bridge.ports.personal import Customer, Keeps
from bridge.ports.plugin import AdapterContext, Check
from bridge.ports.workspace import BindingKey, WayIn, WorkspaceSink

PREFIX = "/desk"

_NOBODY_JOINED = (
    "deskbridge agents invite AGENT prints a one-time link; "
    "a team that answers in Slack or Discord alone need not sign in here"
)


class LocalWorkspace:
    """A workspace whose platform is this process: threads, people and pages are our own."""

    capabilities: WorkspaceCapabilities = CAPABILITIES

    def __init__(
        self,
        settings: LocalSettings,
        context: AdapterContext,
        pace: Pace | None = None,
        passwords: Passwords | None = None,
    ) -> None:
        """Put the parts together; nothing is read or written yet."""
        self.site = Site(settings, context, pace or Pace(), passwords or Passwords())
        self.workspace_id = self.site.id

    async def start(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """Begin: pages answer from now on."""
        self.site.connect(sink, commands)
        await self.site.sessions.sweep()

    async def stop(self) -> None:
        """Stop: open streams end, pages say that the desk is not running."""
        await self.site.disconnect()

    # --- threads ----------------------------------------------------------------------------

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        """The thread of this binding, opened if it is not."""
        return await self.site.threads.open(binding, room, card, members)

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """Add what the call says to the thread's journal; the call's key makes it once."""
        await self._must_exist(thread)
        entry = self._entry(call)
        failpoint("local.send")
        seq = await self.site.threads.append(thread, f"call:{call.key}", entry)
        failpoint("local.sent")
        return ExternalId(str(seq)) if call.kind is CallKind.POST else None

    async def convert_thread(self, thread: ThreadRef) -> None:
        """People may write in it from now on."""
        await self._must_exist(thread)
        await self.site.threads.convert(thread)

    async def redraw(self, thread: ThreadRef, card: ConversationCard) -> None:
        """Show this card."""
        await self._must_exist(thread)
        await self.site.threads.redraw(thread, card)

    async def close_thread(self, thread: ThreadRef, card: ConversationCard, hide: bool) -> None:
        """Take no more replies; `hide` takes it away from its members."""
        await self._must_exist(thread)
        await self.site.threads.close(thread, card, hide)

    async def mark(
        self, thread: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        """Mark a line, or take the mark away; the last word counts, however often it is said."""
        await self._must_exist(thread)
        line = _seq(external_id)
        shown = (await self.site.threads.timeline(thread)).line(line)
        if shown is not None and (mark in shown.marks) is removed:
            entry = Marked(line=line, mark=mark, removed=removed)
            await self.site.threads.ring(thread, entry)

    async def whisper(
        self,
        to: WorkspaceUserId,
        thread: ThreadRef | None,
        text: FormattedText,
        offers: tuple[OfferedCommand, ...],
        key: str,
    ) -> None:
        """Tell one person; he sees it until he puts it away."""
        told = Whispered(at=self.site.clock.now(), text=text, thread=thread, offers=offers)
        await self.site.whispers.add(to, key, told)

    async def kept_of(self, customer: Customer) -> Keeps:
        """The threads of his conversations, and what people were told of them in private."""
        documents = [await self.site.threads.kept_of(ref) for ref in customer.threads]
        return Keeps(
            journals=tuple(map(journal_of, customer.threads)),
            documents=tuple(each for some in documents for each in some),
            entries=tuple(entry_of(to, key) for key, to in customer.calls if to is not None),
        )

    async def _must_exist(self, thread: ThreadRef) -> None:
        try:
            await self.site.threads.head(thread)
        except NotFound as error:
            raise DeliveryRejected(str(error), "thread_gone") from error

    def _entry(self, call: OutboundCall) -> ThreadEntry:
        match call.kind:
            case CallKind.POST:
                return Posted(
                    at=self.site.clock.now(),
                    author=call.author,
                    name=call.name,
                    content=call.content or Content(),
                    quoted=_optional_seq(call.quoted),
                    mentioned=call.mentions,
                    note=call.note,
                )
            case CallKind.EDIT:
                return Edited(line=_seq(call.external_id), content=call.content or Content())
            case CallKind.DELETE:
                return Deleted(line=_seq(call.external_id))
            case CallKind.REACT | CallKind.UNREACT:
                return Reacted(
                    line=_seq(call.external_id),
                    emoji=call.emoji,
                    name=call.name,
                    removed=call.kind is CallKind.UNREACT,
                )

    # --- people -----------------------------------------------------------------------------

    async def can_sign_in(self, user: WorkspaceUserId) -> bool:
        """Whether this person has chosen a password and may use it."""
        found = await self.site.people.user(user)
        return found is not None and found.joined and found.active

    async def invited_until(self, user: WorkspaceUserId) -> Instant | None:
        """Until when this person's link works; the nameless first admin's is made anew at will."""
        found = await self.site.people.user(user)
        if found is None or found.nameless or not found.active:
            return None
        return await self.site.people.invited_until(user)

    async def first_way_in(self, user: WorkspaceUserId | None) -> WayIn:
        """A fresh one-time link for the first admin, who says there who he is."""
        known = None if user is None else await self.site.people.user(user)
        return await self._way_in(known or await self.site.people.add(NOBODY, "Admin"))

    async def invite(self, email: str, name: str = "") -> Invitation:
        """A one-time link for a person; for one who is there already, a new password."""
        return await self.site.people.invite(await self.site.people.add(email, name))

    def link(self, invitation: Invitation) -> str:
        """The address to be opened with an invitation."""
        return f"{self.site.context.public_url}{PREFIX}/join/{invitation.token}"

    async def way_in(self, email: str, name: str) -> WayIn:
        """A fresh one-time link for this person."""
        return await self._way_in(await self.site.people.add(email, name))

    async def _way_in(self, user: User) -> WayIn:
        invitation = await self.site.people.invite(user)
        return WayIn(
            user=invitation.user, url=self.link(invitation), expires_at=invitation.expires_at
        )

    async def demo_user(self, handle: str, name: str) -> WorkspaceUserId:
        """A person of the demo, without a password. Raises `InvalidSettings` elsewhere."""
        if not self.site.context.demo:
            raise InvalidSettings("demo people exist in the demo only")
        user = await self.site.people.add(f"{handle}@demo.localhost", name, id=f"demo-{handle}")
        return user.id

    async def person(self, user: WorkspaceUserId) -> User | None:
        """A person as we keep him."""
        return await self.site.people.user(user)

    # --- abilities --------------------------------------------------------------------------

    async def show_typing(self, to: str, name: str) -> None:
        """Tell the pages that show this thread; nothing is kept."""
        self.site.hub.typing(ThreadRef(to), name)

    def routes(self) -> Iterable[web.RouteDef]:
        """Every page, all under `/desk`."""
        from bridge.adapters.workspaces.local.pages import routes

        return routes(self.site)

    def page(self, language: Language) -> Page:
        """Where agents sign in."""
        return Page(
            path=PREFIX,
            title=say(language, "web.workspace.title"),
            help=say(language, "web.workspace.help"),
        )

    async def diagnose(self) -> tuple[Check, ...]:
        """Whether somebody can sign in, and whether cookies travel encrypted."""
        return (await self._diagnose_people(), self._diagnose_address())

    async def _diagnose_people(self) -> Check:
        """A warning at most: where the team answers from another workspace nobody need sign in."""
        joined = [user for user in await self.site.people.everybody() if user.joined]
        return Check(
            name="people",
            ok=True,
            warning=not joined and not self.site.context.demo,
            detail=f"{len(joined)} can sign in",
            fix="" if joined else _NOBODY_JOINED,
        )

    def _diagnose_address(self) -> Check:
        url = self.site.context.public_url
        safe = url.startswith(("https://", "http://127.", "http://localhost", "http://[::1]"))
        fix = "" if safe else "serve it over https and set public_url accordingly"
        return Check(name="address", ok=safe, detail=url, fix=fix)


def _optional_seq(external_id: ExternalId | None) -> int | None:
    return None if external_id is None else _seq(external_id)


def _seq(external_id: ExternalId | None) -> int:
    try:
        return int(external_id or "")
    except ValueError as error:
        raise DeliveryRejected(f"no line {external_id!r}", "line_gone") from error
