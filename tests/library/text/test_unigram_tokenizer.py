"""The Unigram tokenizer gives the tokens and places of `tokenizers`, which is the reference."""

import gc
import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import embedding_model, multilingual_embedding_model
from core.library.text.embedder_token_counter import (
    EmbedderTokenCounter,
    shared_token_counter,
)
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
def path() -> Path:
    return multilingual_embedding_model() / "tokenizer.json"


@pytest.fixture(scope="module")
def tokenizer(path: Path) -> UnigramTokenizer:
    return UnigramTokenizer(path)


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
