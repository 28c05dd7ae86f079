"""A scenario, read from JSON: queues, who comes, and who answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bridge.domain.errors import DeskbridgeError
from bridge.domain.queue import Order, Strategy

Level = Literal["urgent", "high", "normal", "low"]
Positive = Annotated[float, Field(gt=0, le=1e9)]
Name = Annotated[str, Field(min_length=1, max_length=64)]

_MOST = 64
_PLAINLY = {
    "extra_forbidden": "there is no such key",
    "missing": "is missing",
    "too_short": "there must be at least one",
}


class InvalidScenario(DeskbridgeError):
    """The scenario cannot be played; every line names a key by its path and says why."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Law(_Part):
    """How long something takes.

    `cv` is the standard deviation over the mean. An exponential time has 1 and a deterministic one
    0 by itself; an erlang time has the whole number of phases that is nearest to 1 / cv².
    """

    law: Literal["exponential", "deterministic", "gamma", "lognormal", "erlang"]
    mean: Positive
    cv: Annotated[float, Field(ge=0, le=10)] = 1.0


class QueueSpec(_Part):
    """A queue. `max_wait`: who waits longer overflows. `max_waiting`: places to wait; 0: none."""

    name: Name
    strategy: Strategy = Field(default=Strategy.LEAST_LOADED, strict=False)
    order: Order = Field(default=Order.STRICT, strict=False)
    max_wait: Positive | None = None
    max_waiting: Annotated[int, Field(ge=0)] | None = None
    specialist_first: bool = True


class ArrivalSpec(_Part):
    """Customers of one kind: so many per unit of time, at random. `patience` None: endless."""

    queue: Name
    priority: Level = "normal"
    rate: Positive
    handle: Law
    patience: Law | None = None


class AgentSpec(_Part):
    """So many agents alike; `queues` maps each of theirs to the level at which they answer it."""

    count: Annotated[int, Field(ge=1, le=100_000)] = 1
    capacity: Annotated[int, Field(ge=0, le=1_000)] = 1
    queues: Annotated[dict[Name, Annotated[int, Field(ge=0, le=_MOST)]], Field(max_length=_MOST)]


class Scenario(_Part):
    """What is played. Times are in one unit, whichever; `warmup` is a share of the customers.

    `threshold` is the wait that is still good.
    """

    seed: int = 1
    replications: Annotated[int, Field(ge=1, le=1_000)] = 8
    conversations: Annotated[int, Field(ge=1, le=10_000_000)] = 20_000
    warmup: Annotated[float, Field(ge=0, lt=1)] = 0.1
    threshold: Annotated[float, Field(ge=0, le=1e9)] = 0.5
    queues: Annotated[tuple[QueueSpec, ...], Field(strict=False, min_length=1)]
    arrivals: Annotated[tuple[ArrivalSpec, ...], Field(strict=False, min_length=1)]
    agents: Annotated[tuple[AgentSpec, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Scenario":
        problems = _unknown_names(self) or _endless(self)
        if problems:
            raise InvalidScenario("\n".join(problems))
        return self


def read_scenario(text: str | bytes) -> Scenario:
    """The scenario of a JSON document. Raises `InvalidScenario`."""
    try:
        return Scenario.model_validate_json(text)
    except ValidationError as error:
        raise InvalidScenario("\n".join(map(_told, _real(error)))) from error


def _real(error: ValidationError) -> list[ErrorDetails]:
    """The problems without those that follow from others: a list whose items were all wrong."""
    problems = error.errors()
    wrong = {problem["loc"][:1] for problem in problems if len(problem["loc"]) > 1}
    return [each for each in problems if each["type"] != "too_short" or each["loc"] not in wrong]


def _unknown_names(scenario: Scenario) -> list[str]:
    names = [queue.name for queue in scenario.queues]
    known = set(names)
    problems = [
        f"queues[{at}].name: there is another queue called {name!r}"
        for at, name in enumerate(names)
        if name in names[:at]
    ]
    problems += [
        f"arrivals[{at}].queue: there is no queue called {arrival.queue!r}"
        for at, arrival in enumerate(scenario.arrivals)
        if arrival.queue not in known
    ]
    for at, agents in enumerate(scenario.agents):
        strangers = [name for name in agents.queues if name not in known]
        problems += [f"agents[{at}].queues.{name}: there is no such queue" for name in strangers]
    return problems


def _endless(scenario: Scenario) -> list[str]:
    """Customers who would wait for ever: nobody is given them, and nothing ends the wait."""
    manual = {spec.name for spec in scenario.queues if spec.strategy is Strategy.MANUAL}
    answered = {name for spec in scenario.agents if spec.capacity for name in spec.queues} - manual
    ends = {spec.name for spec in scenario.queues if spec.max_wait or spec.max_waiting == 0}
    return [
        f"arrivals[{at}].queue: {arrival.queue!r} gives them to nobody, and nothing ends the wait"
        for at, arrival in enumerate(scenario.arrivals)
        if arrival.patience is None and arrival.queue not in answered | ends
    ]


def _told(problem: ErrorDetails) -> str:
    """One line: the path of the key, and what is wrong with it."""
    path = ""
    for step in problem["loc"]:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    said = _PLAINLY.get(problem["type"], problem["msg"])
    return f"{path.lstrip('.') or 'the document'}: {said[:1].lower()}{said[1:]}"
