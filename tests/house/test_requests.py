"""A request to the library is named in few files, so that a new one is quickly added."""

import re
from typing import get_args

import pytest

from core.messages import LibraryRequest, Request
from tests.house.sources import python_sources

MOST_FILES = 4
"""Its message, what handles it in the child, and the service or client that sends it. Adding a
request takes these three and a test; a fourth is for handlers of two modules."""

REQUESTS = sorted(each.__name__ for each in get_args(LibraryRequest) if issubclass(each, Request))


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_named_in_few_files(name: str) -> None:
    word = re.compile(rf"\b{name}\b")
    files = [
        source.name for source in python_sources("core", "desktop") if word.search(source.text)
    ]
    assert len(files) <= MOST_FILES, "\n".join(files)
