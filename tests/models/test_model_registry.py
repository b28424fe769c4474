"""The list of models: which files it knows, what it calls them, what it says of broken ones."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.gguf import GgufHeader, read_header
from core.models.info.model_entry import ModelEntry, ModelFile, ModelOrigin
from core.models.info.model_fit_cache import ModelFit
from core.models.info.model_naming import slug_of_file
from core.models.registry.model_facts_reader import MAX_IMMEDIATE_READS
from core.models.registry.model_registry import ModelRegistry
from core.models.registry.model_scan import scan_for_models
from tests.gguf.writing import STRING, Gguf, facts

GOOD = Gguf()
STARTER = "smollm2-135m-instruct-q4_1"


def fits(_header: GgufHeader) -> ModelFit:
    return ModelFit("yes", 1000)


@pytest.fixture
def registry(root: Paths) -> ModelRegistry:
    return ModelRegistry(root, fits)


def refs(registry: ModelRegistry) -> list[str]:
    return [entry.ref for entry in registry.list_models()]


def code_of(call: Callable[[], object]) -> ErrorCode:
    with pytest.raises(ModelError) as caught:
        call()
    return caught.value.code


def test_the_starter_model_is_there(registry: ModelRegistry) -> None:
    (entry,) = registry.list_models()
    assert entry == ModelEntry(
        ref=STARTER,
        path=entry.path,
        family="SmolLM2 135M",
        architecture="llama",
        parameters=134_515_008,
        quantization="Q4_1",
        bytes_on_disk=98_362_432,
        context=8192,
        fits="yes",
        memory_needed=1000,
        has_template=True,
        tokenizer="gpt2/smollm",
        vocabulary=49_152,
        origin=ModelOrigin.SHIPPED,
        bits_per_weight=5.74,
        licence="apache-2.0",
        files=(ModelFile(path=entry.path, bytes=98_362_432),),
    )


def test_a_file_in_our_folder_is_found(registry: ModelRegistry, root: Paths) -> None:
    GOOD.write(root.models / "Mine.Q4_0.gguf")
    assert refs(registry) == ["mine-q4_0", STARTER]


def test_an_added_file_is_used_in_place_and_remembered(
    registry: ModelRegistry, root: Paths, tmp_path: Path
) -> None:
    file = GOOD.write(tmp_path / "Other Model.gguf")
    assert registry.add_model(str(file)).ref == "other-model"
    again = ModelRegistry(root, fits)
    assert again.find_model("other-model").path == str(file)
    assert not list(root.models.iterdir())
    again.forget_model("other-model")
    assert file.exists()
    assert refs(ModelRegistry(root, fits)) == [STARTER]


def test_a_program_s_model_is_found_without_a_look_at_the_others(
    root: Paths, tmp_path: Path
) -> None:
    planned: list[int] = []

    def plan(header: GgufHeader) -> ModelFit:
        planned.append(header.context_length)
        return ModelFit("yes", 1000)

    registry = ModelRegistry(root, plan, plan_key=lambda _path: f"memory {len(planned)}")
    for length in (64, 128, 256):
        registry.add_model(
            str(
                Gguf(facts=facts("llama", {"context_length": length})).write(
                    tmp_path / f"Wren {length}.gguf"
                )
            )
        )
    registry.list_models()
    planned.clear()
    entry = registry.find_whole_name("Wren 128:latest")
    assert entry is not None
    assert (entry.path, entry.fits) == (str(tmp_path / "Wren 128.gguf"), "yes")
    assert registry.find_whole_name(entry.ref) == entry
    assert registry.find_whole_name("Wren") is None
    assert planned == []


def test_a_found_model_that_was_taken_off_the_list_stays_off_until_it_is_added(
    registry: ModelRegistry, root: Paths
) -> None:
    path = GOOD.write(root.models / "Mine.Q4_0.gguf")
    registry.forget_model("mine-q4_0")
    assert refs(registry) == [STARTER]
    assert path.exists()
    again = ModelRegistry(root, fits)
    assert refs(again) == [STARTER]
    assert code_of(lambda: again.find_model("mine-q4_0")) == ErrorCode.MODEL_UNKNOWN
    again.add_model(str(path))
    assert refs(ModelRegistry(root, fits)) == ["mine-q4_0", STARTER]


def test_a_folder_that_is_scanned_no_more_takes_its_models_along(
    registry: ModelRegistry, root: Paths, tmp_path: Path
) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    GOOD.write(folder / "Mine.Q4_0.gguf")
    registry.add_folder(str(folder))
    registry.apply_scan(scan_for_models(registry.scan_request(None), nobody, lambda: None))
    assert refs(registry) == ["mine-q4_0", STARTER]
    late = scan_for_models(registry.scan_request(None), nobody, lambda: None)
    registry.forget_folder(str(folder))
    assert refs(registry) == [STARTER]
    registry.apply_scan(late)
    assert refs(registry) == [STARTER], "a scan that had begun before changes nothing"


def nobody(_found: int, _read: int, _name: str) -> None:
    """Hear how far a scan is."""


def test_a_drive_that_is_unplugged_takes_no_model_off_the_list(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    path = GOOD.write(folder / "Mine.Q4_0.gguf")
    registry.add_folder(str(folder))
    registry.apply_scan(scan_for_models(registry.scan_request(None), nobody, lambda: None))
    path.unlink()  # its mount point is left, empty
    scan = scan_for_models(registry.scan_request(None), nobody, lambda: None)
    assert scan.away == (str(folder),)
    registry.apply_scan(scan)
    (entry,) = (each for each in registry.list_models() if each.ref == "mine-q4_0")
    assert entry.problem_code == ErrorCode.MODEL_AWAY


def test_of_many_new_files_a_scan_reads_those_that_a_listing_leaves(
    registry: ModelRegistry, root: Paths
) -> None:
    for number in range(MAX_IMMEDIATE_READS + 2):
        GOOD.write(root.models / f"Mine{number}.gguf")
    assert len(refs(registry)) == MAX_IMMEDIATE_READS + 1
    registry.apply_scan(scan_for_models(registry.scan_request(None), nobody, lambda: None))
    assert len(refs(registry)) == MAX_IMMEDIATE_READS + 3


def test_leave_for_an_unknown_architecture_goes_with_the_model(
    registry: ModelRegistry, root: Paths, tmp_path: Path
) -> None:
    path = replace(GOOD, facts=facts("hal9000")).write(tmp_path / "Odd.gguf")
    assert registry.add_model(str(path), anyway=True).problem_code == ""
    assert ModelRegistry(root, fits).allows_unknown_architecture(str(path))
    registry.forget_model("odd")
    assert not ModelRegistry(root, fits).allows_unknown_architecture(str(path))


def test_adding_twice_is_adding_once(registry: ModelRegistry, tmp_path: Path) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    assert registry.add_model(str(file)) == registry.add_model(str(file))
    assert refs(registry) == [STARTER, "x"]


def test_a_relative_path_is_made_absolute(
    registry: ModelRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    GOOD.write(tmp_path / "x.gguf")
    monkeypatch.chdir(tmp_path)
    assert registry.add_model("x.gguf").path == str(tmp_path / "x.gguf")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", ErrorCode.NOT_GGUF),
        (b"hello, I am no model", ErrorCode.NOT_GGUF),
        (replace(GOOD, cut=1).encode(), ErrorCode.GGUF_TRUNCATED),
        (replace(GOOD, version=9).encode(), ErrorCode.GGUF_INVALID),
        (replace(GOOD, facts=facts("hal9000")).encode(), ErrorCode.ARCHITECTURE_UNKNOWN),
        (replace(GOOD, facts=facts("bert")).encode(), ErrorCode.MODEL_NOT_CHAT),
    ],
)
def test_a_file_that_is_no_model_is_not_added(
    content: bytes, code: ErrorCode, registry: ModelRegistry, root: Paths, tmp_path: Path
) -> None:
    file = tmp_path / "x.gguf"
    file.write_bytes(content)
    assert code_of(lambda: registry.add_model(str(file))) == code
    assert refs(ModelRegistry(root, fits)) == [STARTER]


def test_a_file_that_is_gone_stays_listed_with_why(
    registry: ModelRegistry, root: Paths, tmp_path: Path
) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    registry.add_model(str(file))
    file.unlink()
    entry = ModelRegistry(root, fits).find_model("x")
    assert (entry.problem_code, entry.fits) == (ErrorCode.MODEL_GONE, "no")
    GOOD.write(file)
    assert not registry.find_model("x").problem_code


def test_a_file_that_breaks_is_seen_at_the_next_look(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    registry.add_model(str(file))
    replace(GOOD, cut=1).write(file)
    assert registry.find_model("x").problem_code == ErrorCode.GGUF_TRUNCATED


def test_an_unknown_architecture_is_listed_with_its_figures(
    registry: ModelRegistry, root: Paths
) -> None:
    replace(GOOD, facts=facts("hal9000")).write(root.models / "x.gguf")
    entry = registry.find_model("x")
    assert entry.problem_code == ErrorCode.ARCHITECTURE_UNKNOWN
    assert entry.context == 64


def test_a_header_is_read_once(
    registry: ModelRegistry, root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = GOOD.write(root.models / "x.gguf")
    registry.list_models()
    reads: list[Path] = []

    def counting(path: Path) -> GgufHeader:
        reads.append(path)
        return read_header(path)

    monkeypatch.setattr("core.models.info.model_facts.read_header", counting)
    registry.list_models()
    assert not reads
    os.utime(file, ns=(1, 1))
    registry.list_models()
    assert reads == [file]


def test_a_name_part_of_one_or_a_path_is_enough(
    registry: ModelRegistry, root: Paths, tmp_path: Path
) -> None:
    GOOD.write(root.models / "Alpha-7B.Q4_K_M.gguf")
    GOOD.write(root.models / "Alpha-7B.Q8_0.gguf")
    GOOD.write(root.models / "Alpha.gguf")
    elsewhere = GOOD.write(tmp_path / "elsewhere.gguf")
    assert registry.find_model("alpha").ref == "alpha", "the whole name wins over a part"
    assert registry.find_model("ALPHA-7B-Q8").ref == "alpha-7b-q8_0"
    assert registry.find_model("q8_0").ref == "alpha-7b-q8_0"
    assert registry.find_model("smollm2 135m").ref == STARTER
    assert registry.find_model(str(root.models / "Alpha.gguf")).ref == "alpha"
    assert registry.find_model(str(elsewhere)).ref == "elsewhere"
    assert "elsewhere" not in refs(registry), "used without being remembered"
    assert code_of(lambda: registry.find_model("alpha-7b")) == ErrorCode.MODEL_AMBIGUOUS
    assert code_of(lambda: registry.find_model("beta")) == ErrorCode.MODEL_UNKNOWN
    assert code_of(lambda: registry.find_model("")) == ErrorCode.MODEL_UNKNOWN
    assert code_of(lambda: registry.find_model("gone/beta.gguf")) == ErrorCode.MODEL_GONE


def test_two_files_of_one_name_have_two_refs(
    registry: ModelRegistry, root: Paths, tmp_path: Path
) -> None:
    GOOD.write(root.models / "x.gguf")
    registry.add_model(str(GOOD.write(tmp_path / "x.gguf")))
    assert refs(registry) == [STARTER, "x", "x-2"]


def test_a_name_stays_with_its_file(registry: ModelRegistry, root: Paths, tmp_path: Path) -> None:
    files = {}
    for folder in ("b", "c", "a"):
        (tmp_path / folder).mkdir()
        files[folder] = str(GOOD.write(tmp_path / folder / "mine.gguf"))
    assert [registry.add_model(file).ref for file in files.values()] == ["mine", "mine-2", "mine-3"]
    registry.forget_model("mine")
    again = ModelRegistry(root, fits)
    GOOD.write(root.models / "Mine.gguf")
    named = {entry.path: entry.ref for entry in again.list_models()}
    assert named[files["c"]] == "mine-2"
    assert named[files["a"]] == "mine-3"
    assert named[str(root.models / "Mine.gguf")] == "mine"
    again.forget_model("mine-2")
    assert [entry.path for entry in ModelRegistry(root, fits).list_models()][:2] == [
        str(root.models / "Mine.gguf"),
        files["a"],
    ]


def test_a_list_without_names_is_read(root: Paths, tmp_path: Path) -> None:
    files = []
    for folder in ("b", "a"):
        (tmp_path / folder).mkdir()
        files.append(str(GOOD.write(tmp_path / folder / "mine.gguf")))
    root.model_registry.write_text(json.dumps({"version": 1, "files": files}))
    registry = ModelRegistry(root, fits)
    assert [registry.find_model(file).ref for file in files] == ["mine", "mine-2"]


@pytest.mark.parametrize(
    "content",
    [b"{]", b"[]", b"{}", b'{"files": "x"}', b'{"files": [1]}', b"[" * 100_000, b"\xff"],
)
def test_a_damaged_list_is_put_aside(content: bytes, root: Paths, tmp_path: Path) -> None:
    root.model_registry.write_bytes(content)
    registry = ModelRegistry(root, fits)
    assert refs(registry) == [STARTER]
    registry.add_model(str(GOOD.write(tmp_path / "x.gguf")))
    assert refs(ModelRegistry(root, fits)) == [STARTER, "x"]
    assert root.model_registry.with_suffix(".damaged.json").read_bytes() == content


ODD = "odd\udcff.gguf"
"""As Python spells a name with a byte that is no UTF-8."""


def test_a_name_that_is_no_text_is_refused(
    registry: ModelRegistry, root: Paths, tmp_path: Path
) -> None:
    file = str(tmp_path / ODD)
    assert code_of(lambda: registry.add_model(file)) == ErrorCode.MODEL_UNREADABLE
    assert code_of(lambda: registry.find_model(file)) == ErrorCode.MODEL_UNREADABLE
    assert not root.model_registry.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_name_that_is_no_text_is_listed_with_why(registry: ModelRegistry, root: Paths) -> None:
    GOOD.write(root.models / ODD)
    entry = registry.find_model("odd")
    assert entry.problem_code == ErrorCode.MODEL_UNREADABLE
    assert (Path(entry.path).name, entry.family) == ("odd?.gguf", "odd?")
    str(entry).encode()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("SmolLM2-135M-Instruct.Q4_1.gguf", STARTER),
        ("Qwen2.5-7B-Instruct-Q4_K_M.gguf", "qwen2.5-7b-instruct-q4_k_m"),
        ("Mistral-7B-v0.3.Q4_K_M.GGUF", "mistral-7b-v0.3-q4_k_m"),
        ("Mein Modell (neu).gguf", "mein-modell-neu"),
        ("модель.gguf", "модель"),
        ("....gguf", "model"),
    ],
)
def test_names_to_type(name: str, slug: str) -> None:
    assert slug_of_file(Path(name)) == slug


@pytest.mark.parametrize(
    ("metadata", "family"),
    [
        ({"general.basename": "Qwen3", "general.size_label": "0.6B"}, "Qwen3 0.6B"),
        ({"general.basename": "gemma-3", "general.size_label": "270M"}, "Gemma 3 270M"),
        ({"general.basename": "deepseek-r1-distill"}, "DeepSeek R1 Distill 128"),
        ({"general.name": "Meta Llama 3 8B", "general.size_label": "8B"}, "Meta Llama 3 8B"),
        ({"general.basename": "mixtral", "general.size_label": "8x7B"}, "Mixtral 8x7B"),
        ({}, "Llama 128"),
    ],
)
def test_families_as_people_say_them(
    metadata: dict[str, str], family: str, registry: ModelRegistry, root: Paths
) -> None:
    file = GOOD
    for key, content in metadata.items():
        file = file.with_fact(key, STRING, content)
    file.write(root.models / "x.gguf")
    assert registry.find_model("x").family == family
