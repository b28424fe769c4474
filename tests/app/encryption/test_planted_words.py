"""Rare words in all that a person has: with encryption on none can be read, whenever it is killed.

The real program with its real children runs commands and is killed in the midst of them, children
and all; then everything below the data folder and the temporary folder is searched raw.
INGLENOOK_KILLS sets how many times (3, a night takes 50); where they are many, all processes are
forked from this one, so that they are killed at work and not while they start.
"""

import contextlib
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app.encryption.key_file import EncryptionState, read_key_file
from tests.app.encryption.planted_program import (
    DRAFT,
    IN_DRAFTS,
    IN_IMPORTS,
    IN_NAMES,
    IN_SETTINGS,
    IN_TEXTS,
    PlantedProgram,
    forked_program,
)

KILLS = int(os.environ.get("INGLENOOK_KILLS", "3"))
_FEW = 6
LONGEST = 4.0
"""Seconds after which a command is killed at the latest."""
PROMPT = ("model", "set", "SmolLM2", "system_prompt")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[PlantedProgram]:
    made = PlantedProgram(tmp_path)
    made.write_documents()
    with forked_program() if KILLS > _FEW else contextlib.nullcontext():
        made.run("folder", "add", str(made.documents))
        yield made


def plant(program: PlantedProgram) -> str:
    """Plant words in what has none yet; return the id of a chat."""
    program.run(*PROMPT, f"You know {IN_SETTINGS[0]}.")
    program.run("settings", "update_address", f"https://{IN_SETTINGS[1]}.example/")
    program.run("chat", "import", str(program.write_import()))
    program.run(DRAFT, " ".join(IN_DRAFTS))
    return program.first_chat()


def test_no_planted_word_can_be_read_whenever_it_is_killed(
    program: PlantedProgram, starter_model: Path
) -> None:
    chat = plant(program)
    planted = {word for words in program.readable_words().values() for word in words}
    assert planted >= {*IN_DRAFTS, *IN_IMPORTS, *IN_SETTINGS[:2], *IN_TEXTS}
    code = json.loads(program.run("encryption", "on"))["recovery_code"]
    assert len(code) == 39
    assert program.readable_words() == {}
    chance = random.Random(KILLS)
    killed: Counter[str] = Counter()
    shortest = 0.05 if KILLS > _FEW else 0.3
    for number, words in enumerate(program.commands(chance, chat)):
        if number % 4 == 0:  # something to read again
            first = number % (len(IN_TEXTS) - 8)
            program.write_document(number % 9, IN_TEXTS[first : first + 8])
        killed[words[0]] += program.kill(chance.uniform(shortest, LONGEST), *words)
        assert program.readable_words() == {}, f"after {words}"
        if killed.total() >= KILLS:
            break
    print(f"\nkilled in the midst of: {dict(killed)}")
    program.run("folder", "sync")
    assert IN_NAMES[-1] in program.run("search", IN_TEXTS[-1])
    assert program.readable_words() == {}


def test_converting_may_be_killed_again_and_again(
    program: PlantedProgram, starter_model: Path
) -> None:
    plant(program)
    chance = random.Random(5)
    for switched in ("on", "off") * max(1, KILLS // 6):
        program.kill(chance.uniform(0.5, 4.0), "encryption", switched)
        program.run("chat", "list")  # goes on with it
        kept = read_key_file(program.paths)
        state = kept.state if kept else EncryptionState.OFF
        assert state in {EncryptionState.ON, EncryptionState.OFF}
        assert (program.readable_words() == {}) is (state is EncryptionState.ON)
        with contextlib.suppress(AssertionError):  # it may be that already
            program.run("encryption", switched)
    assert IN_NAMES[-1] in program.run("search", IN_TEXTS[-1])
