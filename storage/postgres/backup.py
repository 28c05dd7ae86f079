"""Copies of a PostgreSQL database, made and put back with the server's own programs."""

import asyncio
import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import asyncpg

from bridge.domain.errors import InvalidSettings, StorageUnavailable
from bridge.ports.failpoints import failpoint
from storage.names import PUT_BACK, RESTORED
from storage.postgres.connect import connect, dsn, end, place_of, unavailable

_PIECE = 1 << 20
_END = "-- whole"
_OURS = "deskbridge"
_OTHERS = f"""
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = '{_OURS}' AND pid <> pg_backend_pid()
"""  # noqa: S608 - ours
_NAMED = "SELECT body FROM document WHERE adapter = $1 AND collection = $2 AND key = $3"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = $1"


async def back_up(url: str, to: Path) -> None:
    """Write a complete copy, to the last commit, while the desk runs: SQL, compressed.

    The copy says that it is one, and of when: see `storage.names.RESTORED`. Raises
    `InvalidSettings` when `pg_dump` is missing, `StorageUnavailable` when it fails.
    """
    moment = datetime.now(UTC)
    schema = await _schema(url)
    unfinished = to.with_name(f"{to.name}.part")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    how = ("--format=plain", "--compress=1", "--no-owner", "--no-privileges")
    try:
        await _run("pg_dump", url, *how, f"--schema={schema}", f"--file={unfinished}")
        failpoint("copy.made")
        await asyncio.to_thread(_finish, unfinished, _mark(schema, moment))
        failpoint("copy.whole")
        unfinished.rename(to)
        failpoint("copy.named")
    finally:
        unfinished.unlink(missing_ok=True)


async def put_back(url: str, copy: Path, name: str) -> None:
    """Put a copy in the place of what is there, in one transaction, under a `name` of its own.

    What was there is kept in a schema of that name. Raises `InvalidSettings` when the copy is not
    whole, somebody uses the database, or `psql` is missing: nothing is changed then;
    `StorageUnavailable` when it fails, and `put_back_under` knows whether it was put back.
    """
    if not await asyncio.to_thread(_is_whole, copy):
        raise InvalidSettings(f"the backup is damaged: {copy} ends too early")
    with unavailable():
        connection = await connect(url)
        try:
            schema, kept, before = await _room(connection, url, name)
        finally:
            await end(connection)
    await _fill(url, copy, before, after=_outlive(schema, kept) + _named(schema, name))


async def put_back_under(url: str, name: str) -> list[str] | None:
    """The schema, if there is one, that keeps what was there before this name was put back.

    None: it was not put back, or something else was since. Raises `StorageUnavailable`.
    """
    with unavailable():
        connection = await connect(url)
        try:
            if await connection.fetchval("SELECT to_regclass('document')") is None:
                return None
            if await connection.fetchval(_NAMED, *PUT_BACK) != name.encode():
                return None
            kept = _kept(name)
            there = await connection.fetchval("SELECT to_regnamespace($1)::text", kept)
            return [] if there is None else [kept]
        finally:
            await end(connection)


async def refuse_if_used(url: str) -> None:
    """Raise `InvalidSettings` while anybody uses the database, or a restore that was killed may
    still come to its end there; `StorageUnavailable`."""
    with unavailable():
        connection = await connect(url)
        try:
            await _alone(connection, url)
        finally:
            await end(connection)


async def _schema(url: str) -> str:
    with unavailable():
        connection = await connect(url)
        try:
            return str(await connection.fetchval("SELECT current_schema()"))
        finally:
            await end(connection)


async def _alone(connection: asyncpg.Connection, url: str) -> None:
    others = await connection.fetchval(_OTHERS)
    if others:
        raise InvalidSettings(
            f"{others} connections of a desk to {place_of(url)} are open: stop every process first"
        )


async def _room(connection: asyncpg.Connection, url: str, name: str) -> tuple[str, str | None, str]:
    """The schema, where what it holds is kept, and what is to be done to that end."""
    await _alone(connection, url)
    schema = str(await connection.fetchval("SELECT current_schema()"))
    if not await connection.fetchval(_TABLES, schema):
        return schema, None, f"DROP SCHEMA {_quoted(schema)};\n"
    kept = _kept(name)
    # Nobody may come to lead between the look at who led and the end of all this.
    locked = f"LOCK TABLE {kept}.lease IN EXCLUSIVE MODE;\n"
    return schema, kept, f"ALTER SCHEMA {_quoted(schema)} RENAME TO {kept};\n{locked}"


def _kept(name: str) -> str:
    return f"before_restore_{name}"


def _mark(schema: str, moment: datetime) -> str:
    """Let whoever starts from this copy know that the world went on without it."""
    said = moment.isoformat(timespec="seconds")
    return f"{_document(schema, RESTORED, said)}{_END}\n"


def _named(schema: str, name: str) -> str:
    """Let whoever is killed now find out afterwards whether it was put back."""
    return _document(schema, PUT_BACK, name)


def _document(schema: str, where: tuple[str, str, str], said: str) -> str:
    """The statement that keeps these words, whatever was said there before."""
    words = ", ".join(f"'{word}'" for word in where)
    into = f"{_quoted(schema)}.document (adapter, collection, key, body)"
    value = f"VALUES ({words}, '\\x{said.encode().hex()}')"
    again = "ON CONFLICT (adapter, collection, key) DO UPDATE SET body = excluded.body"
    return f"INSERT INTO {into} {value} {again};\n"


def _outlive(schema: str, kept: str | None) -> str:
    """Whoever held a name before the restore must never be taken for its holder again."""
    if kept is None:
        return ""
    last = f"(SELECT coalesce(max(epoch), 0) FROM {kept}.lease)"  # noqa: S608 - ours
    higher = f"until = 0, epoch = 1 + greatest(epoch, {last})"
    return f"UPDATE {_quoted(schema)}.lease SET {higher};\n"  # noqa: S608 - ours


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _finish(copy: Path, mark: str) -> None:
    """A second part of a compressed file is read as if it belonged to the first."""
    with copy.open("ab") as file:
        file.write(gzip.compress(mark.encode()))
        file.flush()
        os.fsync(file.fileno())


def _is_whole(copy: Path) -> bool:
    """Whether it can be read to its end, and the end is there."""
    tail = b""
    try:
        for piece in _pieces(copy):
            tail = (tail + piece)[-len(_END) - 1 :]
    except (OSError, EOFError):
        return False
    return tail.decode(errors="replace") == f"{_END}\n"


def _pieces(copy: Path) -> Iterator[bytes]:
    with gzip.open(copy) as file:
        while piece := file.read(_PIECE):
            yield piece


# --- the programs -----------------------------------------------------------------------------


async def _run(program: str, url: str, *words: str) -> None:
    process = await _started(program, url, *words)
    await _end(program, process)


async def _fill(url: str, copy: Path, before: str, after: str) -> None:
    """What is not written to its end is not written at all: the last word is the COMMIT."""
    how = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-")
    process = await _started("psql", url, *how)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(f"BEGIN;\n{before}".encode())
        pieces = _pieces(copy)
        while piece := await asyncio.to_thread(next, pieces, b""):
            process.stdin.write(piece)
            await process.stdin.drain()
        process.stdin.write(f"{after}\\echo\n".encode())
        await process.stdin.drain()
        # While it has not said so it may not even be connected, and nobody would see it there.
        if await process.stdout.readline():
            failpoint("restore.filled")
            process.stdin.write(b"COMMIT;\n")
            await process.stdin.drain()
            failpoint("restore.committing")
    except ConnectionError:
        pass  # it has ended, and says why
    except BaseException:
        process.kill()
        raise
    finally:
        process.stdin.close()
    await _end("psql", process)
    failpoint("restore.committed")


async def _started(program: str, url: str, *words: str) -> asyncio.subprocess.Process:
    """Running; its password is where no list of processes shows it."""
    address, secret = _without_password(dsn(url))
    try:
        return await asyncio.create_subprocess_exec(
            program,
            *words,
            f"--dbname={address}",
            "--no-password",
            # What one of ours has left running is known for ours, too.
            env=os.environ | {"PGAPPNAME": _OURS} | secret,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except FileNotFoundError:
        raise InvalidSettings(
            f"{program} is not installed here: install PostgreSQL's client programs "
            "(postgresql-client), of the server's version or newer"
        ) from None


async def _end(program: str, process: asyncio.subprocess.Process) -> None:
    try:
        _, said = await process.communicate()
    except BaseException:
        process.kill()
        raise
    if process.returncode:
        lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
        raise StorageUnavailable("; ".join(lines[:2]) or f"{program} failed")


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address that everybody may see, and what only the program may."""
    parts = urlsplit(url)
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    host = parts.netloc.rpartition("@")[2]
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    secret = asked.pop("password", unquote(password))
    shown = parts._replace(netloc=f"{user}@{host}" if user else host, query=urlencode(asked))
    return shown.geturl(), {"PGPASSWORD": secret} if secret else {}
