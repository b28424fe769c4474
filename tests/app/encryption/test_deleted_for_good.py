"""Deleted is gone: after all was used and then deleted, no word of it can be read in the root.

The real program with its real children. What is encrypted is decrypted before it is searched.
"""

import json
import os
import random
from pathlib import Path

import pytest

from tests.app.encryption.planted_program import DRAFT, IDLE, IN_SETTINGS, PlantedProgram

IDLE_SECONDS = "100"
"""What remains is erased within an idle minute; a busy machine takes a while to start."""
WHOLE_SECONDS = 25.0
USED = 14
"""Commands: each once."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif("INGLENOOK_KILLS" not in os.environ, reason="a night's: ten minutes"),
]


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_nothing_deleted_can_be_read(
    tmp_path: Path, starter_model: Path, *, encrypted: bool
) -> None:
    program = PlantedProgram(tmp_path)
    program.write_documents()
    program.run("folder", "add", str(program.documents))
    program.run("chat", "import", str(program.write_import()))
    if encrypted:
        program.run("encryption", "on")
    chat, chance = program.first_chat(), random.Random(2)
    for _number, words in zip(range(USED), program.commands(chance, chat), strict=False):
        if "whole" in words:  # a tiny model takes minutes for a folder
            program.kill(WHOLE_SECONDS, *words)
        else:
            program.run(*words)
    if not encrypted:
        planted = {word for words in program.readable_words().values() for word in words}
        assert len(planted) > 100
    delete_all(program)
    program.run(IDLE, IDLE_SECONDS)
    if encrypted:
        program.run("encryption", "off")
    left = program.readable_words()
    assert {word for words in left.values() for word in words} <= set(IN_SETTINGS), left


def delete_all(program: PlantedProgram) -> None:
    """Delete half of the documents by themselves, then the folder; every chat, and the draft."""
    for path in sorted(program.documents.iterdir())[::2]:
        path.unlink()
    program.run("folder", "sync")
    program.run("folder", "remove", str(program.documents))
    listed = program.run("chat", "list").splitlines()
    program.run("chat", "delete", *(json.loads(line)["id"] for line in listed))
    program.run(DRAFT, "")
