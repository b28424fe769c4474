"""What is encrypted can be read by its key, as its own file, and whole; and nothing else can."""

import os
from pathlib import Path

import pytest

from core.base.data_key import MARK, DataFileCipher

ROOT = Path("/root-of-data")
PATH = ROOT / "settings.json"
CHUNK = 1024 * 1024
HEAD, TAG = 40, 16


@pytest.fixture(scope="module")
def cipher() -> DataFileCipher:
    return DataFileCipher(ROOT, os.urandom(32))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_all_sizes_come_back(cipher: DataFileCipher, size: int) -> None:
    content = os.urandom(size)
    encrypted = cipher.encrypt(PATH, content[: size // 2], bytearray(content[size // 2 :]))
    assert cipher.decrypt(PATH, encrypted) == content
    assert encrypted.startswith(MARK)
    assert len(encrypted) == HEAD + size + TAG * max(1, -(-size // CHUNK))


def test_nothing_comes_twice(cipher: DataFileCipher) -> None:
    both = {cipher.encrypt(PATH, b"the same") for _ in range(100)}
    assert len({each[:HEAD] for each in both}) == len({each[HEAD:] for each in both}) == 100


def test_what_was_changed_anywhere_is_refused(cipher: DataFileCipher) -> None:
    encrypted = cipher.encrypt(PATH, b"a secret")
    for place in range(len(encrypted)):
        changed = bytearray(encrypted)
        changed[place] ^= 1
        with pytest.raises(ValueError, match=r"encrypted|changed"):
            cipher.decrypt(PATH, bytes(changed))


def test_chunks_can_not_be_moved_left_out_or_taken_from_elsewhere(cipher: DataFileCipher) -> None:
    encrypted = cipher.encrypt(PATH, os.urandom(3 * CHUNK))
    other = cipher.encrypt(PATH, os.urandom(3 * CHUNK))
    step = CHUNK + TAG
    head, *chunks = (
        encrypted[:HEAD],
        *(encrypted[at : at + step] for at in range(HEAD, len(encrypted), step)),
    )
    first, second, third = chunks
    wrong = [
        head, head + first, head + first + second, head + first + third, head + third,
        head + second + first + third, encrypted + third, encrypted[:-1],
        other[:HEAD] + first + second + third, head + other[HEAD:],
    ]  # fmt: skip
    for content in wrong:
        with pytest.raises(ValueError, match=r"encrypted|changed"):
            cipher.decrypt(PATH, content)


def test_another_file_or_another_key_is_refused(cipher: DataFileCipher) -> None:
    encrypted = cipher.encrypt(PATH, b"a secret")
    with pytest.raises(ValueError, match=r"encrypted|changed"):
        cipher.decrypt(ROOT / "servers.json", encrypted)
    with pytest.raises(ValueError, match=r"encrypted|changed"):
        cipher.decrypt(ROOT / "states" / "settings.json", encrypted)
    with pytest.raises(ValueError, match=r"encrypted|changed"):
        DataFileCipher(ROOT, os.urandom(32)).decrypt(PATH, encrypted)


def test_a_folder_that_was_moved_is_still_read() -> None:
    key, moved = os.urandom(32), Path("/elsewhere")
    encrypted = DataFileCipher(ROOT, key).encrypt(PATH, b"a secret")
    assert DataFileCipher(moved, key).decrypt(moved / "settings.json", encrypted) == b"a secret"
