"""The Unigram tokenizer gives the tokens and places of `tokenizers`, which is the reference."""

import gc
import json
import random
import shutil
from pathlib import Path

import pytest
from tokenizers import Tokenizer

import e5_pieces
from core.base.errors import ErrorCode, LibraryError
from core.base.paths import embedding_model, multilingual_embedding_model, resources_folder
from core.library.text.embedder_token_counter import (
    EmbedderTokenCounter,
    shared_token_counter,
)
from core.library.text.piece_table import NAME, PieceTable, read_vocabulary
from core.library.text.unigram_tokenizer import UnigramTokenizer, is_unigram

TEXTS = [
    "",
    "  ",
    " a",
    "Pay 1,145.00 € by 3 March, or call Ms O'Neill!",
    "Die Kündigungsfrist beträgt drei Monate; eine E-Mail genügt nicht.",
    "房租每月一千二百元，押金兩個月。 家賃は月末までに振り込む。",
    "الإيجار الشهري ١٢٠٠ ودُفع في مارس",
    "किराया हर महीने की पहली तारीख को देना है।",
    "ค่าเช่าต้องจ่ายทุกวันที่ 1",
    "▁▁a ▁b",
    "<s> hi </s> x<mask> y <pad><unk>",
    "😀😀 🏳️‍🌈 ﷽ ½ ﬁ\u200b\u00a0x\t\n\r y\x00\x07z",
    "e\u0301le\u0300ve \u3000全角　ＡＢＣ",
    "\U0001f9ff\U0001f9ff\U0001f9ffabc\ue000\uf8ff",
    "a" * 700 + " " * 5,
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer.json without a table of its pieces beside it."""
    folder = tmp_path_factory.mktemp("plain")
    return Path(shutil.copy(multilingual_embedding_model() / "tokenizer.json", folder))


@pytest.fixture(scope="module")
def tokenizer(path: Path) -> UnigramTokenizer:
    return UnigramTokenizer(path)


@pytest.fixture(scope="module")
def with_table(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with one."""
    folder = tmp_path_factory.mktemp("table")
    encoded = path.read_bytes()
    (folder / NAME).write_bytes(e5_pieces.piece_table(json.loads(encoded), encoded))
    return Path(shutil.copy(path, folder))


@pytest.fixture(scope="module")
def reference(path: Path) -> Tokenizer:
    reference = Tokenizer.from_file(str(path))
    reference.no_truncation()
    reference.no_padding()
    return reference


def test_it_gives_the_tokens_of_the_reference(
    tokenizer: UnigramTokenizer, reference: Tokenizer
) -> None:
    for text in TEXTS:
        wanted = reference.encode(text, add_special_tokens=False)
        found = tokenizer.encode(text)
        assert (found.ids, found.offsets) == (wanted.ids, wanted.offsets), text
    batch = [each.ids for each in tokenizer.encode_batch(TEXTS)]
    assert batch == [each.ids for each in reference.encode_batch(TEXTS)]


def test_a_table_gives_the_same_tokens_at_once_and_after_many_words(
    tokenizer: UnigramTokenizer, with_table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.library.text.unigram_tokenizer._MANY_WORDS", 500)
    monkeypatch.setattr("core.library.text.unigram_tokenizer._vocabulary", pytest.fail)  # not read
    tabled = UnigramTokenizer(with_table)
    texts = [*TEXTS, *_pages_in_four_languages(), *_random_texts(400)]
    for text in texts:
        assert tabled.encode(text) == tokenizer.encode(text), text[:80]
    assert tabled.encode_batch(texts) == tokenizer.encode_batch(texts)
    assert isinstance(tabled._pieces, dict)  # the last ones were looked up there
    assert tabled._pieces == tokenizer._pieces


def _pages_in_four_languages() -> list[str]:
    pages = sorted((resources_folder() / "help").glob("*/0[1-3]*.md"))
    assert len({page.parent.name for page in pages}) == 4
    return [page.read_text(encoding="utf-8") for page in pages]


def _random_texts(count: int) -> list[str]:
    """Return texts of characters of all scripts, unpaired surrogates aside."""
    chosen = random.Random(5)
    scripts = ((32, 0x250), (0x370, 0x780), (0x900, 0x1200), (0x3040, 0xD7FF), (0xE000, 0x1FFFF))
    return [
        "".join(
            chr(chosen.randrange(*(chosen.choice(scripts)))) for _ in range(chosen.randrange(60))
        )
        for _text in range(count)
    ]


def test_a_table_of_another_tokenizer_or_a_damaged_one_is_left_alone(
    with_table: Path, tokenizer: UnigramTokenizer, tmp_path: Path
) -> None:
    encoded, table = with_table.read_bytes(), with_table.with_name(NAME).read_bytes()
    kept = read_vocabulary(with_table.with_name(NAME), encoded)
    assert kept is not None
    assert isinstance(kept.pieces, PieceTable)
    copy = tmp_path / NAME
    for content in (b"", table[:50], table[:-1], b"x" + table[1:], table + b"x"):
        copy.write_bytes(content)
        assert read_vocabulary(copy, encoded) is None
    copy.write_bytes(table)
    assert read_vocabulary(copy, encoded + b" ") is None
    (tmp_path / "tokenizer.json").write_bytes(encoded + b" ")
    assert UnigramTokenizer(tmp_path / "tokenizer.json").encode("a b") == tokenizer.encode("a b")


def test_only_such_vocabularies_are_read_so(path: Path, tmp_path: Path) -> None:
    assert is_unigram(path)
    assert not is_unigram(embedding_model() / "tokenizer.json")
    assert not is_unigram(tmp_path / "none.json")
    other = json.loads(path.read_text(encoding="utf-8"))
    other["model"]["byte_fallback"] = True
    (tmp_path / "bytes.json").write_text(json.dumps(other), encoding="utf-8")
    assert not is_unigram(tmp_path / "bytes.json")


def test_a_vocabulary_is_in_memory_once(path: Path, tmp_path: Path) -> None:
    first = shared_token_counter(path.parent)
    assert shared_token_counter(path.parent) is first
    assert first.text_ids("hello") == EmbedderTokenCounter(path.parent).text_ids("hello")
    del first
    gc.collect()
    with pytest.raises(LibraryError) as refused:
        shared_token_counter(tmp_path)
    assert refused.value.code == ErrorCode.EMBEDDER_MISSING
