"""What is wrong with a piece of JSON, each with a pointer to it, as Slack reports it."""

from collections.abc import Mapping, Sequence

from bridge.simulators.common.wire import Json, obj, txt


class Problems:
    """Collects mistakes; the caller decides what they are called."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, what: str, at: str) -> None:
        """Note a mistake at a JSON pointer."""
        self.found.append(f"{what} [json-pointer:{at}]")

    def text(
        self,
        value: Json,
        at: str,
        most: int,
        *,
        plain: bool = False,
        required: bool = True,
    ) -> None:
        """A text object of at most `most` characters."""
        if value is None:
            if required:
                self.add(f"missing required field: {at.rpartition('/')[2]}", at.rpartition("/")[0])
            return
        one = obj(value)
        if one.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self.add("unsupported type: " + str(one.get("type")), f"{at}/type")
        self.length(one.get("text"), f"{at}/text", most, least=1)

    def length(self, value: Json, at: str, most: int, *, least: int = 0) -> None:
        """A string of so many characters."""
        text = txt(value)
        if len(text) > most:
            self.add(f"must be less than {most + 1} characters", at)
        elif len(text) < least:
            self.add(f"must be more than {least - 1} characters", at)

    def optional(self, source: Mapping[str, Json], name: str, at: str, most: int) -> None:
        """A string that may be missing."""
        if source.get(name) is not None:
            self.length(source[name], f"{at}/{name}", most)

    def count(self, values: Sequence[Json], at: str, most: int, *, least: int = 1) -> None:
        """A list of so many items."""
        if len(values) > most:
            self.add(f"no more than {most} items allowed", at)
        elif len(values) < least:
            self.add(f"must have at least {least} item{'s' if least > 1 else ''}", at)
