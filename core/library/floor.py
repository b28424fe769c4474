"""The relevance floor: whether what was found speaks of what was asked at all.

Evidence is the cosine of a passage plus the share of the question's words it holds, each weighted
by how rare it is in this library (its idf). Both are absolute: the cosine belongs to the embedder,
not to a folder, and the share corrects itself by the folder's own counts, so one floor serves all.
Measured (best of five passages at or above FLOOR): 29 of 30 answerable questions about a folder of
541 documents and 1 of 7 unanswerable ones; of questions asked of the set they belong to 98 %
(squad, cranfield), 90 % (scifact) and 78 % (cisi, whose questions are paragraphs); of questions
asked of another set 0 to 10 %.
"""

import math
from collections.abc import Mapping, Sequence
from typing import cast

import apsw

from core.library.keywords import telling_words

FLOOR = 0.85
LOOKED_AT = 5
"""How many of the best passages may carry the evidence."""


def has_evidence(
    connection: apsw.Connection,
    question: str,
    passage_ids: Sequence[int],
    cosines: Mapping[int, float],
) -> bool:
    """Return whether one of the first passages stands above the floor."""
    looked_at = passage_ids[:LOOKED_AT]
    shares = _word_shares(connection, question, looked_at)
    return any(cosines.get(id_, 0.0) + shares[id_] >= FLOOR for id_ in looked_at)


def _word_shares(
    connection: apsw.Connection, question: str, passage_ids: Sequence[int]
) -> dict[int, float]:
    """Return for each passage the share of the question's words it holds, weighted by idf."""
    total = _count(connection, "SELECT count(*) FROM passage")
    shares = dict.fromkeys(passage_ids, 0.0)
    whole = 0.0
    for word in dict.fromkeys(telling_words(question)):
        quoted = f'"{word}"'
        holders = _count(
            connection, "SELECT count(*) FROM passage_words WHERE passage_words MATCH ?", quoted
        )
        weight = math.log((total + 1) / (holders + 1))
        whole += weight
        for id_ in passage_ids:
            held = _count(
                connection,
                "SELECT count(*) FROM passage_words WHERE passage_words MATCH ? AND rowid = ?",
                quoted,
                id_,
            )
            shares[id_] += weight * held
    return {id_: share / whole if whole else 0.0 for id_, share in shares.items()}


def _count(connection: apsw.Connection, statement: str, *values: str | int) -> int:
    return cast("tuple[int]", connection.execute(statement, values).fetchone())[0]
