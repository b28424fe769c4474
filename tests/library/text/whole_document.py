"""A document split into passages in one go, for tests that look at the result."""

from core.library.text.embedder_token_counter import TokenCounter
from core.library.text.passage_splitter import SplitText, split_in_steps
from core.messages import DocumentPage


def split_document(
    pages: tuple[DocumentPage, ...], file: str, counter: TokenCounter, window: int
) -> SplitText:
    *_, document = split_in_steps(pages, file, counter, window)
    assert document is not None
    return document
