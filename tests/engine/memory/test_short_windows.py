"""Models with sliding windows in a long context: less memory, and the same answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.engine.devices.device_list import list_devices
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.memory.placement_planner import choose_placement
from core.gguf import read_header
from core.messages import Placement
from tests.gguf.synthetic import dense, windowed

GIB = 1 << 30
WINDOW = 512
TOKENS = [1 + place * 7 % 500 for place in range(2300)]


@pytest.fixture(scope="module")
def windowed_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return windowed().write(tmp_path_factory.mktemp("windowed") / "windowed.gguf")


def placed(path: Path, context: int, sequences: int = 1) -> Placement:
    requested = Placement(context=context, threads=1, sequences=sequences, device="cpu")
    header = read_header(path)
    # The synthetic models say that they were trained for less.
    header.metadata[f"{header.architecture}.context_length"] = 1 << 17
    return choose_placement(header, requested, list_devices(), 20 * GIB).placement


class Reader:
    """A context that reads tokens of a sequence."""

    def __init__(self, path: Path, placement: Placement) -> None:
        self.model = LlamaModel(path, placement, AbortFlag())
        self.context = LlamaContext(self.model, AbortFlag())

    def read(self, tokens: list[int], start: int, sequence: int = 0) -> int:
        """Read tokens and return the likeliest next one."""
        batch = self.context.batch
        for place in range(0, len(tokens), batch.capacity):
            part = tokens[place : place + batch.capacity]
            batch.clear()
            index = batch.add_tokens(part, start=start + place, sequence=sequence, outputs=1)
            self.context.decode()
        return int(self.context.logits(index).argmax())

    def close(self) -> None:
        self.context.close()
        self.model.close()


@pytest.fixture
def reader(windowed_file: Path) -> Iterator[Reader]:
    reader = Reader(windowed_file, placed(windowed_file, 4096))
    yield reader
    reader.close()


def test_windows_are_short_where_that_saves_half(windowed_file: Path, tmp_path: Path) -> None:
    assert placed(windowed_file, 4096).short_windows
    assert not placed(windowed_file, 1536).short_windows
    assert not placed(windowed_file, 4096, sequences=8).short_windows
    assert placed(windowed_file, 32_768, sequences=8).short_windows
    assert not placed(dense().write(tmp_path / "dense.gguf"), 32_768).short_windows


def test_a_follow_up_reads_only_what_is_new(reader: Reader) -> None:
    reader.read(TOKENS[:2000], 0)
    assert reader.context.truncate(0, 1990) == 1990
    after_cut = reader.read(TOKENS[1990:2050], 1990)
    reader.context.truncate(0, 0)
    assert after_cut == reader.read(TOKENS[:2050], 0)


def test_a_sequence_without_its_window_is_dropped(reader: Reader) -> None:
    reader.read(TOKENS[:2300], 0)
    assert reader.context.truncate(0, 600) == 0, "its window was overwritten"
    assert reader.context.cached_count(0) == 0


def test_a_restored_state_goes_on(reader: Reader) -> None:
    reader.read(TOKENS[:2000], 0)
    state = reader.context.export_state(0)
    expected = reader.read(TOKENS[2000:2010], 2000)
    reader.context.truncate(0, 0)
    assert reader.context.import_state(0, state, 2000)
    assert reader.context.truncate(0, 2000) == 2000
    assert reader.read(TOKENS[2000:2010], 2000) == expected
