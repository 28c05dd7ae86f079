"""Connects a platform: asks its adapter, writes its settings, and makes the first admin."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import TOMLKitError

from bridge.cli.ask import Client, part
from bridge.cli.client import DeskRefused, ask_desk
from bridge.commands.registry import declared
from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import Language
from bridge.locales import say
from bridge.ports.connecting import AppWish, Connected, Connects, Declares, Operator
from bridge.settings import load
from bridge.settings.plugins import GROUPS, find_plugin, installed

_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


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
    connected = await connects.connect(operator, declared(), wish)
    _write(target, document, (section, id_), {"kind": platform, **connected.settings})
    place = f"[{section}.{id_}]"
    operator.tell(say(wish.language, "cli.connect.written", place=place, file=target.name))
    if connected.admin is not None:
        await _let_in(operator, target, id_, connected, wish.language)
    operator.tell(say(wish.language, "cli.connect.next"))


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


def _write(
    target: Path,
    document: tomlkit.TOMLDocument,
    place: tuple[str, str],
    settings: Mapping[str, str],
) -> None:
    """What stands there keeps its comments; only its owner may read the file from now on."""
    section, id_ = place
    if section not in document:
        document[section] = tomlkit.table(is_super_table=True)
    tables = document[section]
    assert isinstance(tables, dict), "settings are tables of tables"
    if id_ not in tables:
        tables[id_] = tomlkit.table()
    tables[id_].update(settings)
    beside = target.with_suffix(".new")
    beside.unlink(missing_ok=True)
    try:
        beside.touch(mode=0o600)
        beside.write_text(tomlkit.dumps(document), encoding="utf-8")
        load(beside)
        beside.replace(target)
    except OSError as failure:
        raise InvalidSettings(f"{target}: cannot write it: {failure.strerror}") from failure
    finally:
        beside.unlink(missing_ok=True)


# --- the first admin --------------------------------------------------------------------------


async def _let_in(
    operator: Operator, target: Path, id_: str, connected: Connected, language: str
) -> None:
    """Make him an admin, or link the one of that handle; a running desk learns it by itself."""
    admin = connected.admin
    assert admin is not None, "somebody pressed"
    handle = connected.handle if _HANDLE.fullmatch(connected.handle) else "admin"
    link = {"workspace": id_, "user": admin.id}
    create = {"handle": handle, "name": admin.name, "role": "admin", "language": language}

    async def work(client: Client) -> str:
        known = await _known(client)
        if handle not in known:
            return str((await client.send("POST", "/v1/agents", create | link))["message"])
        path = f"/v1/agents/{part(handle)}"
        await client.send("PUT", f"{path}/user", link)
        return str((await client.send("PATCH", path, {"role": "admin"}))["message"])

    try:
        operator.tell(await ask_desk(load(target), work))
    except DeskRefused as refusal:
        again = f'deskbridge agents add {handle} "{admin.name}" --admin'
        command = f"{again} --workspace {id_} --user {admin.id}"
        operator.tell(say(language, "cli.connect.restart", why=refusal, command=command))


async def _known(client: Client) -> frozenset[str]:
    page = await client.get("/v1/agents", limit=200)
    return frozenset(row["handle"] for row in page["agents"])
