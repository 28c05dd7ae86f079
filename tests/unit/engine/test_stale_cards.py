"""A card that could not be drawn is out of date no longer than what kept it from that."""

from collections.abc import Sequence

from bridge.domain.conversation import Priority
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import ConversationId, MessageId
from bridge.domain.message import Message
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.patience import until


class Unreadable(MemoryStore):
    """Takes everything; while it is `away` it cannot be asked for lines. Counts who asked."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.asked = 0

    async def lines(
        self, conversation: ConversationId, before: MessageId | None, limit: int
    ) -> Sequence[Message]:
        self.asked += 1
        if self.away:
            raise StorageUnavailable("the database starts up")
        return await super().lines(conversation, before, limit)


async def test_a_card_that_could_not_be_read_for_is_drawn_when_it_can_be() -> None:
    store = Unreadable()
    office = await Office(store=store).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    store.away, before = True, store.asked
    await office.says("ana", "!priority urgent")
    await until(lambda: store.asked > before)

    store.away = False

    await until(lambda: office.thread().card.priority is Priority.URGENT)
    await office.close()
