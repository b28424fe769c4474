"""Settings: typed, bounded, kept on disk; a damaged file costs the settings, not the start."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.paths import Paths
from core.base.settings import app_settings, window_settings
from core.base.settings.app_settings import Settings
from core.base.settings.setting import Scalar, Setting

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)

BOUNDED = [
    each
    for each in app_settings.ALL_SETTINGS
    if not (each.minimum is None and each.maximum is None)
]


def test_a_value_is_found_after_a_restart(root: Paths) -> None:
    Settings(root.settings).set_value(app_settings.THREADS, 3)
    assert Settings(root.settings).get_value(app_settings.THREADS) == 3


def test_what_equals_the_default_is_not_written(root: Paths) -> None:
    values = Settings(root.settings)
    values.set_value(app_settings.THREADS, 3)
    values.set_value(app_settings.THREADS, app_settings.THREADS.default)
    assert json.loads(root.settings.read_bytes()) == {}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (app_settings.THREADS, -1),
        (app_settings.THREADS, True),
        (app_settings.THREADS, 2.0),
        (app_settings.THREADS, "2"),
        (app_settings.TEMPERATURE, 5.1),
        (app_settings.TEMPERATURE, float("nan")),
        (app_settings.TEMPERATURE, float("inf")),
        (window_settings.SCHEME, "blue"),
        (app_settings.MODEL, 1),
    ],
)
def test_what_a_setting_does_not_accept_is_refused(
    root: Paths, setting: Setting[Scalar], value: Scalar
) -> None:
    values = Settings(root.settings)
    with pytest.raises(ValueError, match=setting.key):
        values.set_value(setting, value)
    assert values.get_value(setting) == setting.default


def test_a_whole_number_will_do_for_a_temperature(root: Paths) -> None:
    values = Settings(root.settings)
    values.set_value(app_settings.TEMPERATURE, 1)
    assert values.get_value(app_settings.TEMPERATURE) == 1


@given(st.sampled_from(app_settings.ALL_SETTINGS), ANYTHING)
def test_no_value_is_accepted_of_another_type(setting: Setting[Scalar], value: object) -> None:
    is_alike = isinstance(value, type(setting.default) | int)
    assert is_alike or not setting.accepts(value)


@pytest.mark.parametrize("setting", BOUNDED, ids=lambda setting: setting.key)
def test_the_bounds_are_accepted_and_nothing_beyond(setting: Setting[Scalar]) -> None:
    for bound, outward in ((setting.minimum, -1), (setting.maximum, 1)):
        if bound is not None:
            assert setting.accepts(bound)
            assert not setting.accepts(bound + outward)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"threads": 1} x']
)
def test_a_damaged_file_is_kept_and_the_defaults_hold(root: Paths, content: bytes) -> None:
    root.settings.write_bytes(content)
    assert Settings(root.settings).get_value(app_settings.THREADS) == app_settings.THREADS.default
    assert root.settings.with_suffix(".damaged.json").read_bytes() == content
    assert not root.settings.exists()


@given(
    st.dictionaries(
        st.sampled_from([s.key for s in app_settings.ALL_SETTINGS]) | st.text(), ANYTHING
    )
)
def test_any_object_on_disk_gives_usable_values(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps(content))
    values = Settings(path)
    assert all(setting.accepts(values.get_value(setting)) for setting in app_settings.ALL_SETTINGS)


def test_every_setting_accepts_its_own_default_and_has_its_own_key(tmp_path: Path) -> None:
    assert all(setting.accepts(setting.default) for setting in app_settings.ALL_SETTINGS)
    assert len({setting.key for setting in app_settings.ALL_SETTINGS}) == len(
        app_settings.ALL_SETTINGS
    )
    assert all(setting.label and setting.help for setting in app_settings.ALL_SETTINGS)
