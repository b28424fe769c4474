"""What a model is called: as its maker spells it, never longer than a line."""

from pathlib import Path

import pytest

from core.gguf import read_header
from core.models.info.model_naming import family_of
from tests.gguf.writing import STRING, Gguf, facts, value


@pytest.mark.parametrize(
    ("base", "size", "family"),
    [
        ("smollm2", "135M", "SmolLM2 135M"),
        ("Qwen3-8B", "8B", "Qwen3 8B"),
        ("X" * 500, "8B", "X" * 80),
    ],
)
def test_a_family_has_its_size_once(tmp_path: Path, base: str, size: str, family: str) -> None:
    named = {"general.basename": value(STRING, base), "general.size_label": value(STRING, size)}
    path = Gguf(facts=facts() | named).write(tmp_path / "m.gguf")
    assert family_of(read_header(path)) == family
