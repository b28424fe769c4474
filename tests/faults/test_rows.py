"""The matrix itself: each row has tests that exist, and the page to read says the same."""

import ast
from pathlib import Path

from tests.faults.rows import FAULTS, as_table

_TESTS = Path(__file__).resolve().parents[1]


def _names(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_row_has_tests_that_exist() -> None:
    assert list(FAULTS) == list(range(1, 36))
    for row in FAULTS.values():
        assert row.tests
        for test in row.tests:
            file, _colons, name = test.partition("::")
            assert (_TESTS / file).is_file(), test
            assert not name or name in _names(_TESTS / file), test


def test_every_file_of_a_row_stands_in_the_matrix() -> None:
    named = {test.partition("::")[0] for row in FAULTS.values() for test in row.tests}
    files = {f"faults/{path.name}" for path in (_TESTS / "faults").glob("test_row_*.py")}
    assert files <= named


def test_the_page_to_read_has_the_same_table() -> None:
    assert as_table() in (_TESTS / "README.md").read_text("utf-8")
