"""Whole conversations with the shop that is built in, as `dialogues` tells them.

`>` is the customer (`[id]` presses a button, `(picture)` and the like are events), `<` a line of
the bot, `~` a hand-over: queue, priority, cause, summary.
"""

from pathlib import Path

import pytest

from bridge.domain.content import Content, File, FileKind
from bridge.domain.ids import FileId
from bridge.ports.bot import BotReply, QueueState
from tests.adapters.menu.customer import SALES, SHOP, SUPPORT, Customer

DIALOGUES = sorted((Path(__file__).parent / "dialogues").iterdir())
PICTURE = File(id=FileId("0" * 32), kind=FileKind.IMAGE, mime="image/png", size=9, name="foto.png")


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
def test_a_dialogue_goes_as_written(path: Path) -> None:
    written = path.read_text(encoding="utf-8").splitlines()
    queues = read_queues(written.pop(0)) if written[0].startswith("queues:") else (SALES, SUPPORT)
    customer = Customer(SHOP, path.suffixes[0].strip("."), queues)

    spoken: list[str] = []
    for said in (line[2:] for line in written if line.startswith("> ")):
        spoken += [f"> {said}", *heard(customer, said), *handed_over(customer.reply)]

    assert spoken == written


def read_queues(line: str) -> tuple[QueueState, ...]:
    pairs = (each.split() for each in line.removeprefix("queues:").split(","))
    return tuple(
        QueueState(name=name, title=name, available=int(available), waiting=0)
        for name, available in pairs
    )


def heard(customer: Customer, said: str) -> list[str]:
    return [line for shown in answer(customer, said) for line in f"< {shown}".splitlines()]


def answer(customer: Customer, said: str) -> list[str]:
    match said:
        case "(picture)":
            lines = customer.says(Content(files=(PICTURE,)))
        case "(returned)":
            lines = customer.comes_back()
        case "(opened)":
            lines = customer.opens()
        case _ if said.startswith("["):
            lines = customer.presses(said.strip("[]"))
        case _:
            lines = customer.says(said)
    return [line.replace("\n", "\n  ") for line in lines]


def handed_over(reply: BotReply) -> list[str]:
    handoff = reply.handoff
    if handoff is None:
        return []
    line = f"~ {handoff.queue}, {handoff.priority.word}, {handoff.reason}"
    summary = handoff.summary.replace("\n", " / ")
    return [f"{line}: {summary}" if summary else line]
