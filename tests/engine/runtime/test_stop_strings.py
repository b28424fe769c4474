"""Text on its way out: whole characters, and stop strings never shown half."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.runtime.answer_stream import AnswerStream, OutgoingText
from core.engine.runtime.text_pacing import TextPacer
from core.messages import AnswerChunk, AnswerDone, FittedPrompt, Generate, Sampling

if TYPE_CHECKING:
    from core.engine.llama.model_vocabulary import Vocabulary
    from core.engine.runtime.answer_job import AnswerJob

_COUNTS = {"prompt_length": 1, "checks": 0, "drafted": 0, "accepted": 0}


def run(pieces: list[bytes], stops: tuple[str, ...] = ()) -> tuple[list[str], bool]:
    outgoing = OutgoingText(stops, None, opened=False)
    shown = [outgoing.push_bytes(piece) for piece in pieces]
    shown.append(outgoing.push_bytes(b"", final=True))
    return ["".join(text for _kind, text in each) for each in shown], outgoing.stopped


def test_a_character_split_over_tokens_comes_whole() -> None:
    shown, _ = run(["é".encode()[:1], "é".encode()[1:]])
    assert shown == ["", "é", ""]


@pytest.mark.parametrize("stops", [(), ("\nUser:",)])
def test_what_is_no_whole_character_at_the_end_is_left_out(stops: tuple[str, ...]) -> None:
    shown, _ = run(["日".encode(), "本".encode()[:2]], stops)
    assert shown == ["日", "", ""]


class _Spelled:
    """A vocabulary whose tokens are bytes."""

    def token_bytes(self, token: int, *, control: bool = False) -> bytes:
        assert not control
        return bytes([token])

    def ends_answer(self, _token: int) -> bool:
        return False

    def detokenize(self, tokens: list[int]) -> str:
        return bytes(tokens).decode()


def test_the_tokens_of_an_unfinished_character_are_left_out_too() -> None:
    sent: list[msgspec.Struct] = []
    line = TextPacer(sent.append).open_line()
    vocabulary = cast("Vocabulary", _Spelled())
    request = Generate(request_id="1", turns=())
    stream = AnswerStream(request, vocabulary, line, stops=(), marks=None, opened=False)
    for token in "日本".encode()[:-1]:
        stream.add_token(token)
    stream.send_done("length", cast("AnswerJob", SimpleNamespace(**_COUNTS)))
    done = sent[-1]
    assert isinstance(done, AnswerDone)
    assert "".join(each.text for each in sent if isinstance(each, AnswerChunk)) == "日"
    assert (done.text, bytes(done.token_ids)) == ("日", "日".encode())
    assert done.completion_tokens == 5


@pytest.mark.parametrize(
    ("accepted", "cached", "speed"), [(7, 8, 8.0), (7, 3, 7000.0), (0, 8, 7000.0)]
)
def test_the_speed_of_a_guess_counts_the_time_of_its_batch(
    accepted: int, cached: int, speed: float
) -> None:
    now = [0.0]
    sent: list[msgspec.Struct] = []
    line = TextPacer(sent.append).open_line()
    stream = AnswerStream(
        Generate(request_id="1", turns=()), cast("Vocabulary", _Spelled()), line,
        stops=(), marks=None, opened=False, clock=lambda: now[0],
    )  # fmt: skip
    now[0] = 5.0  # it waited for others
    stream.send_prompt_fitted(FittedPrompt(turns=(), sent=""), [1] * 9, cached)
    now[0] = 5.999
    for token in b"all done":
        stream.add_token(token)
        now[0] = 6.0
    counts = {"prompt_length": 9, "checks": 1, "drafted": accepted, "accepted": accepted}
    stream.send_done("eos", cast("AnswerJob", SimpleNamespace(**counts)))
    assert isinstance(done := sent[-1], AnswerDone)
    assert done.tokens_per_second == pytest.approx(speed)


@pytest.mark.parametrize(("asked", "told"), [(("wet", "END"), "END"), (("wet",), "")])
def test_the_string_of_the_request_that_ended_it_is_told(asked: tuple[str, ...], told: str) -> None:
    sent: list[msgspec.Struct] = []
    line = TextPacer(sent.append).open_line()
    request = Generate(request_id="1", turns=(), sampling=Sampling(stop=asked))
    vocabulary = cast("Vocabulary", _Spelled())
    stops = ("END OF TURN", "END")
    stream = AnswerStream(request, vocabulary, line, stops=stops, marks=None, opened=False)
    ends = [stream.add_token(token) for token in b"It is END"]
    assert ends[-1] == "stop"
    stream.send_done("stop", cast("AnswerJob", SimpleNamespace(**_COUNTS)))
    assert isinstance(done := sent[-1], AnswerDone)
    assert (done.text, done.stop_string) == ("It is ", told)


def test_a_stop_string_is_never_shown_half() -> None:
    shown, stopped = run([b"Hello", b"\nUs", b"er", b": more"], ("\nUser:",))
    assert shown == ["Hello", "", "", "", ""]
    assert stopped


def test_what_only_began_like_a_stop_string_is_shown() -> None:
    shown, stopped = run([b"Hello\nUs", b"ually"], ("\nUser:",))
    assert "".join(shown) == "Hello\nUsually"
    assert not stopped


def test_the_held_rest_is_shown_at_the_end() -> None:
    shown, _ = run([b"Hello\nUse"], ("\nUser:",))
    assert "".join(shown) == "Hello\nUse"


@given(st.text(max_size=40), st.lists(st.integers(1, 5), max_size=40), st.text(max_size=4))
def test_any_cut_gives_the_same_text(text: str, cuts: list[int], stop: str) -> None:
    data, pieces = text.encode(), []
    for cut in cuts:
        pieces.append(data[:cut])
        data = data[cut:]
    pieces.append(data)
    shown, stopped = run(pieces, (stop,))
    expected = text.partition(stop)[0] if stop else text
    assert "".join(shown) == expected
    assert stopped == (bool(stop) and stop in text)
