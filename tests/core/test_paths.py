"""One root decides where everything lies."""

import os
import stat
import sys
from pathlib import Path

import pytest

from core.base import paths
from core.base.paths import Paths


def test_everything_lies_inside_the_root(tmp_path: Path) -> None:
    made = Paths(tmp_path / "root")
    places = [
        getattr(made, name) for name in dir(Paths) if isinstance(getattr(Paths, name), property)
    ]
    assert len(places) > 5
    assert all(place.is_relative_to(made.root) and place != made.root for place in places)
    assert len(set(places)) == len(places)


def test_create_makes_the_folders_and_can_be_repeated(tmp_path: Path) -> None:
    made = Paths(tmp_path / "deep" / "root")
    made.create_folders()
    made.create_folders()
    for folder in (made.spool, made.index, made.models, made.logs, made.backups):
        assert folder.is_dir()
    if os.name != "nt":
        assert stat.S_IMODE(made.root.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("program", "image", "place"),
    [
        ("stick/Inglenook/Inglenook", "", "stick/Inglenook"),
        ("mounted/usr/lib/inglenook/Inglenook", "stick/Inglenook.AppImage", "stick"),
        ("stick/Inglenook.app/Contents/MacOS/Inglenook", "", "stick"),
    ],
    ids=["folder", "AppImage", "macOS"],
)
def test_a_portable_folder_lies_beside_what_a_person_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, image: str, place: str
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / program))
    monkeypatch.setenv("APPIMAGE", str(tmp_path / image) if image else "")
    monkeypatch.delenv(paths.ROOT_VARIABLE, raising=False)
    data = tmp_path / place / paths.PORTABLE_NAME
    data.mkdir(parents=True)
    assert paths.default_root() == data


def test_the_variable_moves_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(tmp_path))
    assert paths.default_root() == tmp_path
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(paths.ROOT_VARIABLE, "here")
    assert paths.default_root() == tmp_path / "here"


def test_a_portable_folder_beside_the_program_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(paths.ROOT_VARIABLE)
    monkeypatch.setattr(paths, "program_folder", lambda: tmp_path)
    assert paths.default_root().name == paths.APP_NAME
    (tmp_path / paths.PORTABLE_NAME).mkdir()
    assert paths.default_root() == tmp_path / paths.PORTABLE_NAME


def test_frozen_the_program_lies_beside_its_executable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "bundle"), raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "inglenook"))
    assert paths.program_folder() == tmp_path
    assert paths.resources_folder() == tmp_path / "bundle" / "resources"


def test_what_ships_is_there(starter_model: Path) -> None:
    assert starter_model in paths.shipped_models()
    assert (paths.embedding_model() / "model.safetensors").is_file()
