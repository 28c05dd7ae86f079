"""The emoji that Telegram takes as a bot's reaction, and ours as these. Pure.

https://core.telegram.org/bots/api#reactiontypeemoji, Bot API 9.x.
"""

from bridge.domain.errors import DeliveryRejected

_TAKEN = (
    *("👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮"),
    *("💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤\u200d🔥", "🌚", "🌭", "💯", "🤣"),
    *("⚡", "🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻"),
    *("👨\u200d💻", "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃", "💅"),
    *("🤪", "🗿", "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷\u200d♂", "🤷"),
    *("🤷\u200d♀", "😡"),
)
_TONES = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_BARE = str.maketrans("", "", f"\ufe0f{_TONES}")
_TELEGRAMS = {each.translate(_BARE): each for each in _TAKEN}
_ALIKE = {
    "✅": "👍",
    "☑": "👍",
    "✔": "👍",
    "😂": "🤣",
    "😀": "😁",
    "😃": "😁",
    "😄": "😁",
    "😊": "😁",
    "🙂": "😁",
    "🧡": "❤",
    "💛": "❤",
    "💚": "❤",
    "💙": "❤",
    "💜": "❤",
    "🖤": "❤",
    "🤍": "❤",
    "😮": "🤯",
    "😲": "🤯",
    "🥳": "🎉",
    "🙌": "👏",
    "😠": "😡",
    "😥": "😢",
    "😞": "😢",
}
"""What agents use most, and what says the same on Telegram."""


def telegrams(emoji: str) -> str:
    """The same as Telegram writes it, or what says the same.

    Raises `DeliveryRejected` where there is nothing of the kind: the agent is told.
    """
    bare = emoji.translate(_BARE)
    found = _TELEGRAMS.get(bare) or _ALIKE.get(bare)
    if found is None:
        raise DeliveryRejected("Telegram has no such reaction", "telegram_reaction")
    return found
