"""Overlap by published packages: BLEU of sacrebleu and ROUGE of rouge-score, where installed.

They belong to the extra `eval`; without them these scores are left out, and nothing else changes.
"""

import importlib
import re
from collections.abc import Sequence
from typing import Any

ROUGE_KINDS = ("rouge1", "rouge2", "rougeL")
_UNSPACED = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_WORDS = re.compile(r"\w", re.UNICODE)
_WORD_OR_SIGN = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\\W_]+"
)


class OverlapPackages:
    """`missing` names what is not installed. Both are imported at the first use: half a second."""

    def __init__(self) -> None:
        self.missing: list[str] = []
        self._bleu: Any = self._import("sacrebleu")
        self._rouge: Any = self._import("rouge_score.rouge_scorer", "rouge-score")
        self._tokenizers: Any = self._import("rouge_score.tokenizers") if self._rouge else None
        self._scorers: dict[bool, Any] = {}

    def _import(self, module: str, package: str = "") -> Any:  # noqa: ANN401 - an untyped package
        try:
            return importlib.import_module(module)
        except ImportError:
            self.missing.append(package or module)
            return None

    def sentence_bleu(self, answer: str, references: Sequence[str]) -> float | None:
        """Return the smoothed BLEU of one answer, 0 to 1; None without sacrebleu.

        Tokens are those of WMT ("13a"), characters in scripts without spaces.
        """
        if self._bleu is None or not references:
            return None
        if not answer.strip():
            return 0.0
        scored = self._bleu.sentence_bleu(answer, list(references), tokenize=_tokenizer(references))
        return float(scored.score) / 100

    def corpus_bleu(
        self, answers: Sequence[str], references: Sequence[Sequence[str]]
    ) -> float | None:
        """Return the BLEU of all answers together, 0 to 1, as papers report it."""
        if self._bleu is None or not answers:
            return None
        most = max(map(len, references))
        columns = [
            [each[place] if place < len(each) else None for each in references]
            for place in range(most)
        ]
        tokenizer = _tokenizer([text for each in references for text in each])
        return float(self._bleu.corpus_bleu(list(answers), columns, tokenize=tokenizer).score) / 100

    def rouge(self, answer: str, references: Sequence[str]) -> dict[str, float]:
        """Return the best F1 of each of ROUGE_KINDS, 0 to 1; nothing without rouge-score.

        Its own tokens are letters of English alone: other texts are cut into words by Unicode.
        """
        if self._rouge is None or not references:
            return {}
        own = all(text.isascii() for text in references)
        if own not in self._scorers:
            tokenizer = self._tokenizers.DefaultTokenizer() if own else _UnicodeTokenizer()
            self._scorers[own] = self._rouge.RougeScorer(list(ROUGE_KINDS), tokenizer=tokenizer)
        scored = [self._scorers[own].score(text, answer) for text in references]
        return {kind: max(float(each[kind].fmeasure) for each in scored) for kind in ROUGE_KINDS}


class _UnicodeTokenizer:
    """Words of any script, as rouge-score wants its tokenizers."""

    def tokenize(self, text: str) -> list[str]:
        return _WORD_OR_SIGN.findall(text.lower())


def _tokenizer(references: Sequence[str]) -> str:
    """Return sacrebleu's name of how these are cut: by characters if most are without spaces."""
    text = "".join(references)
    unspaced, letters = len(_UNSPACED.findall(text)), len(_WORDS.findall(text))
    return "char" if letters and unspaced / letters > 0.5 else "13a"
