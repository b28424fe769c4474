"""Bytes and counts as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.formatting import format_bytes, format_count


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (98_362_432, "98.4 MB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (1_500_000_000, "1.5 GB"),
        (2**63, "9.22 EB"),
    ],
)
def test_bytes(count: int, text: str) -> None:
    assert format_bytes(count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (134_515_008, "135M"), (7_241_732_096, "7.24B"), (999_600, "1M"), (12_000, "12.0K")],
)
def test_counts(count: int, text: str) -> None:
    assert format_count(count) == text


@given(st.integers(min_value=0, max_value=10**21))
def test_three_figures_at_most(count: int) -> None:
    for text in (format_bytes(count), format_count(count).rstrip("KMBT")):
        figures = text.split()[0].replace(".", "").lstrip("0")
        assert len(figures) <= 3 or count >= 10**15
