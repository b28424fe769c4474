"""Which of the found passages make the list: several files, nothing twice, neighbours joined."""

from dataclasses import replace

from core.library.search.result_diversity import (
    MAX_MERGED_PASSAGES,
    PassageCandidate,
    select_diverse,
)


def found(
    id_: int, score: float, file: str = "a", section: int = 1, text: str = ""
) -> PassageCandidate:
    place = ("folder", file.encode())
    start = id_ * 10
    return PassageCandidate(
        id_, id_, id_, score, place, section, start, start + 9, None, "", text or f"text {id_}"
    )


def test_a_file_that_alone_answers_keeps_the_list() -> None:
    several = [found(n * 2, 1 - n / 100) for n in range(5)]
    others = [found(100 + n * 2, 0.3, file="b") for n in range(5)]
    assert {each.file[1] for each in select_diverse([*several, *others], 4)} == {b"a"}


def test_a_file_that_is_a_little_ahead_lets_others_in() -> None:
    several = [found(n * 2, 1 - n / 100) for n in range(5)]
    others = [found(100 + n * 2, 0.8, file=f"b{n}") for n in range(2)]
    assert len({each.file for each in select_diverse([*several, *others], 5)}) == 3


def test_the_same_text_is_not_shown_twice() -> None:
    twins = [found(1, 0.9, text="same"), found(9, 0.8, file="copy", text="same")]
    assert [each.passage_id for each in select_diverse(twins, 5)] == [1]


def test_neighbours_become_one_whatever_their_order() -> None:
    (joined,) = select_diverse([found(5, 0.9), found(7, 0.8), found(6, 0.7)], 3)
    assert (joined.passage_id, joined.first, joined.last, joined.score) == (5, 5, 7, 0.9)
    assert (joined.start, joined.end) == (50, 79)


def test_neighbours_on_other_pages_and_in_other_sections_stay_apart() -> None:
    here = found(5, 0.9)
    apart = [here, replace(found(6, 0.8), page=2), found(4, 0.7, section=2)]
    assert len(select_diverse(apart, 3)) == 3


def test_no_more_than_a_few_become_one() -> None:
    row = select_diverse(
        [found(n, 1 - n / 100) for n in range(MAX_MERGED_PASSAGES * 2)], MAX_MERGED_PASSAGES * 2
    )
    assert [each.last - each.first + 1 for each in row] == [
        MAX_MERGED_PASSAGES,
        MAX_MERGED_PASSAGES,
    ]
