"""Connects a platform: asks its adapter, writes its settings, and moves the first people in."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import tomlkit
from msgspec.structs import replace
from tomlkit.exceptions import TOMLKitError

from bridge.cli.moving_in import move_in
from bridge.commands.registry import declared
from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import Language
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.connecting import AppWish, Connected, Connects, Declares, Operator
from bridge.settings import load
from bridge.settings.plugins import GROUPS, find_plugin, installed


def wish_of(platform: str, id_: str, url: str, prefix: str, api_url: str, language: str) -> AppWish:
    """What was asked for; an address without a path gets the adapter's own."""
    if url:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InvalidSettings(f"--http: {url!r} is no address: use https://desk.example.com")
        if parts.path in ("", "/"):
            url = f"{url.rstrip('/')}/{platform}/{id_}/events"
    return AppWish(url=url, prefix=prefix, api_url=api_url, language=Language(language))


def declaration(platform: str, wish: AppWish) -> str:
    """The document that declares the app. Raises `InvalidSettings` where there is none."""
    _, connects = _find(platform)
    if not isinstance(connects, Declares):
        raise InvalidSettings(f"{platform} needs no manifest")
    return connects.declaration(declared(), wish)


async def connect_platform(
    operator: Operator, target: Path, platform: str, id_: str, wish: AppWish
) -> None:
    """Ask, prove, write, and let the first admin in. Raises `InvalidSettings`."""
    section, connects = _find(platform)
    document = _read(target)
    if id_ in document.get(section, {}):
        question = say(wish.language, "cli.connect.replace", place=f"{section}.{id_}")
        if not await operator.agrees(question):
            return
    wish = _where_it_listens(wish, document)
    connected = await connects.connect(operator, declared(), wish)
    table = _Table(section=section, id=id_, kind=platform)
    _write(target, document, table, connected)
    place = f"[{section}.{id_}]"
    operator.tell(say(wish.language, "cli.connect.written", place=place, file=target.name))
    if wish.url:
        _check_address(operator, target, wish)
    await move_in(operator, load(target), id_, connected, wish.language)
    operator.tell(say(wish.language, f"cli.connect.{_next_step(section, connected)}"))


def _next_step(section: str, connected: Connected) -> str:
    """Only a workspace has rooms; customers come to a channel as soon as the desk runs."""
    if section == "channels":
        return "customers"
    return "run" if connected.rooms else "next"


def _find(platform: str) -> tuple[str, Connects]:
    for section in GROUPS:
        if platform in installed(section).names:
            connects = find_plugin(section, platform, platform).connects
            if connects is not None:
                return section, connects()
    known = ", ".join(sorted(_connectable()))
    raise InvalidSettings(f"there is no {platform} to connect; there are: {known}")


def _connectable() -> Iterator[str]:
    for section in GROUPS:
        for kind in installed(section).names:
            if find_plugin(section, kind, kind).connects is not None:
                yield kind


# --- the settings -----------------------------------------------------------------------------


def _read(target: Path) -> tomlkit.TOMLDocument:
    if not target.is_file():
        raise InvalidSettings(f"no {target} here: make one with: deskbridge init")
    try:
        return tomlkit.parse(target.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, TOMLKitError) as slip:
        raise InvalidSettings(f"{target.name}: {slip}") from slip


class _Table(Value):
    """Where the settings of one adapter stand."""

    section: str
    id: str
    kind: str


def _where_it_listens(wish: AppWish, document: tomlkit.TOMLDocument) -> AppWish:
    """The wish with the place where this desk listens."""
    server = document.get("server", {})
    host, port = server.get("host", wish.host), server.get("port", wish.port)
    return replace(wish, host=str(host), port=int(port))


def _check_address(operator: Operator, target: Path, wish: AppWish) -> None:
    """Links and pages need the same address that the platform calls."""
    ours, parts = load(target).server.public_url, urlsplit(wish.url)
    if ours != (base := f"{parts.scheme}://{parts.netloc}"):
        operator.tell(say(wish.language, "cli.connect.public_url", url=base, file=target.name))


def _write(
    target: Path, document: tomlkit.TOMLDocument, table: _Table, connected: Connected
) -> None:
    """What stands there keeps its comments; only its owner may read the file from now on."""
    settings = {"kind": table.kind, **connected.settings}
    if table.id in document.get(table.section, {}):
        there = document[table.section]
        assert isinstance(there, dict), "settings are tables of tables"
        for key in connected.outdated - settings.keys():
            there[table.id].pop(key, None)
        there[table.id].update(settings)
        _replace(target, tomlkit.dumps(document))
        return
    # At the end: in the middle it would come between a comment and what the comment is about.
    added = tomlkit.dumps({table.section: {table.id: settings | _only_bot(table, document)}})
    _replace(target, f"{tomlkit.dumps(document).rstrip()}\n\n{added}")


def _only_bot(table: _Table, document: tomlkit.TOMLDocument) -> dict[str, str]:
    """Where there is one bot, it talks first to the customers of a new channel, too."""
    bots = list(document.get("bots", {}))
    return {"bot": str(bots[0])} if table.section == "channels" and len(bots) == 1 else {}


def _replace(target: Path, text: str) -> None:
    beside = target.with_suffix(".new")
    beside.unlink(missing_ok=True)
    try:
        beside.touch(mode=0o600)
        beside.write_text(text, encoding="utf-8")
        load(beside)
        beside.replace(target)
    except OSError as failure:
        raise InvalidSettings(f"{target}: cannot write it: {failure.strerror}") from failure
    finally:
        beside.unlink(missing_ok=True)
