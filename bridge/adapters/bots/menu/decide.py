"""What the menu bot answers. Pure: the same call of the same script has the same answer."""

from msgspec.structs import replace

from bridge.adapters.bots.menu.memory import Memory, remember
from bridge.adapters.bots.menu.script import PERSON, START, Handover, Saying, Script
from bridge.adapters.bots.menu.understand import Understood, understand
from bridge.domain.content import Choice, Content
from bridge.domain.delivery import ANSWERED, BotEventKind
from bridge.locales import say
from bridge.ports.bot import BotCall, BotReply, Handoff

ASKED = "asked"
NOT_UNDERSTOOD = "not_understood"


def decide(script: Script, memory: str, call: BotCall) -> BotReply:
    """Answer one event. A customer who wrote anything at all gets an answer or a person."""
    if call.kind not in ANSWERED:
        return BotReply()
    talk = _Talk(script, call, remember(memory, script))
    if call.kind is BotEventKind.HANDOFF_RETURNED:
        talk.come_back()
    elif call.kind is BotEventKind.CONVERSATION_CREATED or not memory:
        talk.begin()
    else:
        talk.listen()
    return talk.reply()


class _Talk:
    """One answer in the making."""

    def __init__(self, script: Script, call: BotCall, memory: Memory) -> None:
        """Begin with nothing said."""
        self._script = script
        self._call = call
        self._memory = memory
        self._lines: list[Content] = []
        self._handoff: Handoff | None = None
        self._close = False
        self._over = False

    def reply(self) -> BotReply:
        """Everything that was decided."""
        return BotReply(
            messages=tuple(self._lines),
            handoff=self._handoff,
            close=self._close,
            memory="" if self._over else self._memory.text(),
        )

    def begin(self) -> None:
        """Greet, then do what he asks for already, or show what can be asked for."""
        self._say(self._script.texts.greeting)
        self._begin_with(self._understand())

    def come_back(self) -> None:
        """A person gave the conversation back; answer what nobody answered.

        If nothing is open the talk is over: whoever writes again is greeted again.
        """
        self._memory = Memory(menu=self._script.start)
        if self._script.texts.returned is not None:
            self._say(self._script.texts.returned)
        self._over = self._call.content is None
        if not self._over:
            self._begin_with(self._understand())

    def _begin_with(self, understood: Understood | None) -> None:
        """What he asks for already, or the first menu."""
        if understood is None:
            self._show(self._script.start)
        else:
            self._do(understood)

    def listen(self) -> None:
        """Do what he asks for; if we do not know what it is, say so, at last with a person."""
        understood = self._understand()
        if understood is not None:
            self._do(understood)
            return
        self._memory = replace(self._memory, missed=self._memory.missed + 1)
        if self._memory.missed >= self._script.misunderstandings:
            self._give_up()
            return
        texts = self._script.texts
        content = self._call.content
        wordless = content is not None and not content.words().strip()
        self._ask(texts.only_text if wordless else texts.misunderstood)

    def _understand(self) -> Understood | None:
        if self._call.content is None:
            return None
        menu = self._script.menus[self._memory.menu]
        return understand(self._script, menu, self._call.content)

    def _do(self, understood: Understood) -> None:
        self._memory = replace(self._memory, missed=0)
        if understood.option is not None and understood.option.id not in (PERSON, START):
            self._memory = self._memory.after(understood.option.id)
        action = understood.action
        if action.say is not None:
            self._say(action.say)
        if action.handover is not None:
            self._hand_over(action.handover, ASKED)
        elif action.menu is not None:
            self._show(action.menu)
        elif action.close:
            self._say_goodbye(action.say)
        else:
            self._ask(self._script.texts.again)

    def _say(self, saying: Saying) -> None:
        self._lines.append(Content(text=saying.to(self._call.language)))

    def _ask(self, question: Saying) -> None:
        """Say it over the choices of his menu."""
        language = self._call.language
        options = self._script.menus[self._memory.menu].options
        choices = tuple(Choice(id=option.id, label=option.label.to(language)) for option in options)
        self._lines.append(Content(text=question.to(language), choices=choices))

    def _show(self, menu: str) -> None:
        way = () if menu == self._script.start else self._memory.way
        self._memory = replace(self._memory, menu=menu, way=way)
        self._ask(self._script.menus[menu].text)

    def _say_goodbye(self, said: Saying | None) -> None:
        if said is None:
            self._say(self._script.texts.goodbye)
        self._memory = Memory(menu=self._script.start)
        self._close = True

    def _give_up(self) -> None:
        self._say(self._script.texts.gave_up)
        handover = self._script.person.action.handover
        assert handover is not None, "the choice of a person hands over"
        self._hand_over(handover, NOT_UNDERSTOOD)

    def _hand_over(self, handover: Handover, reason: str) -> None:
        texts = self._script.texts
        nobody = self._nobody_in(handover.queue)
        if nobody and not self._script.queue_anyway:
            self._memory = replace(self._memory, missed=0)
            self._ask(texts.nobody_stay)
            return
        self._say(texts.nobody if nobody else texts.handing_over)
        self._handoff = Handoff(
            queue=handover.queue,
            reason=reason,
            summary=self._summary(reason),
            priority=handover.priority,
        )
        self._memory = Memory(menu=self._script.start)

    def _nobody_in(self, queue: str | None) -> bool:
        """True when we know that nobody is available there; where the desk chooses, anywhere."""
        queues = self._call.queues
        asked = [each for each in queues if each.name == queue] or queues
        return bool(asked) and not any(each.available for each in asked)

    def _summary(self, reason: str) -> str:
        """What he chose on his way here, and the words that we did not understand."""
        language = self._call.language
        options = filter(None, map(self._script.option, self._memory.way))
        labels = " › ".join(option.label.to(language) for option in options)
        lines = [say(language, "menu_bot.summary.chose", labels=labels)] if labels else []
        words = self._call.content.excerpt() if self._call.content else ""
        if words and reason == NOT_UNDERSTOOD:
            lines.append(say(language, "menu_bot.summary.wrote", words=words))
        return "\n".join(lines)
