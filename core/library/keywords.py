"""The keyword ranking: a question's telling words, ranked by BM25 in FTS5."""

import re
from collections.abc import Sequence
from typing import cast

import apsw

from core.library.bigrams import paired_question

_WORD = re.compile(r"\w+")
_MAX_WORDS = 200
STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has
    get gets have having he her here hers him his how i if in into is it its itself just many me
    more most much my no nor not now of off on once only or other our ours out over own please
    same she should so some such tell than that the their theirs them then there these they this
    those through to too under until up us very was we were what when where which while who whom
    why will with would you your yours der die das den dem des ein eine einer eines einem einen
    und oder aber ist sind war waren wird werden wie was wer wo wann warum ich du er sie es wir
    ihr mein meine meiner dein sein für von vom zu zum zur mit auf aus bei nach über unter im als
    auch nicht kein keine hat habe le la les un une de du et ou est sont que qui quoi dans pour
    par sur avec ce cette il elle nous vous je tu mon ma mes son sa ses el los las una unos unas y
    o en con del al se su sus mi mis como cuando donde
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
TITLE_WEIGHT = 2.0


def telling_words(question: str) -> list[str]:
    """Return the words that can tell passages apart, in order; all words if none can."""
    words = [word.lower() for word in _WORD.findall(paired_question(question))][:_MAX_WORDS]
    return [word for word in words if word not in STOP_WORDS] or words


def match_expression(question: str) -> str:
    """Return the OR of the question's telling words, "" for a question without words.

    A word said twice counts twice: long questions repeat what they are about.
    """
    return " OR ".join(f'"{word}"' for word in telling_words(question))


def keyword_scores(
    connection: apsw.Connection, question: str, scope: Sequence[str], count: int
) -> dict[int, float]:
    """Return passages of these folders and their keyword scores (higher is better), best first.

    A passage's score is its own BM25 and that of its section together: the words of a question
    are often spread over neighbouring passages.
    """
    expression = match_expression(question)
    if not expression:
        return {}
    sections = _best(connection, "section", expression, scope, count)
    passages = _best(connection, "passage", expression, scope, count)
    scores = {
        id_: score + sections.get(section_id, (0.0, 0))[0]
        for id_, (score, section_id) in passages.items()
    }
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def _best(
    connection: apsw.Connection, grain: str, expression: str, scope: Sequence[str], count: int
) -> dict[int, tuple[float, int]]:
    """Return (BM25, section id) of the best rows of one grain, "passage" or "section"."""
    marks = ",".join("?" * len(scope))
    section = "section_id" if grain == "passage" else "id"
    rows = connection.execute(
        f"SELECT {grain}.id, -bm25({grain}_words, ?, 1.0) AS score, {grain}.{section}"  # noqa: S608
        f" FROM {grain}_words JOIN {grain} ON {grain}.id = {grain}_words.rowid"
        f" WHERE {grain}_words MATCH ? AND content_id IN"
        f" (SELECT content_id FROM file WHERE folder_id IN ({marks}))"
        " ORDER BY score DESC LIMIT ?",
        (TITLE_WEIGHT, expression, *scope, count),
    )
    found: dict[int, tuple[float, int]] = {}
    for id_, score, section_id in rows:
        found[cast("int", id_)] = cast("float", score), cast("int", section_id)
    return found
