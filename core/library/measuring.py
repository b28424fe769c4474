"""Passages that a bare `encode` is timed with, as they are embedded."""

from typing import cast

import apsw

from core.library.passages import TITLE_TOKENS, embedded_text, title_path
from core.library.tokens import TokenCounter

_MEASURED = 384


def sample_of(connection: apsw.Connection, counter: TokenCounter) -> tuple[int, list[str]]:
    """Return some passages as they are embedded, longest first, and how many tokens they have."""
    rows = connection.execute(
        "SELECT tokens, substr(text, start + 1, length), name, heading FROM passage"
        " JOIN section ON section.id = section_id JOIN content ON content.id = passage.content_id"
        " WHERE passage.id IN (SELECT id FROM passage ORDER BY random() LIMIT ?)"
        " ORDER BY tokens DESC",
        (_MEASURED,),
    ).fetchall()
    texts = []
    for _tokens, text, name, heading in rows:
        title = counter.first(title_path(str(name), str(heading)), TITLE_TOKENS)
        texts.append(embedded_text(str(text), title))
    return sum(cast("int", row[0]) for row in rows), texts
