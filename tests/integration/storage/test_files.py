"""Files are kept whole or not at all, under names that nobody chose."""

import asyncio
import os
import re
import signal
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

import storage
from bridge.domain.content import FileKind
from bridge.domain.errors import DeliveryRejected, NotFound, StorageUnavailable
from bridge.domain.ids import FileId
from storage import Database
from storage.files import Files
from storage.sqlite.connect import connect_reader
from tests.integration.storage.bench import Bench, locked_by_another
from tests.leading import Leader

_SAVES_AND_REMOVES = """
import asyncio, sys
from pathlib import Path
import storage

async def chunks():
    yield b"x"

async def main(folder):
    database = storage.open(folder / "desk.db", files_dir=folder / "files")
    file = await database.files.save(chunks(), "a.txt", 10)
    await database.files.remove(file.id)

asyncio.run(main(Path(sys.argv[1])))
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 50


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def left_in(folder: Path) -> list[Path]:
    """Every file that is there."""
    return [path for path in folder.rglob("*") if path.is_file()]


def rows_of(folder: Path) -> int:
    """How many files the database knows."""
    with closing(connect_reader(folder / "desk.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM file").fetchone()[0])


@pytest.fixture
def folder(quick_folder: Path) -> Path:
    """Where the database's files are."""
    return quick_folder / "files"


async def test_a_file_comes_back_as_it_was_sent(database: Database) -> None:
    chunks = [PNG, b"a" * 300_000, b"", b"b" * 300_000, b"end"]

    file = await database.files.save(stream(*chunks), "picture.png", 10**6)

    assert database.files.path(file.id).read_bytes() == b"".join(chunks)
    assert file.size == sum(map(len, chunks))
    assert (file.kind, file.mime, file.name) == (FileKind.IMAGE, "image/png", "picture.png")
    assert await database.files.find(file.id) == file


async def test_files_are_there_after_a_restart(quick_folder: Path, folder: Path) -> None:
    database = storage.open(quick_folder / "desk.db", files_dir=folder)
    file = await database.files.save(stream(b"x"), "a.txt", 10)
    await database.close()

    database = storage.open(quick_folder / "desk.db", files_dir=folder)

    assert await database.files.find(file.id) == file
    assert database.files.path(file.id).read_bytes() == b"x"
    await database.close()


async def test_two_equal_files_have_ids_that_nobody_can_guess(database: Database) -> None:
    ids = {(await database.files.save(stream(b"x"), "a.txt", 10)).id for _ in range(20)}

    assert len(ids) == 20
    assert all(re.fullmatch(r"[0-9a-f]{32}", file) for file in ids)


async def test_only_the_owner_of_the_process_can_read_them(
    database: Database, folder: Path
) -> None:
    file = await database.files.save(stream(b"x"), "a.txt", 10)

    path = database.files.path(file.id)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, folder)]
    assert modes == [0o600, 0o700, 0o700]


async def test_an_empty_file_is_a_file(database: Database) -> None:
    file = await database.files.save(stream(), "empty", 10)

    assert (file.size, file.kind) == (0, FileKind.DOCUMENT)
    assert database.files.path(file.id).read_bytes() == b""


async def test_a_file_of_exactly_the_limit_is_taken(database: Database) -> None:
    assert (await database.files.save(stream(b"12345", b"67890"), "a", 10)).size == 10


async def test_a_file_that_is_removed_is_gone_with_its_bytes_and_again_is_no_error(
    database: Database, folder: Path
) -> None:
    file = await database.files.save(stream(b"x"), "a.txt", 10)
    kept = await database.files.save(stream(b"y"), "b.txt", 10)

    for _ in range(2):
        await database.files.remove(file.id)

    assert await database.files.find(file.id) is None
    assert left_in(folder) == [database.files.path(kept.id)]


async def test_only_an_id_of_ours_removes_anything(database: Database, quick_folder: Path) -> None:
    await database.files.remove(FileId("../desk.db"))

    assert (quick_folder / "desk.db").is_file()


# --- nothing is left behind -----------------------------------------------------------------


async def test_a_file_beyond_the_limit_is_refused_before_it_is_read_to_the_end(
    database: Database, folder: Path
) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"x" * 100_000

    with pytest.raises(DeliveryRejected) as refused:
        await database.files.save(endless(), "a", 1_000_000)

    assert refused.value.code == "too_large"
    assert read == 11
    assert left_in(folder) == []


async def test_a_stream_that_breaks_leaves_nothing(database: Database, folder: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 600_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await database.files.save(broken(), "a", 10**7)

    assert left_in(folder) == []


async def test_a_sender_who_goes_away_leaves_nothing(
    database: Database, quick_folder: Path, folder: Path
) -> None:
    halfway = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 600_000
        halfway.set()
        await asyncio.sleep(60)

    saving = asyncio.ensure_future(database.files.save(slow(), "a", 10**7))
    await halfway.wait()
    saving.cancel()
    await asyncio.wait([saving])

    assert saving.cancelled()
    assert left_in(folder) == []
    assert rows_of(quick_folder) == 0


async def test_a_sender_who_goes_away_at_the_last_moment_leaves_nothing(
    database: Database, quick_folder: Path, folder: Path
) -> None:
    with locked_by_another(quick_folder / "desk.db"):
        saving = asyncio.ensure_future(database.files.save(stream(b"x"), "a", 10))
        for _ in range(500):
            await asyncio.sleep(0.01)
            if [path for path in left_in(folder) if path.parent.name != "incoming"]:
                break
        await asyncio.sleep(0.05)  # its row waits for the database now
        saving.cancel()
        await asyncio.sleep(0)

    await asyncio.wait([saving])

    assert saving.cancelled()
    assert left_in(folder) == []
    assert rows_of(quick_folder) == 0


async def test_a_disk_that_takes_no_file_is_unavailable(database: Database, folder: Path) -> None:
    (folder / "incoming").rmdir()

    with pytest.raises(StorageUnavailable, match="files"):
        await database.files.save(stream(b"x"), "a", 10)

    (folder / "incoming").mkdir()
    await database.files.save(stream(b"x"), "a", 10)


async def test_a_file_that_the_database_cannot_take_leaves_nothing(
    bench: Bench, quick_folder: Path
) -> None:
    files = Files(quick_folder / "files", bench.write, bench.readers)
    bench.connection.execute("PRAGMA query_only = ON")

    with pytest.raises(StorageUnavailable):
        await files.save(stream(b"x"), "a", 10)

    assert left_in(quick_folder / "files") == []


async def test_what_an_earlier_process_left_unfinished_is_cleared(
    quick_folder: Path, folder: Path
) -> None:
    (folder / "incoming").mkdir(parents=True)
    (folder / "incoming" / ("0" * 32)).write_bytes(b"half")

    await forgotten(quick_folder)

    assert left_in(folder) == []


@pytest.mark.parametrize(
    ("point", "left"),
    [
        ("file.begun", 0),
        ("file.received", 0),
        ("file.placed", 0),
        ("file.known", 1),
        ("file.removed", 0),
    ],
)
async def test_killed_at_any_point_no_bytes_are_left_that_nobody_knows(
    quick_folder: Path, folder: Path, point: str, left: int
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _SAVES_AND_REMOVES,
        str(quick_folder),
        env=os.environ | {"FAILPOINT": f"{point}:1:kill"},
    )
    assert await process.wait() == -signal.SIGKILL

    await forgotten(quick_folder)

    assert len(left_in(folder)) == left
    known = rows_of(quick_folder)
    assert known == (1 if point in ("file.known", "file.removed") else 0)


async def forgotten(quick_folder: Path) -> None:
    """The next process begins where the last one ended."""
    database = storage.open(quick_folder / "desk.db", files_dir=quick_folder / "files")
    leader = Leader(database)
    await leader.begin()
    await leader.end()
    await database.close()


# --- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/shadow", "shadow"),
        ("C:\\fakepath\\fatura.pdf", "fatura.pdf"),
        ("..", "file"),
        ("", "file"),
        (" \t\n", "file"),
        ("a\0b\x07c\x1b[31m.txt", "abc[31m.txt"),
        ("gpj.\u202eexe.png", "gpj.exe.png"),
        ("a\u2066b\u200fc\ufeff.txt", "abc.txt"),
        ("line\u2028break\r\n.txt", "line break .txt"),
        ("família 👩‍👩‍👧.jpg", "família 👩‍👩‍👧.jpg"),
        ("\ud800.txt", "txt"),
        ("x" * 100_000 + ".pdf", "x" * 196 + ".pdf"),
        ("x." + "y" * 100_000, ("y" * 200)),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
    ],
)
async def test_a_name_is_only_shown_and_harmless(
    database: Database, folder: Path, name: str, shown: str
) -> None:
    file = await database.files.save(stream(b"x"), name, 10)

    assert file.name == shown
    assert left_in(folder) == [folder / file.id[:2] / file.id]


@pytest.mark.parametrize(
    "name",
    ["0" * 32, "../desk.db", "", "incoming", "..", "0" * 31 + "/", "A" * 32, "0" * 32 + "\n"],
)
async def test_an_id_that_is_none_of_ours_is_not_found(database: Database, name: str) -> None:
    with pytest.raises(NotFound):
        database.files.path(FileId(name))

    assert await database.files.find(FileId(name)) is None


# --- what it is -----------------------------------------------------------------------------

OGG = b"OggS\0\x02" + b"\0" * 20 + b"\x01\x13OpusHead\x01" + b"\0" * 20
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\0" * 9
ZIP = b"PK\x03\x04\x14\0\x06\0\x08\0" + b"\0" * 40


def box(brand: bytes) -> bytes:
    """The beginning of an MPEG-4 container."""
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" + brand + b"\0" * 40


SNIFFED = {
    "png": (PNG, "a.exe", "image/png", FileKind.IMAGE),
    "jpeg": (b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + b"\0" * 9, "a", "image/jpeg", FileKind.IMAGE),
    "gif": (b"GIF89a\x01\0\x01\0" + b"\0" * 9, "a", "image/gif", FileKind.IMAGE),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 9, "a", "image/webp", FileKind.IMAGE),
    "avif": (box(b"avif"), "a.avif", "image/avif", FileKind.IMAGE),
    "bmp": (b"BM\x46\0\0\0\0\0\0\0\x36\0" + b"\0" * 9, "a", "image/bmp", FileKind.IMAGE),
    "mp4": (box(b"isom"), "a.mp4", "video/mp4", FileKind.VIDEO),
    "mov": (box(b"qt  "), "a.mov", "video/quicktime", FileKind.VIDEO),
    "webm": (
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\0" * 9,
        "a",
        "video/webm",
        FileKind.VIDEO,
    ),
    "m4a": (box(b"M4A "), "a.m4a", "audio/mp4", FileKind.AUDIO),
    "ogg": (OGG, "voice.ogg", "audio/ogg", FileKind.AUDIO),
    "amr": (b"#!AMR\n" + b"\x3c\0" * 9, "a.amr", "audio/amr", FileKind.AUDIO),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 9, "a.wav", "audio/wav", FileKind.AUDIO),
    "mp3": (b"ID3\x03\0\0\0\0\0\x21" + b"\0" * 60, "a.mp3", "audio/mpeg", FileKind.AUDIO),
    "pdf": (b"%PDF-1.7\n1 0 obj", "a.png", "application/pdf", FileKind.DOCUMENT),
    "zip": (ZIP, "a.zip", "application/zip", FileKind.DOCUMENT),
    "zip called a picture": (ZIP, "a.png", "application/zip", FileKind.DOCUMENT),
    "text": ("Olá, tudo bem?\n".encode(), "a.html", "text/plain", FileKind.DOCUMENT),
    "text cut in a letter": (b"Ol\xc3", "a.txt", "text/plain", FileKind.DOCUMENT),
    "text like a bitmap": (b"BM is how it begins", "a.bmp", "text/plain", FileKind.DOCUMENT),
    "json": (b'{"a": 1}', "a.json", "application/json", FileKind.DOCUMENT),
    "html": (b"<!DOCTYPE html><p>", "a.png", "text/html", FileKind.DOCUMENT),
    "script": (b" \n<SCRIPT>alert(1)</SCRIPT>", "a.jpg", "text/html", FileKind.DOCUMENT),
    "svg": (
        b'<svg xmlns="http://www.w3.org/2000/svg">',
        "a.png",
        "image/svg+xml",
        FileKind.DOCUMENT,
    ),
    "svg in xml": (b'<?xml version="1.0"?><!-- --><svg>', "a", "image/svg+xml", FileKind.DOCUMENT),
    "nothing known": (bytes(range(256)), "a.png", "application/octet-stream", FileKind.DOCUMENT),
}


@pytest.mark.parametrize("name", SNIFFED)
async def test_a_file_is_what_its_bytes_say(database: Database, name: str) -> None:
    head, called, mime, kind = SNIFFED[name]

    file = await database.files.save(stream(head), called, 10**6)

    assert (file.mime, file.kind) == (mime, kind)


async def test_the_name_chooses_only_among_what_the_bytes_allow(database: Database) -> None:
    file = await database.files.save(stream(ZIP), "carta.docx", 10**6)

    assert file.mime.endswith("wordprocessingml.document")
    assert file.kind is FileKind.DOCUMENT
