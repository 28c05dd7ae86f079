"""Writes the first settings: a desk that runs at once, with every key explained beside it."""

from importlib.resources import files
from pathlib import Path

from bridge.domain.errors import InvalidSettings
from bridge.locales import LANGUAGES, language_named

_MENU = "menu.toml"


def write_starter(target: Path, *, brand: str, language: str) -> list[Path]:
    """Write the settings and the bot's menu. Raises `InvalidSettings` rather than overwrite."""
    spoken = language_named(language)
    if spoken is None:
        raise InvalidSettings(f"--language: use {' or '.join(LANGUAGES)}")
    if not brand.strip() or not brand.isprintable() or len(brand) > 64:
        raise InvalidSettings("--brand: use one line of at most 64 characters")
    menu = target.with_name(_MENU)
    for path in (target, menu):
        if path.exists():
            raise InvalidSettings(f"{path} is there already; move it away first")
    text = _read("deskbridge.toml").replace("@brand@", _quoted(brand)).replace("@lang@", spoken)
    script = files("bridge.adapters.bots.menu").joinpath("default.toml")
    return [_write(target, text), _write(menu, script.read_text(encoding="utf-8"))]


def _read(name: str) -> str:
    return files("bridge.cli").joinpath("starter_files", name).read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write(path: Path, text: str) -> Path:
    """Only its owner may read it: secrets will be written into it."""
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise InvalidSettings(f"{path}: cannot write it: {failure.strerror}") from failure
    return path
