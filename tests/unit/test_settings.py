"""Settings come from the environment, and a wrong one is told in a sentence that names its variable."""

from pathlib import Path

import pytest

from unioncat.core.errors import UnioncatError
from unioncat.settings import load_settings


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "DATABASE_URL", "PG_BIN", "HOST", "PORT", "LANGUAGE"):
        monkeypatch.delenv(f"UNIONCAT_{name}", raising=False)


def test_the_default_home_is_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert load_settings().home == Path("/somewhere/unioncat")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/reader")
    assert load_settings().home == Path("/home/reader/.local/share/unioncat")


def test_everything_of_one_machine_lies_under_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONCAT_HOME", "here")
    settings = load_settings()
    assert settings.home == Path.cwd() / "here"
    for folder in (settings.postgres_home, settings.index_home, settings.samples_home):
        assert folder.parent == settings.home


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+asyncpg"])
def test_a_database_address_gets_the_driver_and_keeps_its_password(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("UNIONCAT_DATABASE_URL", f"{scheme}://u:p%40ss@db:5433/catalogue?ssl=require")
    expected = "postgresql+asyncpg://u:p%40ss@db:5433/catalogue?ssl=require"
    assert load_settings().database_url == expected
    assert "p%40ss" not in repr(load_settings())


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "mysql://u:secret@db/catalogue", "postgresql://"),
        ("DATABASE_URL", "postgresql://u:secret@db", "/database"),
        ("DATABASE_URL", "postgresql://u:secret@db:port/x", "postgresql://"),
        ("DATABASE_URL", "secret", "postgresql://"),
        ("PORT", "70000", "65535"),
        ("PORT", "secret", "integer"),
        ("LANGUAGE", "secret", "'vi' or 'en'"),
        ("HOME", "~secret/x", "home directory"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"UNIONCAT_{name}", value)
    with pytest.raises(UnioncatError, match=f"UNIONCAT_{name} .*{says}") as caught:
        load_settings()
    assert "secret" not in str(caught.value)


def test_the_nodes_of_a_cluster_are_parted_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONCAT_ES_URL", "https://a.example:9200, http://10.0.0.2:9201/es")
    assert load_settings().es_nodes == ("https://a.example:9200", "http://10.0.0.2:9201/es")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UNIONCAT_ES_URL", "a.example:9200"),
        ("UNIONCAT_ES_URL", "http://a.example"),
        ("UNIONCAT_ES_URL", "http://user:secret@a.example:9200"),
        ("UNIONCAT_ES_INDEX", "Union Cat"),
        ("UNIONCAT_ES_REPLICAS", "two"),
        ("UNIONCAT_ENGINE", "solr"),
    ],
)
def test_a_wrong_setting_of_the_search_engine_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UnioncatError, match=name) as told:
        load_settings()
    assert "secret" not in str(told.value)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONCAT_DATABASE_URL", "")
    monkeypatch.setenv("UNIONCAT_PORT", "")
    assert load_settings().database_url is None
    assert load_settings().port == 8600
