"""Stored responses: each item is held once, and their bytes are bounded."""

import pytest

from core.api.api_conversation import ApiMessage
from core.api.api_errors import ApiError
from core.api.responses.stored_responses import StoredResponse, StoredResponses

OWN = 1000
"""Letters of each question."""


def _response(number: int, before: StoredResponse | None = None) -> StoredResponse:
    text = f"{number} " + "q" * OWN
    return StoredResponse(
        client="local",
        fields={"output": [{"id": f"out{number}", "type": "message"}]},
        said=(
            ApiMessage(role="user", text=text),
            ApiMessage(role="assistant", text=f"a{number}"),
        ),
        read=({"id": f"in{number}", "text": text},),
        before=before,
    )


def _chain(stored: StoredResponses, length: int) -> StoredResponse | None:
    last = None
    for number in range(length):
        last = _response(number, last)
        stored.keep_response(f"r{number}", last)
    return last


def test_a_conversation_is_whole_and_each_item_in_it_counts_once() -> None:
    stored = StoredResponses()
    last = _chain(stored, 40)
    assert last is not None
    assert [each.text for each in last.collect_messages()][1::2] == [f"a{n}" for n in range(40)]
    read = [each["id"] for each in last.collect_items()]
    assert read == [*(f"{end}{n}" for n in range(39) for end in ("in", "out")), "in39"]
    assert stored.bytes_kept < 40 * 3 * OWN  # question and item; all items in each were 40 times it


def test_the_oldest_go_when_bytes_are_used_up() -> None:
    stored = StoredResponses(most_bytes=10 * 3 * OWN)
    for number in range(100):
        stored.keep_response(f"r{number}", _response(number))
        assert stored.bytes_kept <= 10 * 3 * OWN
    assert stored.find_response("r99", "local").fields["output"][0]["id"] == "out99"
    with pytest.raises(ApiError) as caught:
        stored.find_response("r0", "local")
    assert caught.value.code == "not_found"


def test_what_a_kept_response_goes_on_from_stays_and_then_goes_with_it() -> None:
    stored = StoredResponses()
    _chain(stored, 3)
    before = stored.bytes_kept
    stored.delete_response("r0", "local")
    with pytest.raises(ApiError) as caught:
        stored.find_response("r0", "local")
    assert caught.value.code == "not_found"
    assert stored.bytes_kept == before
    assert len(stored.find_response("r2", "local").collect_messages()) == 6
    stored.delete_response("r2", "local")
    stored.delete_response("r1", "local")
    assert stored.bytes_kept == 0


def test_a_conversation_that_is_too_long_is_not_kept_on() -> None:
    stored = StoredResponses(most_bytes=5 * 3 * OWN)
    last = _chain(stored, 20)
    assert stored.bytes_kept <= 5 * 3 * OWN
    assert last is not None
    assert len(last.collect_messages()) == 40  # who holds it can still finish
