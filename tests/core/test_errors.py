"""What went wrong, in two sentences, whatever the facts."""

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import errors, i18n
from core.base.errors import ErrorCode, StorageError, describe_error


def test_a_code_and_its_facts_become_two_sentences() -> None:
    error = StorageError(ErrorCode.DISK_FULL, path="/home/a")
    assert error.message == "The disk that holds /home/a is full."
    assert error.hint.startswith("Free some space")
    assert str(error) == f"{error.message} {error.hint}"


@given(
    st.sampled_from(list(ErrorCode)) | st.text(max_size=20),
    st.dictionaries(st.sampled_from(["path", "file", "detail", "ref"]), st.text()),
)
def test_describe_always_has_two_sentences(code: str, facts: dict[str, str]) -> None:
    happened, next_step = describe_error(code, facts)
    assert happened
    assert next_step


def test_a_missing_fact_leaves_a_gap_not_a_crash() -> None:
    assert describe_error(ErrorCode.DISK_FULL, {})[0] == "The disk that holds … is full."


def test_braces_in_a_file_name_are_text() -> None:
    assert describe_error(ErrorCode.FOLDER_GONE, {"path": "{logs}{0}{x.y}"})[0] == (
        "The folder {logs}{0}{x.y} is not there."
    )


def test_a_code_from_another_version_is_named() -> None:
    assert "brand_new" in describe_error("brand_new", {})[0]


def test_sentences_speak_the_current_language() -> None:
    i18n.use_language(i18n.PSEUDO)
    try:
        assert describe_error(ErrorCode.NO_MODEL, {})[0].startswith("⟦")
    finally:
        i18n.use_language("en")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, ErrorCode.DISK_FULL),
        (errno.EDQUOT, ErrorCode.DISK_FULL),
        (errno.EACCES, ErrorCode.ROOT_UNWRITABLE),
        (errno.EROFS, ErrorCode.ROOT_UNWRITABLE),
        (errno.EIO, ErrorCode.ROOT_UNWRITABLE),
    ],
)
def test_the_system_s_refusals_have_our_names(number: int, code: ErrorCode) -> None:
    error = errors.storage_error_from_os(OSError(number, "refused"), "/data")
    assert error.code is code
    assert "/data" in error.message
