"""What every channel promises, whatever platform is behind it.

A channel passes by subclassing `ChannelContract` and giving a `rig`: the adapter, started, in
front of its platform or a wire-level stand-in of it.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import count

import pytest

from bridge.domain.content import Choice, ContactCard, Content, Location, Quote, text_content
from bridge.domain.errors import (
    DeliveryRejected,
    NotSupported,
    Overloaded,
    StorageUnavailable,
    TemporaryFailure,
)
from bridge.domain.ids import Address, ExternalId, MessageId
from bridge.domain.message import Author
from bridge.domain.text import Bold, Bullets, CodeBlock, Paragraph, Plain, plain
from bridge.domain.value import Value
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.capabilities import Support
from bridge.ports.channel import ChannelAdapter, ChannelEvent, MessageReceived
from bridge.ports.fit import fit

SIGNS = "<b>*a*</b> _b_ ~c~ `d` [e](https://f.gh) @everyone <!channel> {g} %s &amp; \\ #1"

_keys = count(1)


class Line(Value):
    """One line as the customer reads it."""

    words: str
    files: int = 0
    choices: tuple[str, ...] = ()


class ChannelRig(ABC):
    """An adapter between a core that remembers and a platform that shows."""

    adapter: ChannelAdapter
    customer: Address
    """A customer whom the platform knows."""

    @abstractmethod
    def taken(self) -> Sequence[ChannelEvent]:
        """What the core took, each source once, oldest first."""

    @abstractmethod
    def refuse(self, fault: Exception) -> None:
        """From now on the core takes nothing, for this reason."""

    @abstractmethod
    async def write(self, text: str) -> bool:
        """The customer writes; true when the platform was told that it was taken."""

    @abstractmethod
    async def repeat(self) -> bool:
        """The platform delivers the last line once more, as after an answer that was lost."""

    @abstractmethod
    async def read(self) -> list[Line]:
        """Every line of ours that the customer sees now, oldest first."""

    @abstractmethod
    async def break_down(self) -> None:
        """From now on the platform takes no calls, but will again later."""


def post(content: Content, *, key: str = "", quoted: ExternalId | None = None) -> OutboundCall:
    """A new line of an agent."""
    return _call(CallKind.POST, content=content, key=key, quoted=quoted)


def _call(
    kind: CallKind,
    *,
    content: Content | None = None,
    about: ExternalId | None = None,
    quoted: ExternalId | None = None,
    emoji: str = "",
    key: str = "",
) -> OutboundCall:
    return OutboundCall(
        key=key or f"key-{next(_keys)}",
        kind=kind,
        content=content,
        author=Author.AGENT,
        name="Ana",
        external_id=about,
        quoted=quoted,
        emoji=emoji,
    )


class ChannelContract:
    """The promises of `bridge.ports.channel.ChannelAdapter`."""

    @pytest.fixture
    def rig(self) -> ChannelRig:
        """The channel under test; a subclass gives it."""
        raise NotImplementedError

    # --- in ---------------------------------------------------------------------------------

    async def test_a_customers_line_is_taken_with_his_words_and_a_name(
        self, rig: ChannelRig
    ) -> None:
        acknowledged = await rig.write("Olá! 👍🏽")

        (event,) = rig.taken()
        assert acknowledged
        assert isinstance(event, MessageReceived)
        assert (event.channel, event.address) == (rig.adapter.channel_id, rig.customer)
        assert event.content.words() == "Olá! 👍🏽"
        assert all(event.source)
        assert event.external_id

    async def test_a_line_that_is_delivered_twice_is_taken_once(self, rig: ChannelRig) -> None:
        await rig.write("Hello")

        acknowledged = await rig.repeat()

        assert acknowledged
        assert len(rig.taken()) == 1

    async def test_the_same_words_again_are_another_line(self, rig: ChannelRig) -> None:
        await rig.write("Hello?")
        await rig.write("Hello?")

        assert len(rig.taken()) == 2

    async def test_lines_are_taken_in_order(self, rig: ChannelRig) -> None:
        for number in range(5):
            await rig.write(str(number))

        words = [line.content.words() for line in rig.taken() if isinstance(line, MessageReceived)]
        assert words == ["0", "1", "2", "3", "4"]

    @pytest.mark.parametrize(
        "fault",
        [StorageUnavailable("the disk is full"), Overloaded("too much is waiting")],
        ids=["storage", "overload"],
    )
    async def test_what_was_not_stored_is_not_acknowledged(
        self, rig: ChannelRig, fault: Exception
    ) -> None:
        rig.refuse(fault)

        assert not await rig.write("Hello")

    async def test_a_customers_signs_stay_signs(self, rig: ChannelRig) -> None:
        await rig.write(SIGNS)

        (event,) = rig.taken()
        assert isinstance(event, MessageReceived)
        assert event.content.text == plain(SIGNS)

    # --- out --------------------------------------------------------------------------------

    async def test_a_line_of_ours_is_read_and_has_an_id(self, rig: ChannelRig) -> None:
        sent = await rig.adapter.send(rig.customer, post(text_content("Olá! 👍🏽")))

        assert sent.external_ids
        assert await rig.read() == [Line(words="Olá! 👍🏽")]

    async def test_two_lines_have_two_ids(self, rig: ChannelRig) -> None:
        one = await rig.adapter.send(rig.customer, post(text_content("a")))
        two = await rig.adapter.send(rig.customer, post(text_content("a")))

        assert not set(one.external_ids) & set(two.external_ids)
        assert len(await rig.read()) == 2

    async def test_our_signs_stay_signs(self, rig: ChannelRig) -> None:
        await rig.adapter.send(rig.customer, post(text_content(SIGNS)))

        assert await rig.read() == [Line(words=SIGNS)]

    async def test_the_longest_text_it_declares_is_read_whole(self, rig: ChannelRig) -> None:
        text = ("palavra " * rig.adapter.capabilities.max_text)[: rig.adapter.capabilities.max_text]
        text = text.strip()

        await rig.adapter.send(rig.customer, post(text_content(text)))

        assert await rig.read() == [Line(words=text)]

    async def test_whatever_was_fitted_is_sent(self, rig: ChannelRig) -> None:
        parts = fit(_everything(), rig.adapter.capabilities, "en").parts

        for part in parts:
            await rig.adapter.send(rig.customer, post(part))

        read = await rig.read()
        assert len(read) == len(parts)
        assert all(
            word in " ".join(line.words for line in read) for word in ("bold", "item", "x=1")
        )

    async def test_its_choices_are_shown_in_order(self, rig: ChannelRig) -> None:
        if rig.adapter.capabilities.choices is not Support.NATIVE:
            return  # Then `fit` makes them text.
        labels = tuple(f"Nº {number}" for number in range(rig.adapter.capabilities.max_choices))
        choices = tuple(Choice(id=label, label=label) for label in labels)

        await rig.adapter.send(rig.customer, post(Content(text=plain("Which?"), choices=choices)))

        assert await rig.read() == [Line(words="Which?", choices=labels)]

    # --- changes ----------------------------------------------------------------------------

    async def test_an_edit_is_read_instead_or_refused(self, rig: ChannelRig) -> None:
        sent = await rig.adapter.send(rig.customer, post(text_content("befroe")))
        edit = _call(CallKind.EDIT, content=text_content("before"), about=sent.external_ids[0])

        if rig.adapter.capabilities.edits is Support.NATIVE:
            await rig.adapter.send(rig.customer, edit)
            assert await rig.read() == [Line(words="before")]
        else:
            with pytest.raises(NotSupported):
                await rig.adapter.send(rig.customer, edit)

    async def test_a_deleted_line_is_gone_or_it_is_refused(self, rig: ChannelRig) -> None:
        sent = await rig.adapter.send(rig.customer, post(text_content("oops")))
        delete = _call(CallKind.DELETE, about=sent.external_ids[0])

        if rig.adapter.capabilities.deletes is Support.NATIVE:
            await rig.adapter.send(rig.customer, delete)
            assert await rig.read() == []
        else:
            with pytest.raises(NotSupported):
                await rig.adapter.send(rig.customer, delete)

    @pytest.mark.parametrize("kind", [CallKind.REACT, CallKind.UNREACT])
    async def test_a_reaction_is_taken_or_refused(self, rig: ChannelRig, kind: CallKind) -> None:
        sent = await rig.adapter.send(rig.customer, post(text_content("Done")))
        react = _call(kind, about=sent.external_ids[0], emoji="👍")

        if rig.adapter.capabilities.reactions is Support.NATIVE:
            await rig.adapter.send(rig.customer, react)
            assert await rig.read() == [Line(words="Done")]
        else:
            with pytest.raises(NotSupported):
                await rig.adapter.send(rig.customer, react)

    @pytest.mark.parametrize("kind", [CallKind.EDIT, CallKind.DELETE, CallKind.REACT])
    async def test_a_line_that_is_not_there_cannot_be_changed(
        self, rig: ChannelRig, kind: CallKind
    ) -> None:
        nowhere = _call(
            kind, content=text_content("x"), about=ExternalId("no such line"), emoji="👍"
        )

        with pytest.raises(DeliveryRejected):
            await rig.adapter.send(rig.customer, nowhere)

    async def test_an_answer_to_a_line_that_is_quoted_is_read(self, rig: ChannelRig) -> None:
        sent = await rig.adapter.send(rig.customer, post(text_content("Which?")))
        quote = Quote(message=MessageId(1), author="Ana", excerpt="Which?")

        answer = Content(text=plain("The blue one"), quote=quote)
        await rig.adapter.send(rig.customer, post(answer, quoted=sent.external_ids[0]))

        assert [line.words for line in await rig.read()][-1].endswith("The blue one")

    # --- trouble ----------------------------------------------------------------------------

    async def test_a_platform_that_is_down_is_to_be_tried_again(self, rig: ChannelRig) -> None:
        await rig.break_down()

        with pytest.raises(TemporaryFailure):
            await rig.adapter.send(rig.customer, post(text_content("Hello")))

    @pytest.mark.parametrize("address", ["", "\n", "no body/\x00", "x" * 5_000])
    async def test_a_customer_who_cannot_be_is_refused_for_good(
        self, rig: ChannelRig, address: str
    ) -> None:
        with pytest.raises(DeliveryRejected):
            await rig.adapter.send(Address(address), post(text_content("Hello")))

    async def test_a_line_without_anything_is_refused(self, rig: ChannelRig) -> None:
        with pytest.raises(DeliveryRejected):
            await rig.adapter.send(rig.customer, post(Content()))

    async def test_it_may_be_stopped_twice(self, rig: ChannelRig) -> None:
        await rig.adapter.stop()
        await rig.adapter.stop()


class RepeatsSafely:
    """A further promise, of a platform that takes our key: the same call again has one effect."""

    async def test_the_same_call_again_is_one_line(self, rig: ChannelRig) -> None:
        call = post(text_content("Hello"), key="once")

        first = await rig.adapter.send(rig.customer, call)
        second = await rig.adapter.send(rig.customer, call)

        assert first.external_ids == second.external_ids
        assert await rig.read() == [Line(words="Hello")]


def _everything() -> Content:
    """Every kind of content at once, but for files, which each rig stores in its own way."""
    items = (plain("item one"), plain("item two"))
    return Content(
        text=(
            Paragraph(spans=(Bold(spans=(Plain(text="bold"),)),)),
            Bullets(items=items, ordered=True),
            CodeBlock(text="x=1"),
        ),
        quote=Quote(message=None, author="Bia", excerpt="earlier"),
        choices=tuple(Choice(id=str(number), label=f"Choice {number}") for number in range(30)),
        location=Location(latitude=-23.5505, longitude=-46.6333, name="Café"),
        contact_card=ContactCard(name="Bia", phones=("+5511912345678",)),
    )
