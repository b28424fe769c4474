"""Tie order: passages with equal scores stand by their files' names and their places in them.

Their ids tell in which order files were read, which differs from one library to the next.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import cast

import apsw

PLACE = "content.name, content.hash, {table}.id"
"""SQL: what orders rows of passages or sections; ids rise within one text."""


def order_ties(connection: apsw.Connection, scores: Mapping[int, float]) -> dict[int, float]:
    """Return passage ids with their scores, best first, equal ones by their places."""
    counts = Counter(scores.values())
    tied = [id_ for id_, score in scores.items() if counts[score] > 1]
    places = _places(connection, tied) if tied else {}
    return dict(sorted(scores.items(), key=lambda item: (-item[1], places.get(item[0], 0))))


def _places(connection: apsw.Connection, ids: list[int]) -> dict[int, int]:
    rows = connection.execute(
        "SELECT passage.id FROM json_each(?) JOIN passage ON passage.id = value"  # noqa: S608 - a constant
        f" JOIN content ON content.id = content_id ORDER BY {PLACE.format(table='passage')}",
        (json.dumps(ids),),
    )
    return {cast("int", id_): number for number, (id_,) in enumerate(rows)}
