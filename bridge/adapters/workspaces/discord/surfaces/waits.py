"""How long people wait before they are told something."""

from bridge.domain.value import Value


class Waits(Value):
    """Seconds; Discord gives three until the first answer.

    After `form` Discord gets a first answer, whatever is still to be looked up; whoever wanted a
    form gets a button that opens it.
    After `choices` nothing is offered, and one goes on typing. After `answer` people are told that
    theirs takes its time.
    """

    form: float = 1.2
    choices: float = 2.0
    answer: float = 8.0
