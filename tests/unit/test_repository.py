"""The rules of the repository itself."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)(.*)((?:\n +--hash=sha256:[0-9a-f]{64}(?: \\)?)*)", re.M)

# Written in two halves, so that this file does not break the rules it checks.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "deb." + "debian.org",
    "archive." + "ubuntu.com",
    "unpkg" + ".com",
    "jsdelivr" + ".net",
    "crates" + ".io",
    "proxy." + "golang.org",
]
DOWNLOADS = r"https?://\S+\.(?:whl|tgz|tar\.gz|tar\.xz|zip|deb)\b"
UNFINISHED = r"\b(?:TO" + r"DO|FIX" + r"ME)\b"
MACHINE_PATHS = r"(?<![\w./-])/(?:work|home/\w+|Users/\w+|root|tmp/\w+)/"

# What a person may do with Deskbridge must stay what MIT allows.
PERMISSIVE = r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC"
USED_AS_A_LIBRARY = {
    "certifi": "MPL-2.0 covers its own files only, and we do not change them",
    "python-telegram-bot": "LGPL-3.0 allows use as a separate, replaceable package",
}


def committed_files() -> list[Path]:
    """What git holds or would take, but for what others wrote and we only carry."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and "vendor" not in path.parts]


def texts() -> Iterator[tuple[Path, str]]:
    for path in committed_files():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a sound


def files_with(pattern: str) -> list[str]:
    wanted = re.compile(pattern)
    return [f"{path}: {found.group()}" for path, text in texts() if (found := wanted.search(text))]


@pytest.mark.parametrize(
    "pattern",
    ["|".join(map(re.escape, REGISTRIES)), DOWNLOADS, UNFINISHED, MACHINE_PATHS],
    ids=["registry hosts", "download addresses", "unfinished work", "machine paths"],
)
def test_no_committed_file_contains(pattern: str) -> None:
    assert files_with(pattern) == []


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_first_screen_of_the_readme_shows(command: str) -> None:
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]

    assert any(command in line for line in first_screen)


def test_the_lock_has_hashes_for_every_package() -> None:
    pinned = PINNED.findall(LOCK)

    assert len(pinned) == len(re.findall(r"^\S+==", LOCK, re.M))
    assert [name for name, _, _, hashes in pinned if not hashes] == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
        *project["dependency-groups"]["dev"],
    ]
    pinned = {name: version for name, version, _, _ in PINNED.findall(LOCK)}

    assert [
        each
        for each in map(Requirement, asked)
        if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"))
    ] == []


def runtime_packages(name: str, extras: frozenset[str], seen: set[str]) -> set[str]:
    for text in metadata.requires(name) or []:
        each = Requirement(text)
        needed = each.marker is None or any(
            each.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        )
        if needed and canonicalize_name(each.name) not in seen:
            seen.add(canonicalize_name(each.name))
            runtime_packages(each.name, frozenset(each.extras), seen)
    return seen


def licence(name: str) -> str:
    about = metadata.metadata(name)
    stated = [*(about.get_all("License-Expression") or []), *(about.get_all("License") or [])]
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    named = [each for each in stated if each != "Dual License"]  # the classifiers say of which
    return str(named[0] if named else " ".join(classifiers))


def test_every_dependency_may_be_used_under_the_mit_licence() -> None:
    packages = runtime_packages("deskbridge", frozenset({"postgres", "telegram"}), set())

    licences = {name: licence(name) for name in packages - USED_AS_A_LIBRARY.keys()}

    assert len(licences) > 30
    assert {
        name: text
        for name, text in licences.items()
        if not re.search(PERMISSIVE, text) or re.search(r"GPL|General Public", text)
    } == {}


def source_files() -> list[Path]:
    return [
        path
        for path in committed_files()
        if path.suffix == ".py" and "migrations" not in path.parts
    ]


def test_no_file_is_longer_than_400_lines_and_no_test_than_500() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in source_files()}
    tests = ROOT / "tests"
    limits = {path: 500 if path.is_relative_to(tests) else 400 for path in lengths}

    assert {path for path, length in lengths.items() if length > limits[path]} == set()


def test_no_function_is_longer_than_40_lines() -> None:
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in source_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= 40
    ] == []
