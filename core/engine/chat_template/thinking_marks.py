"""Thinking marks: separation of a reasoning model's thinking from its answer."""

import re
from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

TextKind: TypeAlias = Literal["thinking", "text"]
TextPiece: TypeAlias = tuple[TextKind, str]
_State: TypeAlias = Literal["start", "thinking", "text", "header", "call"]

THINKING_SPANS = (
    ("<think>", "</think>"),  # DeepSeek R1, Qwen 3, QwQ, GLM 4.5, SmolLM 3, Nemotron, Granite 3.3
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),  # EXAONE Deep
    ("<seed:think>", "</seed:think>"),  # Seed-OSS
    ("<mm:think>", "</mm:think>"),  # MiniMax M3
    ("[THINK]", "[/THINK]"),  # Magistral, Ministral
    ("◁think▷", "◁/think▷"),  # Kimi-VL
    ("<|START_THINKING|>", "<|END_THINKING|>"),  # Command A Reasoning
    ("<|inner_prefix|>", "<|inner_suffix|>"),  # Apertus
    ("<|begin_of_thought|>", "<|end_of_thought|>"),  # OpenThinker
    ("<|channel>thought", "<channel|>"),  # Gemma 4
)
"""Begin and end marks of thinking, by the models that introduced them."""
_CHANNEL, _FINAL = "<|channel|>", "<|channel|>final<|message|>"
_RECIPIENT = re.compile(r"\bto=functions\.([^\s<]+)")
"""In the header of a message that calls a tool."""
HARMONY_CALL = ("<|channel|>commentary to=functions.", "<|message|>", "<|call|>")
"""What precedes a tool's name, its arguments and their end, whatever else a header has."""
_HARMONY = re.compile(r"<\|(start|channel|message|constrain|end|return|call)\|>")
"""The control tokens of gpt-oss: a header, then a message in the channel that the header names."""
_HARMONY_MARKS = tuple(
    f"<|{name}|>" for name in ("start", "channel", "message", "constrain", "end", "return", "call")
)


class VocabularyProtocol(Protocol):
    """The methods of a vocabulary that are needed here."""

    def tokenize(self, text: str, *, control: bool) -> list[int]:
        """Return the tokens of `text`."""

    def token_bytes(self, token: int, *, control: bool = False) -> bytes:
        """Return the bytes of one token; those of control tokens only with `control`."""


class ThinkingMarks(Struct, frozen=True):
    """The marks that begin and end one model's thinking.

    `tokens` are the control tokens of the marks, whose text is only returned on request. `first` is
    the token that begins the thinking, -1 if that takes several ordinary tokens.
    """

    opening: str
    closing: str
    tokens: frozenset[int]
    first: int

    @staticmethod
    def from_template(template: str, vocabulary: VocabularyProtocol) -> "ThinkingMarks | None":
        """Return the marks of the model; None for one that doesn't think.

        A template contains them, mostly to remove them from earlier answers; fine-tuned models may
        have them in the vocabulary only.
        """
        if _CHANNEL in template and "<|message|>" in template:
            return _marks(_CHANNEL, _FINAL, vocabulary, _HARMONY_MARKS)
        for opening, closing in THINKING_SPANS:
            if closing in template:
                return _marks(opening, closing, vocabulary)
        for opening, closing in THINKING_SPANS:
            if _is_token(opening, vocabulary) and _is_token(closing, vocabulary):
                return _marks(opening, closing, vocabulary)
        return None

    @property
    def is_harmony(self) -> bool:
        """Whether answers are messages in channels, as those of gpt-oss."""
        return self.opening == _CHANNEL

    def is_mark_token(self, token: int) -> bool:
        """Return whether `token` is a control token whose text the splitter needs."""
        return token in self.tokens

    def is_opened_by(self, prompt: str) -> bool:
        """Return whether a prompt ends with the mark that begins the thinking."""
        return prompt.rstrip().endswith(self.opening)

    def is_in_tokens(self, tokens: Sequence[int], vocabulary: VocabularyProtocol) -> bool:
        """Return whether an answer of these tokens has marks, maybe around nothing."""
        if not self.tokens.isdisjoint(tokens):
            return True
        text = b"".join(map(vocabulary.token_bytes, tokens))
        return self.closing.encode() in text or text.lstrip().startswith(self.opening.encode())


def _is_token(mark: str, vocabulary: VocabularyProtocol) -> bool:
    tokens = vocabulary.tokenize(mark, control=True)
    return len(tokens) == 1 and vocabulary.token_bytes(tokens[0], control=True) == mark.encode()


def _marks(
    opening: str, closing: str, vocabulary: VocabularyProtocol, others: tuple[str, ...] = ()
) -> ThinkingMarks:
    control: set[int] = set()
    for mark in (opening, closing, *others):
        control |= {
            token
            for token in vocabulary.tokenize(mark, control=True)
            if not vocabulary.token_bytes(token)
        }
    first = vocabulary.tokenize(opening, control=True)
    whole = len(first) == 1 or (bool(first) and first[0] in control)
    return ThinkingMarks(opening, closing, frozenset(control), first[0] if whole else -1)


class ThinkingSplitter:
    """Separates thinking from the rest in the text of one answer, as it comes.

    `opened`: the prompt has begun the thinking, so that only its end comes. Marks may be split over
    pieces; they and the white space next to them belong to neither part. Thinking comes first: a
    mark in the middle of an answer is text.
    """

    def __init__(self, marks: ThinkingMarks | None, *, opened: bool) -> None:
        self._marks = marks
        self._state: _State = "text" if marks is None else "thinking" if opened else "start"
        self._held = ""
        self._has_thought = False
        self._is_part_start = True  # nothing of the current part was returned yet
        self._header = ""
        self.callable: frozenset[str] = frozenset()
        """Names of the tools whose calls in channels are text, in the form of HARMONY_CALL."""

    def split_text(self, text: str, *, final: bool) -> list[TextPiece]:
        """Return the pieces whose kind is certain now, none of them empty."""
        self._held += text
        pieces: list[TextPiece] = []
        step = self._harmony_step if self._marks and self._marks.is_harmony else self._step
        while self._held and step(pieces, final=final):
            pass
        return pieces

    def _give(self, kind: TextKind, text: str, pieces: list[TextPiece]) -> None:
        if self._is_part_start and (kind == "thinking" or self._has_thought):
            text = text.lstrip()
        if text:
            if kind == "thinking" and self._is_part_start and self._has_thought:
                text = f"\n\n{text}"
            self._has_thought = self._has_thought or kind == "thinking"
            self._is_part_start = False
            pieces.append((kind, text))

    def _enter(self, state: _State) -> None:
        self._state = state
        self._is_part_start = True

    def _step(self, pieces: list[TextPiece], *, final: bool) -> bool:
        """Process one mark or one part of the held text; False if more text is needed first."""
        if self._state == "start":
            return self._begin(final=final)
        if self._state == "thinking":
            return self._think(pieces, final=final)
        self._give("text", self._held, pieces)
        self._held = ""
        return False

    def _begin(self, *, final: bool) -> bool:
        assert self._marks
        begun = self._held.lstrip()
        if begun.startswith(self._marks.opening):
            self._held = begun.removeprefix(self._marks.opening)
            self._enter("thinking")
            return True
        if not final and self._marks.opening.startswith(begun):
            return False
        self._enter("text")
        return True

    def _think(self, pieces: list[TextPiece], *, final: bool) -> bool:
        assert self._marks
        if self._is_part_start and not self._has_thought:
            # Some models write the mark although the prompt ends with it.
            begun = self._held.lstrip()
            if begun != self._marks.opening and self._marks.opening.startswith(begun) and not final:
                return False
            self._held = begun.removeprefix(self._marks.opening)
        before, closing, after = self._held.partition(self._marks.closing)
        if closing or final:
            self._give("thinking", before.rstrip(), pieces)
            self._has_thought = True
            self._held = after
            self._enter("start")
            return True
        ready = len(before) - _begun(before, (self._marks.closing,))
        ready = len(before[:ready].rstrip())
        self._give("thinking", before[:ready], pieces)
        self._held = before[ready:]
        return False

    def _harmony_step(self, pieces: list[TextPiece], *, final: bool) -> bool:
        if self._state == "start" and self.callable and not self._begins_otherwise():
            if self._held.lstrip().startswith("to="):  # the rest of the prompt's own header
                self._enter("header")
            elif not final:
                return False
        found = _HARMONY.search(self._held)
        end = found.start() if found else len(self._held)
        if not found and not final:
            end -= _begun(self._held, _HARMONY_MARKS)
        if self._state == "header" and not found:
            return False
        body = self._held[:end]
        self._held = self._held[found.end() if found else end :]
        if self._state == "header":
            self._header += f"{body} "
        elif self._state == "call":
            pieces.extend([("text", body)] if body else [])
        else:
            self._give("thinking" if self._state == "thinking" else "text", body, pieces)
        if found is not None:
            self._pass_harmony_mark(found[1], pieces)
        return found is not None

    def _begins_otherwise(self) -> bool:
        begun = self._held.lstrip()
        return not (begun.startswith("to=") or "to=".startswith(begun))

    def _pass_harmony_mark(self, mark: str, pieces: list[TextPiece]) -> None:
        if self._state == "call":
            pieces.append(("text", HARMONY_CALL[2]))
        if mark in {"start", "channel", "constrain"}:
            if mark == "start" or self._state != "header":
                self._header = ""
            self._enter("header")
            return
        if mark != "message":
            self._enter("start")
            return
        header, self._header = self._header, ""
        called = _RECIPIENT.search(header)
        if called is not None and called[1] in self.callable:
            pieces.append(("text", f"{HARMONY_CALL[0]}{called[1]}{HARMONY_CALL[1]}"))
            self._enter("call")
        else:
            is_final = "final" in header or not header.strip()
            self._enter("text" if is_final else "thinking")


def _begun(text: str, marks: Sequence[str]) -> int:
    """Return the number of characters at the end of `text` that may begin a mark."""
    longest = 0
    for mark in marks:
        for length in range(min(len(mark) - 1, len(text)), longest, -1):
            if text.endswith(mark[:length]):
                longest = length
                break
    return longest


class ThinkingTracker:
    """Follows the tokens of an answer with a grammar, to find where its text begins."""

    def __init__(
        self, marks: ThinkingMarks, vocabulary: VocabularyProtocol, *, opened: bool
    ) -> None:
        self._marks = marks
        self._vocabulary = vocabulary
        self._is_thinking = opened
        self._has_begun = opened
        self._text = b""

    def would_be_thinking(self, token: int) -> bool:
        """Return whether `token` would be part of the thinking."""
        return self._is_thinking or (not self._has_begun and token == self._marks.first)

    def follow_token(self, token: int) -> bool:
        """Process the next token; return whether it is part of the thinking."""
        if not self.would_be_thinking(token):
            self._has_begun = True
            return False
        self._is_thinking = self._has_begun = True
        self._text += self._vocabulary.token_bytes(token, control=True)
        if self._marks.closing.encode() in self._text:
            self._is_thinking = False
        self._text = self._text[-4 * len(self._marks.closing.encode()) :]
        return True
