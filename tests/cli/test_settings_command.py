"""`inglenook settings`: listing, reading, setting, resetting, and what is refused."""

import json
from pathlib import Path

import pytest

from core.base.settings import app_settings as declared
from core.base.settings.setting import SettingSection
from tests.cli.conftest import Inglenook
from tests.gguf.writing import Gguf


def kept(inglenook: Inglenook) -> dict[str, object]:
    path = inglenook.paths.settings
    content: dict[str, object] = json.loads(path.read_bytes()) if path.exists() else {}
    return content


def test_all_settings_are_listed(inglenook: Inglenook) -> None:
    listed = inglenook("settings", "--json").objects
    assert [each["key"] for each in listed] == [setting.key for setting in declared.ALL_SETTINGS]
    assert {"value", "default", "label", "help"} <= set(listed[0])
    out = inglenook("settings").out
    for setting in declared.ALL_SETTINGS:
        assert (setting.help in out) is (setting.section is not SettingSection.HIDDEN)


@pytest.mark.parametrize(
    ("key", "word", "value"),
    [
        ("keep_states", "off", False),
        ("keep-states", "NO", False),
        ("states_megabytes", "512", 512),
        ("temperature", "1", 1.0),
        ("scheme", "dark", "dark"),
        ("draft_model", "off", "off"),
    ],
)
def test_a_setting_is_set_and_reset(
    inglenook: Inglenook, key: str, word: str, value: object
) -> None:
    name = key.replace("-", "_")
    ran = inglenook("settings", key, word, "--json")
    assert ran.code == 0
    assert ran.objects[0]["value"] == value
    assert kept(inglenook) == {name: value}
    assert inglenook("settings", key, "--json").objects[0]["value"] == value
    ran = inglenook("settings", "--reset", key, "--json")
    assert ran.objects[0]["value"] == ran.objects[0]["default"]
    assert kept(inglenook) == {}


def test_one_setting_says_what_it_takes(inglenook: Inglenook) -> None:
    inglenook("settings", "temperature", "0.2")
    out = inglenook("settings", "temperature").out
    assert "temperature: 0.2" in out
    assert "It takes a number from 0 to 5." in out
    assert "Default: 0.7" in out


@pytest.mark.parametrize(
    ("key", "word", "allowed"),
    [
        ("keep_states", "maybe", "“on” or “off”"),
        ("states_megabytes", "-1", "a whole number from 0 to 1048576"),
        ("states_megabytes", "1.5", "a whole number"),
        ("temperature", "nan", "a number from 0 to 5"),
        ("scheme", "pink", "“system”, “light”, “dark”"),
    ],
)
def test_what_is_refused_says_what_is_allowed(
    inglenook: Inglenook, key: str, word: str, allowed: str
) -> None:
    ran = inglenook("settings", key, word, "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "setting_refused"
    assert allowed in ran.objects[-1]["hint"]
    assert kept(inglenook) == {}


def test_a_setting_that_is_not_there(inglenook: Inglenook) -> None:
    for words in (("frobnicate",), ("frobnicate", "1"), ("--reset", "frobnicate")):
        ran = inglenook("settings", *words, "--json")
        assert ran.code == 1
        assert ran.objects[-1]["code"] == "setting_unknown"


def test_a_model_is_set_by_its_name_or_its_file(inglenook: Inglenook, tmp_path: Path) -> None:
    ran = inglenook("settings", "model", "smol", "--json")
    assert ran.objects[0]["value"].endswith(".gguf")
    file = Gguf().write(tmp_path / "tiny.gguf")
    for key in ("model", "draft_model"):
        ran = inglenook("settings", key, str(file), "--json")
        assert ran.objects[0]["value"] == str(file)
    listed = inglenook("model", "list", "--json").objects
    assert str(file) in {entry["path"] for entry in listed}
    ran = inglenook("settings", "model", "hal", "--json")
    assert (ran.code, ran.objects[-1]["code"]) == (1, "model_unknown")


def test_an_index_server_is_not_kept_without_a_yes(inglenook: Inglenook) -> None:
    words = ("settings", "index_server", "http://127.0.0.1:8000", "--json")
    ran = inglenook(*words)
    assert (ran.code, ran.objects[-1]["code"]) == (1, "consent_needed")
    assert kept(inglenook) == {}
    assert inglenook("settings", "index_server", "ftp://127.0.0.1", "--yes").code == 1
    assert inglenook(*words, "--yes").objects[0]["value"] == "http://127.0.0.1:8000"
    assert inglenook("settings", "index_server", "").code == 0
