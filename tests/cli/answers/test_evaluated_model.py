"""`inglenook eval answers` without --model: the results say which model answered."""

import json
from pathlib import Path

from tests.cli.conftest import Inglenook


def test_the_model_that_answers_is_named(inglenook: Inglenook, tmp_path: Path) -> None:
    asked, out = tmp_path / "garden.jsonl", tmp_path / "out.jsonl"
    asked.write_text('{"question": "Who planted it?", "answers": ["Mathilda"]}\n', encoding="utf-8")
    ran = inglenook("eval", "answers", str(asked), "--out", str(out))
    assert ran.code == 0, ran.err
    head = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert head["model"]
    assert f"garden: {head['model']}" in ran.out
    assert "chosen model" not in ran.out
