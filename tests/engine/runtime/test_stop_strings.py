"""Text on its way out: whole characters, and stop strings never shown half."""

from hypothesis import given
from hypothesis import strategies as st

from core.engine.runtime.answer_stream import OutgoingText


def run(pieces: list[bytes], stops: tuple[str, ...] = ()) -> tuple[list[str], bool]:
    outgoing = OutgoingText(stops)
    shown = [outgoing.push_bytes(piece) for piece in pieces]
    shown.append(outgoing.push_bytes(b"", final=True))
    return ["".join(text for _kind, text in each) for each in shown], outgoing.stopped


def test_a_character_split_over_tokens_comes_whole() -> None:
    shown, _ = run(["é".encode()[:1], "é".encode()[1:]])
    assert shown == ["", "é", ""]


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
