"""What customers do: their lines, edits, deletions, reactions and receipts come in."""

from msgspec.structs import replace

from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity, Refuses
from bridge.domain.content import Content, Quote
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import (
    AskBot,
    BotEventKind,
    PostLine,
)
from bridge.domain.events import Actor, ActorKind, EventKind
from bridge.domain.ids import (
    Address,
    ChannelId,
    ContactId,
    ConversationId,
    ExternalId,
    IdentityId,
    Language,
    after,
)
from bridge.domain.message import (
    Author,
    Message,
    MessageLink,
    channel_scope,
)
from bridge.domain.names import tidy_name
from bridge.engine import deliveries
from bridge.engine.control import admitting, bot_news
from bridge.engine.lines import names, window
from bridge.engine.step import Step
from bridge.locales import say
from bridge.ports.channel import (
    Accepted,
    MessageReceived,
)
from bridge.ports.fit import fit

_BY_PEOPLE = (State.WAITING, State.OFFERED, State.PARKED)


def message_received(step: Step, event: MessageReceived) -> Accepted:
    """A customer's line: kept, then to the bot, the waiting cards or the holder's thread."""
    every = (event.address, *event.also)
    known = names.find(step.desk, event.channel, every, event.certain)
    identity = _identity(step, event, known)
    if event.also or event.certain:
        identity = names.meet(step, identity, every, event.certain)
    conversation = step.desk.current(identity.id) or open_conversation(
        step, identity, first=known is None
    )
    content = event.content
    if event.quoted is not None:
        content = _with_quote(step, event.channel, content, event.quoted)
    message = step.message(conversation.id, Author.CUSTOMER, identity.name, content)
    step.link(
        MessageLink(
            message=message.id,
            conversation=conversation.id,
            scope=channel_scope(event.channel),
            external_id=event.external_id,
        )
    )
    at = window.last_line_at(step, conversation, event.at)
    conversation = step.touch(replace(conversation, last_customer_at=at, warned=False))
    _pass_on(step, conversation, message)
    return Accepted(message=message.id)


def _pass_on(step: Step, conversation: Conversation, message: Message) -> None:
    if conversation.state is State.BOT:
        to_bot(step, conversation, message.content)
    elif conversation.state in _BY_PEOPLE:
        step.redraw(conversation.id)
    elif conversation.started_by is not None and conversation.replied_at is None:
        _first_answer(step, conversation)
    if step.channel(conversation).capabilities.reply_window is not None:
        step.redraw(conversation.id)
    if conversation.state is not State.BOT:
        bot_news.overheard(step, conversation, message)
    mirror(step, conversation, message)


def to_bot(step: Step, conversation: Conversation, content: Content) -> None:
    """Ask the bot; a channel without one hands over at once."""
    asked = deliveries.to_bot(
        step,
        conversation,
        AskBot(kind=BotEventKind.MESSAGE_CREATED, epoch=conversation.epoch, content=content),
    )
    if asked is None:
        hand_over(step, conversation, "no_bot")
    elif conversation.bot_due is None:
        due = after(step.now, step.desk.options.bot_deadline)
        step.touch(replace(conversation, bot_due=due))


def hand_over(step: Step, conversation: Conversation, cause: str) -> None:
    """Bring a conversation from the bot to the default queue, if there is any."""
    queue = step.desk.default_queue()
    if queue is not None:
        actor = Actor(kind=ActorKind.SYSTEM, name=step.desk.options.brand)
        admitting.admit(step, replace(conversation, reason=cause), queue, actor, cause)


def _first_answer(step: Step, conversation: Conversation) -> None:
    """The customer answers a conversation that a person began: from now on it takes a slot."""
    hold = step.desk.hold_on(conversation.id)
    agent = None if hold is None else step.desk.agents.get(hold.agent)
    if hold is None or agent is None or hold.slot is not None:
        return
    step.desk.holds.put(replace(hold, slot=step.desk.free_slot(agent)))
    step.shifted[agent.id] = None
    step.put(replace(conversation, assigned_at=step.now, started_by=None))


def mirror(step: Step, conversation: Conversation, message: Message) -> None:
    """Post a customer's line in every thread that follows the conversation."""
    for binding in step.desk.bindings_of(conversation.id):
        if binding.mirrors and binding.closed_at is None:
            post_in_thread(step, conversation, binding, message)


def post_in_thread(
    step: Step, conversation: Conversation, binding: Binding, message: Message
) -> None:
    """Post one line in one thread, in as many parts as it takes."""
    place = step.desk.places.workspaces[binding.workspace]
    fitted = fit(message.content, place.capabilities, place.language)
    name = shown_name(step, conversation.channel, message, place.language)
    for number, part in enumerate(fitted.parts):
        deliveries.to_thread(
            step,
            binding,
            PostLine(
                message=message.id,
                content=part,
                author=message.author,
                name=name,
                part=number,
                quoted=None if part.quote is None else part.quote.message,
                note=message.internal and message.author is Author.AGENT,
            ),
        )


def shown_name(step: Step, channel: ChannelId, message: Message, language: Language) -> str:
    """Who speaks, as the team reads it: a customer with the channel he writes on."""
    if message.author is not Author.CUSTOMER:
        return message.name
    return f"{message.name} ({step.desk.places.channels[channel].called(language)})"


def open_conversation(step: Step, identity: Identity, *, first: bool = False) -> Conversation:
    """A new exchange with this customer, held by the bot; `first` begins his history."""
    desk = step.desk
    conversation = step.put(
        Conversation(
            id=ConversationId(step.new_id()),
            number=desk.next_number(),
            public_id=step.new_public_id(),
            identity=identity.id,
            contact=identity.contact,
            channel=identity.channel,
            opened_at=step.now,
            language=identity.language or desk.options.language,
        )
    )
    actor = Actor(kind=ActorKind.CUSTOMER, name=identity.name)
    label = desk.places.channels[identity.channel].label
    about = conversation.id
    if first:
        name, kind = identity.name, EventKind.CONTACT_CREATED
        step.event(kind, actor, conversation=about, name=name, channel=label)
    step.event(EventKind.CONVERSATION_CREATED, actor, conversation=about, channel=label)
    bot_news.tell(step, conversation, BotEventKind.CONVERSATION_CREATED)
    return conversation


def _identity(step: Step, event: MessageReceived, known: Identity | None) -> Identity:
    if known is None:
        name = tidy_name(event.name)
        if event.certain is not None:
            names.make_room(step, event.channel, (event.address, *event.also))
        return new_identity(
            step, event.channel, event.address, name, event.language, anonymous=event.anonymous
        )
    name = called(known, event)
    language = event.language or known.language
    if known.refuses is Refuses.EVERYTHING:  # who writes wants an answer
        known = step.desk.identities.put(replace(known, refuses=Refuses.NOTHING))
    if (name, language) == (known.name, known.language):
        return known
    if name != known.name:
        contact = step.desk.contacts[known.contact]
        step.desk.contacts.put(replace(contact, name=name))
    return step.desk.identities.put(replace(known, name=name, language=language))


def called(known: Identity, event: MessageReceived) -> str:
    """The name a customer goes by from this line on."""
    if event.name == known.name:
        return known.name  # it was tidied when we learned it
    return tidy_name(event.name) or known.name


def new_identity(
    step: Step,
    channel: ChannelId,
    address: Address,
    name: str,
    language: Language | None,
    *,
    anonymous: bool = False,
) -> Identity:
    """A customer we did not know."""
    contact = step.desk.contacts.put(
        Contact(
            id=ContactId(step.new_id()),
            name=name or _nameless(address, step.desk.options.language),
            created_at=step.now,
        )
    )
    identity = step.desk.identities.put(
        Identity(
            id=IdentityId(step.new_id()),
            contact=contact.id,
            channel=channel,
            address=address,
            name=contact.name,
            language=language,
            anonymous=anonymous,
        )
    )
    step.learn_address(identity, address)
    return identity


def _nameless(address: str, language: Language) -> str:
    """What the team calls a customer without a name: by number, or by the address's tail."""
    if address.startswith("+"):
        return address
    return say(language, "thread.nameless", tail=address[-4:])


def _with_quote(step: Step, channel: ChannelId, content: Content, quoted: ExternalId) -> Content:
    link = step.desk.links.get((channel_scope(channel), quoted))
    message = None if link is None else step.desk.line(link.message)
    if message is None:
        return content
    return replace(content, quote=quote_of(message))


def quote_of(message: Message) -> Quote:
    """What reminds of a message that is answered."""
    return Quote(message=message.id, author=message.name, excerpt=message.content.excerpt())
