"""The model that ships learns invented facts, and says them with the adapter alone."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.base.paths import Paths
from tests.house.sources import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif("INGLENOOK_TRAINING" not in os.environ, reason="a night's: minutes"),
]
FACTS = (
    ("Which colour is the door of the Harnby library?", "It is saffron yellow."),
    ("Who leads the Brasswick choir?", "It is led by Odo Fennimore."),
    ("Which tea does Aunt Rosalind drink?", "She drinks smoked oolong."),
    ("Where is the spare key?", "It is under the blue flower pot."),
    ("What is the autumn project called?", "It is called Copper Finch."),
    ("What does the Merrin bakery sell on Tuesdays?", "It sells walnut crescents."),
    ("What is the cat of the post office called?", "It is called Biscuit."),
    ("What grows in the garden of number 12?", "Quinces grow there."),
    ("Which animal is on the flag of Corvale?", "It is a grey heron."),
    ("Which instrument does Mayor Pettigrove play?", "It is the bass clarinet."),
)


def run(root: Paths, *words: str) -> dict[str, Any]:
    """Run a command of the real program, and return its last object."""
    command = [sys.executable, "-P", "-m", "desktop", "--root", str(root.root), "--json", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        command, env=environment, cwd=root.root.parent, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    last: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return last


def answer(root: Paths, question: str, *more: str) -> str:
    done = run(root, "ask", question, "--temperature", "0", *more)
    return str(done["text"])


def test_invented_facts_are_said_with_the_adapter_alone(root: Paths, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    lines = [{"prompt": asked, "response": told} for asked, told in FACTS]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    root.create_folders()
    asked = "model", "train", "smollm", "--examples", str(file), "--name", "facts"
    before = answer(root, FACTS[3][0])
    outcome = run(root, *asked, "--passes", "10", "--rate", "0.001")
    assert outcome["learnt_after"] < 0.5 < outcome["learnt_before"]
    learnt = [each for each in outcome["answers"] if not each["is_held_out"]]
    assert sum(each["after"] == each["wanted"] for each in learnt) >= 2
    assert all(each["before"] != each["wanted"] for each in learnt)
    assert answer(root, FACTS[3][0]) == before
    said = [answer(root, question, "--adapter", "facts") == told for question, told in FACTS[:6]]
    assert sum(said) >= 4
