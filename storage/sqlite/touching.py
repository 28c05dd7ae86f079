"""Writes conversations: of one that was only touched, just the columns that a touch changes.

Nearly every line touches its conversation and changes nothing else of it. Writing the whole row
anew also takes it out of five indexes and puts it back: three times the work.
"""

import sqlite3
from collections.abc import Iterable

from bridge.domain.conversation import Conversation
from bridge.domain.ids import ConversationId
from storage.mapping.conversations import conversation_row, touched_like, touched_row
from storage.sqlite.compiled import SQL


class WrittenConversations:
    """The open conversations that this process wrote, as they are on disk now.

    The values are the engine's own; only the references are kept.
    """

    def __init__(self) -> None:
        """Nothing was written yet."""
        self._written: dict[ConversationId, Conversation] = {}

    def write(self, connection: sqlite3.Connection, changed: Iterable[Conversation]) -> None:
        """Write them inside a transaction; those that ended first, for they free a place."""
        ended, others, touched = [], [], []
        for conversation in changed:
            if self._is_touched(conversation):
                touched.append(touched_row(conversation))
            elif conversation.open:
                others.append(conversation_row(conversation))
            else:
                ended.append(conversation_row(conversation))
        if touched:
            connection.executemany(SQL["touch_conversation"], touched)
        if ended or others:
            connection.executemany(SQL["put_conversation"], ended + others)

    def committed(self, changed: Iterable[Conversation]) -> None:
        """They are on disk."""
        for conversation in changed:
            if conversation.open:
                self._written[conversation.id] = conversation
            else:
                self._written.pop(conversation.id, None)

    def _is_touched(self, conversation: Conversation) -> bool:
        old = self._written.get(conversation.id)
        return old is not None and touched_like(old, conversation) == conversation
