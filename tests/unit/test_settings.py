"""The settings: what is read, what is refused, and in which words."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import BaseModel, SecretStr

from bridge.domain.errors import InvalidSettings
from bridge.settings import Settings, load
from bridge.settings.key import desk_key

KIND = """
from pydantic import BaseModel, ConfigDict, SecretStr
from bridge.ports.plugin import Plugin

class Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")
    per_second: float = 3

class Pigeon(BaseModel):
    model_config = ConfigDict(extra="forbid")
    allowed_origins: tuple[str, ...] = ()
    token: SecretStr | None = None
    loft: int = 1
    limits: Limits = Limits()

class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    token: SecretStr

plugin = Plugin(kind="pigeon", settings=Pigeon, build=lambda settings, context: None)
strict = Plugin(kind="strict", settings=Strict, build=lambda settings, context: None)
"""
ENTRIES = """
[deskbridge.channels]
pigeon = pigeon_post:plugin
strict = pigeon_post:strict
heavy = pigeon_post_heavy:plugin
[deskbridge.bots]
pigeon = pigeon_post:plugin
"""


@pytest.fixture(autouse=True)
def pigeon_post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package with kinds of its own, as any third party could write one."""
    site = tmp_path / "site"
    (site / "pigeon_post-1.dist-info").mkdir(parents=True)
    (site / "pigeon_post.py").write_text(KIND, encoding="utf-8")
    (site / "pigeon_post_heavy.py").write_text("import pigeon_dovecote", encoding="utf-8")
    about = site / "pigeon_post-1.dist-info"
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: pigeon-post\nVersion: 1\n", encoding="utf-8"
    )
    (about / "entry_points.txt").write_text(ENTRIES, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    yield
    for name in ("pigeon_post", "pigeon_post_heavy"):
        sys.modules.pop(name, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def read(folder: Path, toml: str, environ: dict[str, str] | None = None) -> Settings:
    path = folder / "deskbridge.toml"
    path.write_text(dedent(toml), encoding="utf-8")
    path.chmod(0o600)
    return load(path, environ or {})


def mistakes(folder: Path, toml: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(InvalidSettings) as refused:
        read(folder, toml, environ)
    return str(refused.value).splitlines()


def own(settings: Settings, channel: str) -> BaseModel:
    return settings.channels[channel].settings


def value(settings: Settings, key: str) -> object:
    return getattr(own(settings, "web"), key)


# --- what is read ---------------------------------------------------------------------------


def test_an_empty_file_is_a_whole_desk_on_this_machine_alone(folder: Path) -> None:
    settings = read(folder, "")

    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8080)
    assert settings.desk.brand == "Deskbridge"
    assert settings.data_dir == folder / "data"


def test_an_adapter_gets_its_own_model_with_its_own_keys(folder: Path) -> None:
    settings = read(
        folder,
        """
        [channels.web]
        kind = "pigeon"
        loft = 7
        [channels.web.limits]
        per_second = 9
        """,
    )

    assert type(own(settings, "web")).__mro__[1].__name__ == "Pigeon"
    assert value(settings, "loft") == 7


def test_channels_take_the_common_keys_beside_their_own(folder: Path) -> None:
    settings = read(
        folder,
        """
        [channels.web]
        kind = "pigeon"
        bot = "first"
        reply_hold = "3s"
        [bots.first]
        kind = "pigeon"
        """,
    )

    common = settings.channels["web"].common
    assert (common.bot, common.reply_hold) == ("first", 3_000)


def test_adapters_keep_the_order_of_the_file(folder: Path) -> None:
    toml = "".join(f'[channels.{name}]\nkind = "pigeon"\n' for name in ("z", "a", "m"))

    assert list(read(folder, toml).channels) == ["z", "a", "m"]


@pytest.mark.parametrize(
    ("written", "millis"),
    [("20", 20_000), ('"1500ms"', 1_500), ('"90s"', 90_000), ('"1.5h"', 5_400_000)],
)
def test_a_duration_is_seconds_or_a_text_with_a_unit(
    folder: Path, written: str, millis: int
) -> None:
    assert read(folder, f"[desk]\nbot_deadline = {written}").desk.bot_deadline == millis


def test_the_environment_wins_over_the_file(folder: Path) -> None:
    environ = {"DESKBRIDGE_SERVER__PORT": "9000", "deskbridge_desk__brand": "Acme"}

    settings = read(folder, "[server]\nport = 8000\nhost = '127.0.0.2'", environ)

    assert (settings.server.port, settings.server.host) == (9000, "127.0.0.2")
    assert settings.desk.brand == "Acme"


def test_the_environment_alone_can_configure_an_adapter(folder: Path) -> None:
    environ = {
        "DESKBRIDGE_CHANNELS__WEB__KIND": "pigeon",
        "DESKBRIDGE_CHANNELS__WEB__ALLOWED_ORIGINS": '["https://a.example"]',
        "DESKBRIDGE_CHANNELS__WEB__LIMITS__PER_SECOND": "5",
    }

    settings = read(folder, "", environ)

    assert value(settings, "allowed_origins") == ("https://a.example",)


def test_a_secret_may_come_from_a_file(folder: Path) -> None:
    (folder / "secret").write_text("s3cret-pigeon\n", encoding="utf-8")
    environ = {"DESKBRIDGE_CHANNELS__WEB__TOKEN_FILE": str(folder / "secret")}

    settings = read(folder, '[channels.web]\nkind = "pigeon"', environ)

    token = value(settings, "token")
    assert isinstance(token, SecretStr)
    assert token.get_secret_value() == "s3cret-pigeon"
    assert settings.secrets == {"s3cret-pigeon"}


def test_other_variables_of_the_program_are_not_settings(folder: Path) -> None:
    assert read(folder, "", {"DESKBRIDGE_CONFIG": "x", "PATH": "y"}).channels == {}


def test_only_the_kinds_that_are_configured_are_imported(folder: Path) -> None:
    read(folder, '[channels.web]\nkind = "pigeon"')

    assert "pigeon_post_heavy" not in sys.modules


def test_the_settings_never_change_afterwards(folder: Path) -> None:
    settings = read(folder, "")

    with pytest.raises(ValueError, match="frozen"):
        setattr(settings.server, "port", 1)  # noqa: B010 - mypy would refuse the plain form


@pytest.mark.parametrize("written", ["pt_BR", "pt-BR", "pt-br", "PT_BR", "pt"])
def test_a_language_is_known_by_every_spelling(folder: Path, written: str) -> None:
    assert read(folder, f'[desk]\nlanguage = "{written}"').desk.language == "pt_BR"


def test_one_of_a_few_words_is_known_whatever_its_case(folder: Path) -> None:
    log = read(folder, '[log]\nlevel = "WARNING"\nformat = "Text"').log

    assert (log.level, log.format) == ("warning", "text")


# --- what is refused ------------------------------------------------------------------------


def test_a_typo_is_named_with_the_nearest_key(folder: Path) -> None:
    toml = '[channels.webchat]\nkind = "pigeon"\nalowed_origins = []'

    assert mistakes(folder, toml) == [
        "[channels.webchat] alowed_origins: did you mean allowed_origins?"
    ]


def test_a_key_like_no_other_is_answered_with_what_there_is(folder: Path) -> None:
    (said,) = mistakes(folder, "[log]\ncolour = 1")

    assert said == "[log] colour: no such setting; it takes level, format, requests"


def test_a_word_that_is_none_of_a_few_is_answered_with_the_nearest(folder: Path) -> None:
    assert mistakes(folder, '[log]\nlevel = "warn"') == [
        "[log] level: use 'debug', 'info', 'warning' or 'error'; did you mean warning?"
    ]


def test_a_word_like_none_of_a_few_is_answered_with_all(folder: Path) -> None:
    assert mistakes(folder, '[desk]\nlanguage = "français"') == [
        "[desk] language: use 'en' or 'pt_BR'"
    ]


def test_a_typo_inside_a_table_of_an_adapter_is_named_too(folder: Path) -> None:
    toml = '[channels.web]\nkind = "pigeon"\n[channels.web.limits]\nper_secnd = 1'

    assert mistakes(folder, toml) == ["[channels.web.limits] per_secnd: did you mean per_second?"]


def test_a_typo_of_a_section_is_named(folder: Path) -> None:
    assert mistakes(folder, "[servr]\nport = 1") == [
        "[servr]: no such section; did you mean [server]?"
    ]


def test_a_typo_in_the_environment_is_named(folder: Path) -> None:
    assert mistakes(folder, "", {"DESKBRIDGE_SERVER__PROT": "1"}) == [
        "[server] prot: did you mean port?"
    ]


def test_every_mistake_is_told_at_once_each_in_one_line(folder: Path) -> None:
    said = mistakes(folder, "[desk]\nbrnad = 1\n[server]\nport = 99999\nhost = ''")

    assert [line.split(":")[0] for line in said] == [
        "[desk] brnad",
        "[server] host",
        "[server] port",
    ]


def test_an_unknown_kind_is_named_with_the_nearest(folder: Path) -> None:
    assert mistakes(folder, '[channels.web]\nkind = "pidgeon"') == [
        '[channels.web] kind: there is no kind "pidgeon"; did you mean pigeon?'
    ]


def test_a_kind_whose_package_is_missing_says_what_to_install(folder: Path) -> None:
    assert mistakes(folder, '[channels.web]\nkind = "heavy"') == [
        "[channels.web] kind: heavy needs the package pigeon_dovecote; "
        "install it with: pip install 'deskbridge[heavy]'"
    ]


def test_a_missing_key_says_both_places_where_it_may_be_given(folder: Path) -> None:
    assert mistakes(folder, '[channels.web]\nkind = "strict"') == [
        "[channels.web] token: missing; add token = ... or set DESKBRIDGE_CHANNELS__WEB__TOKEN"
    ]


def test_a_secret_is_never_repeated_in_a_mistake(folder: Path) -> None:
    toml = '[channels.web]\nkind = "pigeon"\ntoken = ["hunter2-hunter2"]'

    assert "hunter2" not in str(mistakes(folder, toml))


def test_a_bot_that_is_not_there_is_named(folder: Path) -> None:
    (said,) = mistakes(folder, '[channels.web]\nkind = "pigeon"\nbot = "nobody"')

    assert said.startswith("[channels.web] bot: there is no [bots.nobody]")


@pytest.mark.parametrize("missing", ["public_url", "trusted_proxies"])
def test_listening_for_other_machines_needs(folder: Path, missing: str) -> None:
    given = {"public_url": '"https://desk.example.com"', "trusted_proxies": '["10.0.0.2"]'}
    given.pop(missing)
    lines = [f"{key} = {text}" for key, text in given.items()]

    (said,) = mistakes(folder, "\n".join(['[server]\nhost = "0.0.0.0"', *lines]))

    assert said.startswith(f"[server] {missing}: needed because host = 0.0.0.0 is reachable")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_listening_on_this_machine_needs_nothing(folder: Path, host: str) -> None:
    assert read(folder, f'[server]\nhost = "{host}"').server.public_url is None


def test_a_secret_in_a_file_that_others_can_read_is_refused(folder: Path) -> None:
    path = folder / "deskbridge.toml"
    path.write_text('[channels.web]\nkind = "pigeon"\ntoken = "s3cret-pigeon"', encoding="utf-8")
    path.chmod(0o644)

    with pytest.raises(InvalidSettings, match="chmod 600"):
        load(path, {})


def test_a_slip_in_the_toml_is_named_with_its_line(folder: Path) -> None:
    (said,) = mistakes(folder, "[desk]\nbrand = \n")

    assert said.startswith("deskbridge.toml: not valid TOML:")
    assert "line 2" in said


@pytest.mark.parametrize("id_", ["Web", "9web", "web-chat", "a__b"])
def test_an_id_that_the_environment_could_not_name_is_refused(folder: Path, id_: str) -> None:
    (said,) = mistakes(folder, f'[channels.{id_}]\nkind = "pigeon"')

    assert said.startswith(f"[channels.{id_}]: an id is lower-case letters")


# --- the desk's key -------------------------------------------------------------------------


def test_the_key_is_made_once_and_read_by_its_owner_only(folder: Path) -> None:
    first = desk_key(folder / "data").secret("x")

    again = desk_key(folder / "data").secret("x")

    assert first == again
    assert (folder / "data" / "desk.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (folder / "data").iterdir()] == ["desk.key"]


def test_secrets_of_two_purposes_have_nothing_in_common(folder: Path) -> None:
    key = desk_key(folder / "data")

    assert len({key.secret("a"), key.secret("b"), desk_key(folder / "other").secret("a")}) == 3


@pytest.mark.parametrize("spoil", ["open", "short"])
def test_a_key_that_is_open_or_damaged_is_refused(folder: Path, spoil: str) -> None:
    desk_key(folder / "data")
    path = folder / "data" / "desk.key"
    if spoil == "open":
        path.chmod(0o644)
    else:
        path.write_bytes(b"short")

    with pytest.raises(InvalidSettings, match=r"chmod 600|not a key"):
        desk_key(folder / "data")
