"""What a menu bot knows: a script that was read, checked and made ready."""

from bridge.adapters.bots.menu.words import Words
from bridge.domain.conversation import Priority
from bridge.domain.text import FormattedText
from bridge.domain.value import Value

PERSON = "person"
"""The id of the choice on every menu that calls a person."""
START = "start"
"""The id of the choice on every other menu that leads back to the first."""


class Saying(Value):
    """A text in one language or more; the first is for readers of any other."""

    texts: dict[str, FormattedText]

    def to(self, language: str) -> FormattedText:
        """The text for a reader of this language."""
        return self.texts.get(language) or next(iter(self.texts.values()))


class Label(Value):
    """What stands on a button, by language as in `Saying`."""

    texts: dict[str, str]

    def to(self, language: str) -> str:
        """The label for a reader of this language."""
        return self.texts.get(language) or next(iter(self.texts.values()))


class Handover(Value):
    """A person is called: into this queue (None: the desk chooses), with this priority."""

    queue: str | None
    priority: Priority


class Action(Value):
    """What to do: say something, then show a menu, call a person or say goodbye.

    With nothing behind the saying, the bot asks whether there is anything else.
    """

    say: Saying | None = None
    menu: str | None = None
    handover: Handover | None = None
    close: bool = False


class Option(Value):
    """A choice of a menu."""

    id: str
    label: Label
    action: Action
    labels: frozenset[Words]
    """The label as typed, in every language."""
    keywords: tuple[Words, ...] = ()


class Answer(Value):
    """What to do when a customer's words contain one of these, in any menu."""

    keywords: tuple[Words, ...]
    action: Action


class Menu(Value):
    """A question and everything that may be chosen, as it is numbered."""

    name: str
    text: Saying
    options: tuple[Option, ...]


class Texts(Value):
    """What the bot says by itself."""

    greeting: Saying
    again: Saying
    misunderstood: Saying
    only_text: Saying
    gave_up: Saying
    handing_over: Saying
    nobody: Saying
    nobody_stay: Saying
    goodbye: Saying
    returned: Saying | None


class Script(Value):
    """Everything a menu bot needs to decide.

    `misunderstandings` in a row call a person. `queue_anyway`: a customer waits in line although
    nobody is available. `numbering` are the words people put before a number.
    """

    start: str
    menus: dict[str, Menu]
    person: Option
    answers: tuple[Answer, ...]
    texts: Texts
    misunderstandings: int
    queue_anyway: bool
    beginnings: tuple[Words, ...]
    """What leads to the first menu when nothing else is said: `menu`, `good morning`."""
    numbering: frozenset[str]
    callers: tuple[Words, ...]
    """What calls a person when nothing else is said: `someone`, `a person please`."""
    asking: tuple[Words, ...]
    """The words that only ask: `I want`, `please`."""

    def option(self, option_id: str) -> Option | None:
        """The choice of this id, on whatever menu it is."""
        every = (option for menu in self.menus.values() for option in menu.options)
        return next((option for option in every if option.id == option_id), None)
