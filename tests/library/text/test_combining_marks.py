"""Texts that hold marks, points or digits of other scripts are those that encoding changes."""

from core.library.text.combining_marks import encode_marks, has_combining_marks


def test_a_text_has_marks_if_encoding_changes_it() -> None:
    characters = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    assert [c for c in characters if has_combining_marks(c) != (encode_marks(c) != c)] == []


def test_digits_beyond_the_first_plane_are_left() -> None:
    assert not has_combining_marks("𝟗")
    assert encode_marks("𝟗") == "𝟗"
