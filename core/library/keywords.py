"""The keyword ranking: a question's telling words, ranked by BM25 in FTS5."""

import re

import apsw

_WORD = re.compile(r"\w+")
STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has
    have having he her here hers him his how i if in into is it its itself just me more most my
    no nor not of off on once only or other our ours out over own same she should so some such
    than that the their theirs them then there these they this those through to too under until up
    us very was we were what when where which while who whom why will with would you your yours
    der die das den dem des ein eine einer eines einem einen und oder aber ist sind war waren wird
    werden wie was wer wo wann warum ich du er sie es wir ihr mein meine meiner dein sein für von
    vom zu zum zur mit auf aus bei nach über unter im in am an als auch nicht kein keine hat habe
    le la les un une des du de et ou est sont que qui quoi dans pour par sur avec ce cette il elle
    nous vous je tu mon ma mes son sa ses
    el los las una unos unas y o es son en con por para del al se su sus mi mis como cuando donde
    """.split()
)
TITLE_WEIGHT = 2.0


def match_expression(question: str) -> str:
    """Return the OR of the question's telling words, all of them if none tells; "" for none."""
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(question)))
    telling = [word for word in words if word not in STOP_WORDS]
    return " OR ".join(f'"{word}"' for word in telling or words)


def best_matches(connection: apsw.Connection, question: str, count: int) -> dict[int, float]:
    """Return the best passages and their BM25 scores (higher is better), best first."""
    expression = match_expression(question)
    if not expression:
        return {}
    rows = connection.execute(
        "SELECT rowid, -bm25(passage_words, ?, 1.0) AS score FROM passage_words"
        " WHERE passage_words MATCH ? ORDER BY score DESC LIMIT ?",
        (TITLE_WEIGHT, expression, count),
    )
    return dict(rows.fetchall())
