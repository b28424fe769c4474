"""Sample of passages as they are embedded, to time the embedding model by itself."""

from typing import cast

import apsw

from core.library.text.embedder_token_counter import TokenCounter
from core.library.text.passage_splitter import TITLE_TOKENS, text_to_embed, title_path

_SAMPLE_PASSAGES = 384


def sample_passages(connection: apsw.Connection, counter: TokenCounter) -> tuple[int, list[str]]:
    """Return the tokens of some random passages, and their texts as embedded, longest first."""
    rows = connection.execute(
        "SELECT tokens, substr(text, start + 1, length), name, heading FROM passage"
        " JOIN section ON section.id = section_id JOIN content ON content.id = passage.content_id"
        " WHERE passage.id IN (SELECT id FROM passage ORDER BY random() LIMIT ?)"
        " ORDER BY tokens DESC",
        (_SAMPLE_PASSAGES,),
    ).fetchall()
    texts = []
    for _tokens, text, name, heading in rows:
        title = counter.truncate_text(title_path(str(name), str(heading)), TITLE_TOKENS)
        texts.append(text_to_embed(str(text), title))
    return sum(cast("int", row[0]) for row in rows), texts
