"""Learned judge: the judge network over questions, statements and the sentences near them."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import msgspec

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import resources_folder
from core.library.judging.evidence_window import nearest_sentences, nearest_window
from core.library.judging.judge import SentenceReading, Support
from core.library.judging.judge_network import BaseModel, JudgeNetwork
from core.library.judging.sentence_nearness import NearestSentence, SentenceNearness
from core.library.text.embedder_token_counter import EmbedderTokenCounter, shared_token_counter

BASE_MODEL = "multilingual-e5-small"
"""Folder in `resources/models` whose lower layers the judge goes on from."""
WINDOW_CHARACTERS = 600
EVIDENCE_CHARACTERS = 700
"""Longest part of a passage that is read with a question, and with a statement."""
MAX_TOKENS = 192
"""Longest text that the network was trained with, special tokens included."""
_QUESTION_TOKENS, _STATEMENT_TOKENS = 60, 90
_START, _END = 0, 2
_VERBATIM = Support(0.97, 0.01)
"""What is said of a statement that is a whole sentence of its evidence; it needs no reading."""
_MIN_VERBATIM = 20
"""Characters of such a statement; a shorter one says little without its question."""
_SENTENCE_ENDS = ".!?。！？؟।"


class JudgeCard(msgspec.Struct, frozen=True):
    """judge.json: which weights these are, and how their scores become probabilities.

    `answer` are slope and offset of the log-odds (Platt scaling); `support` one temperature for the
    three scores, then what is added to "supported" and to "contradicted". Learned on sources that
    the weights were not trained on.
    """

    name: str
    weights_sha256: str
    answer: tuple[float, float]
    support: tuple[float, float, float]


class LearnedJudge:
    """A Judge. Weights are read at the first call of each kind, some 130 MB in all, and kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._base_folder = resources_folder() / "models" / BASE_MODEL
        self._base = BaseModel(self._base_folder / "model.safetensors")
        self._weights_file = folder / "judge.safetensors"
        try:
            self._card = msgspec.json.decode((folder / "judge.json").read_bytes(), type=JudgeCard)
        except (OSError, msgspec.MsgspecError) as error:
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(folder)) from error
        self._network: JudgeNetwork | None = None
        self._counter: EmbedderTokenCounter | None = None
        self._nearness: SentenceNearness | None = None

    @property
    def name(self) -> str:
        """Identity of the judge and its weights."""
        return f"{self._card.name}:{self._card.weights_sha256[:8]}"

    def answer_probabilities(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return for each passage the probability that it holds an answer to the question."""
        slope, offset = self._card.answer
        return [
            1 / (1 + math.exp(-max(-30.0, min(30.0, slope * score + offset))))
            for [score] in self.answer_scores(question, passages)
        ]

    def sentence_cosines(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return for each passage the cosine of the question and its nearest sentence."""
        return [each.cosine for each in self._nearest_sentences(question, passages)]

    def read_sentences(
        self, question: str, passages: Sequence[tuple[str, str]]
    ) -> list[SentenceReading]:
        """Judge the nearest sentence of each (title, passage), below that title alone."""
        nearest = self._nearest_sentences(question, [text for _title, text in passages])
        read = [
            f"{title}\n{sentence.text}"
            for (title, _text), sentence in zip(passages, nearest, strict=True)
        ]
        said = self.answer_probabilities(question, read)
        return [
            SentenceReading(sentence.cosine, probability)
            for sentence, probability in zip(nearest, said, strict=True)
        ]

    def _nearest_sentences(self, question: str, passages: Sequence[str]) -> list[NearestSentence]:
        if self._nearness is None:
            with self._loading("answer"):  # a search asks for that next
                counter = self._token_counter()
            self._nearness = SentenceNearness(self._base, counter)
        try:
            return self._nearness.nearest_sentences(question, passages)
        except Exception as error:  # a damaged file raises whatever its reader raises
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(self._base_folder)) from error

    def judge_statements(
        self, question: str, statements: Sequence[tuple[str, str]]
    ) -> list[Support]:
        """Return for each pair (statement, evidence) whether the evidence supports it."""
        read = [pair for pair in statements if not _stands_in(*pair)]
        found = iter(self.statement_scores(question, read) if read else [])
        return [
            _VERBATIM if _stands_in(*pair) else self._calibrated(next(found)) for pair in statements
        ]

    def _calibrated(self, scores: Sequence[float]) -> Support:
        temperature, *added = self._card.support
        raised = zip(scores, (*added, 0.0), strict=True)
        return _support([(score + more) / temperature for score, more in raised])

    def answer_scores(self, question: str, passages: Sequence[str]) -> list[list[float]]:
        """Return for each passage the score of the answer head, before calibration."""
        with self._loading("answer"):
            head = self._head(question)
            texts = [
                self._text(head, nearest_window(question, passage, WINDOW_CHARACTERS))
                for passage in passages
            ]
        return self._scores(texts, "answer")

    def statement_scores(
        self, question: str, statements: Sequence[tuple[str, str]]
    ) -> list[list[float]]:
        """Return for each pair three scores: supported, contradicted, nothing said of it."""
        asked = self._encode(question)[:_QUESTION_TOKENS]
        texts = []
        for statement, evidence in statements:
            said = self._encode(statement)[:_STATEMENT_TOKENS]
            near = nearest_sentences(f"{statement} {question}", evidence, EVIDENCE_CHARACTERS)
            texts.append(self._text([_START, *asked, _END, *said, _END, _END], near))
        return self._scores(texts, "support")

    def _head(self, question: str) -> list[int]:
        return [_START, *self._encode(question)[:_QUESTION_TOKENS], _END, _END]

    def _text(self, head: list[int], evidence: str) -> list[int]:
        return [*head, *self._encode(evidence)[: MAX_TOKENS - len(head) - 1], _END]

    def _encode(self, text: str) -> list[int]:
        return self._token_counter().text_ids(text)

    def _token_counter(self) -> EmbedderTokenCounter:
        self._counter = self._counter or shared_token_counter(self._base_folder)
        return self._counter

    @contextmanager
    def _loading(self, head: str) -> Iterator[None]:
        """Load what a head needs beside what is done meanwhile; `_scores` says what is wrong."""
        thread = Thread(target=self._try_to_load, args=(head,))
        thread.start()
        try:
            yield
        finally:
            thread.join()

    def _try_to_load(self, head: str) -> None:
        with suppress(Exception):  # a damaged file raises whatever its reader raises
            self._loaded().layers(head)

    def _loaded(self) -> JudgeNetwork:
        if self._network is None:
            weights = self._weights_file.read_bytes()
            if hashlib.sha256(weights).hexdigest() != self._card.weights_sha256:
                raise ValueError("these are other weights than judge.json names")
            self._network = JudgeNetwork(self._base, self._weights_file)
        return self._network

    def _scores(self, texts: Sequence[Sequence[int]], head: str) -> list[list[float]]:
        try:
            return self._loaded().score_texts(texts, head)
        except Exception as error:  # a damaged file raises whatever its reader raises
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(self._folder)) from error


def _stands_in(statement: str, evidence: str) -> bool:
    """Whether a statement is whole sentences of its evidence, word for word."""
    said, read = (" ".join(text.split()).casefold() for text in (statement, evidence))
    start = read.find(said) if len(said) >= _MIN_VERBATIM else -1
    if start < 0:
        return False
    before, behind = read[:start].rstrip(), read[start + len(said) :].lstrip()
    ends_there = not behind or said[-1] in _SENTENCE_ENDS
    return ends_there and (not before or before[-1] in _SENTENCE_ENDS)


def _support(scores: Sequence[float]) -> Support:
    powers = [math.exp(score - max(scores)) for score in scores]
    return Support(powers[0] / sum(powers), powers[1] / sum(powers))
