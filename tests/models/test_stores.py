"""Other programs' stores: what they hold is found where they keep it, and never touched."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from core.models.info.model_entry import ModelOrigin
from core.models.stores import StoreLocations, StoreModelFile, find_store_models
from tests.gguf.writing import Gguf

GOOD = Gguf()


@pytest.fixture
def places(tmp_path: Path) -> StoreLocations:
    home = tmp_path / "home"
    home.mkdir()
    return StoreLocations(home, {}, "linux")


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return GOOD.write(path)


def found(places: StoreLocations) -> list[tuple[str, str]]:
    return [(each.origin, each.path) for each in find_store_models(places) if "home" in each.path]


def test_lm_studio_with_its_own_folder_and_the_one_that_is_set(places: StoreLocations) -> None:
    old = put(places.home / ".cache/lm-studio/models/maker/model/a.gguf")
    new = put(places.home / ".lmstudio/models/maker/model/b-00001-of-00002.gguf")
    put(places.home / ".lmstudio/models/maker/model/b-00002-of-00002.gguf")
    far = put(places.home / "far/home/c.gguf")
    settings = places.home / ".lmstudio/settings.json"
    settings.write_text(json.dumps({"downloadsFolder": str(far.parent)}))
    assert found(places) == [(ModelOrigin.LM_STUDIO, str(each)) for each in (far, new, old)]


def ollama(places: StoreLocations, name: str, layers: object) -> Path:
    manifest = places.home / ".ollama/models/manifests/registry.ollama.ai" / name
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(layers if isinstance(layers, str) else json.dumps({"layers": layers}))
    return places.home / ".ollama/models/blobs"


def test_ollama_by_its_manifests_with_name_checksum_and_licence(places: StoreLocations) -> None:
    weights, licence = "a" * 64, "b" * 64
    layers = [
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{weights}"},
        {"mediaType": "application/vnd.ollama.image.license", "digest": f"sha256:{licence}"},
    ]
    blobs = ollama(places, "library/llama3.2/3b", layers)
    ollama(places, "someone/mine/latest", layers)
    put(blobs / f"sha256-{weights}")
    (blobs / f"sha256-{licence}").write_text("\n  LLAMA 3.2 LICENSE\nmore")
    first, second = [each for each in find_store_models(places) if "home" in each.path]
    assert first == StoreModelFile(
        path=str(blobs / f"sha256-{weights}"),
        origin=ModelOrigin.OLLAMA,
        name="llama3.2:3b",
        sha256=weights,
        licence="LLAMA 3.2 LICENSE",
    )
    assert second.name == "someone/mine:latest"


@pytest.mark.parametrize(
    "layers",
    [
        "{]",
        "[]",
        "null",
        [],
        [None, 1, {"mediaType": 1}],
        [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:../../etc"}],
        [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:" + "c" * 64}],
    ],
)
def test_an_odd_manifest_hides_nothing_else(layers: object, places: StoreLocations) -> None:
    ollama(places, "library/odd/latest", layers)
    good = put(places.home / ".lmstudio/models/a.gguf")
    assert found(places) == [(ModelOrigin.LM_STUDIO, str(good))]


def test_jan_by_folder_and_by_description(places: StoreLocations) -> None:
    data = places.home / ".config/Jan/data"
    plain = put(data / "llamacpp/models/maker/Qwen3-4B/model.gguf")
    elsewhere = put(places.home / "Downloads/home.gguf")
    described = data / "llamacpp/models/imported/model.yml"
    described.parent.mkdir(parents=True)
    described.write_text(f"name: My import\nmodel_path: {elsewhere}\n")
    each = {each.path: each for each in find_store_models(places)}
    assert each[str(plain)].name == "maker/Qwen3-4B"
    assert each[str(elsewhere)].name == "My import"
    assert {each.origin for each in each.values()} == {ModelOrigin.JAN}


def test_gpt4all_without_what_it_is_still_fetching(places: StoreLocations) -> None:
    good = put(places.home / ".local/share/nomic.ai/GPT4All/a.gguf")
    put(good.with_name("incomplete-b.gguf"))
    set_ = put(places.home / "elsewhere/c.gguf")
    ini = places.home / ".config/nomic.ai/GPT4All.ini"
    ini.parent.mkdir(parents=True)
    ini.write_text(f"[General]\nmodelPath={set_.parent}\n")
    assert found(places) == [(ModelOrigin.GPT4ALL, str(set_)), (ModelOrigin.GPT4ALL, str(good))]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_the_hugging_face_cache_names_each_blob_once(places: StoreLocations) -> None:
    repository = places.home / ".cache/huggingface/hub/models--maker--model"
    blob = put(repository / "blobs" / ("d" * 64))
    for revision in ("one", "two"):
        link = repository / "snapshots" / revision / "a.gguf"
        link.parent.mkdir(parents=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    (each,) = find_store_models(places)
    assert (each.origin, each.sha256) == (ModelOrigin.HUB, "d" * 64)
    assert each.path.endswith("snapshots/one/a.gguf")
    shutil.rmtree(repository / "blobs")
    assert not list(find_store_models(places)), "a link to nothing is no model"


@pytest.mark.parametrize(
    ("variable", "inside"),
    [("OLLAMA_MODELS", ""), ("HF_HOME", "hub"), ("HF_HUB_CACHE", "")],
)
def test_folders_that_variables_name_come_first(
    variable: str, inside: str, places: StoreLocations
) -> None:
    folder = places.home / "set"
    moved = places._replace(environment={variable: str(folder)})
    if variable == "OLLAMA_MODELS":
        digest = "e" * 64
        layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"}
        blobs = ollama(moved, "library/a/b", [layer])
        shutil.move(blobs.parent, folder)
        put(folder / "blobs" / f"sha256-{digest}")
    else:
        put(folder / inside / "models--m--n/snapshots/r/a.gguf")
    assert len(list(find_store_models(moved))) == 1
