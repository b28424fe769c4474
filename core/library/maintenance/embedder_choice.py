"""Embedder choice: which of the models that ship embeds a library, by the languages of its texts.

The English one embeds English twice as fast; it finds next to nothing in other scripts, and less
in other languages. A library with more than a few passages in another language is embedded with
the multilingual one, unless a person has named a model. It stays with it when those are removed.
"""

from pathlib import Path
from typing import cast

import apsw

from core.base.paths import embedding_model, multilingual_embedding_model
from core.library.store.library_records import LibraryRecords
from core.library.text.english_text import is_other_than_english

EMBEDDER_KEY = "embedder"
"""Key of the note with the embedding model's folder; no note: the English one that ships."""
CHOSEN_BY_KEY = "embedder chosen by"
"""Key of the note with who chose it: "person", or no note for the languages of the texts."""
_MULTILINGUAL = "multilingual"
"""Note for the one that ships: its folder moves with the program."""
_PERSON = "person"
_SAMPLE = 400
"""Passages that are looked at, spread over the library."""
_FEWEST = 3
"""Passages in another language that make a library multilingual; half of them, if it is smaller."""
_SHARE = 0.02
"""Share of the passages looked at, from which it is one: what they say can't be found otherwise."""


def current_embedder_folder(records: LibraryRecords) -> Path:
    """Return the folder of the embedding model that a library was made with."""
    note = records.get_metadata(EMBEDDER_KEY)
    if note == _MULTILINGUAL:
        return multilingual_embedding_model()
    return Path(note or embedding_model())


def note_embedder(records: LibraryRecords, folder: Path, *, by_person: bool) -> None:
    """Store which model a library is made with, and who chose it."""
    shipped = {embedding_model(): "", multilingual_embedding_model(): _MULTILINGUAL}
    records.set_metadata(EMBEDDER_KEY, shipped.get(folder, str(folder)))
    note_chooser(records, by_person=by_person)


def note_chooser(records: LibraryRecords, *, by_person: bool) -> None:
    """Store who chose the model."""
    records.set_metadata(CHOSEN_BY_KEY, _PERSON if by_person else "")


def is_chosen_by_person(records: LibraryRecords) -> bool:
    """Return whether a person named the model; one of their own says so by its folder."""
    if records.get_metadata(CHOSEN_BY_KEY) == _PERSON:
        return True
    shipped = {embedding_model(), multilingual_embedding_model()}
    return current_embedder_folder(records) not in shipped


def embedder_for_languages(records: LibraryRecords) -> Path:
    """Return the folder of the model that ships which suits the texts of a library."""
    multilingual = multilingual_embedding_model()
    if not multilingual.is_dir():
        return embedding_model()
    if current_embedder_folder(records) == multilingual or _is_multilingual(records.connection):
        return multilingual
    return embedding_model()


def _is_multilingual(connection: apsw.Connection) -> bool:
    """Return whether a sample of the passages holds more than a few in another language."""
    (last,) = cast(
        "tuple[int]", connection.execute("SELECT coalesce(max(id), 0) FROM passage").fetchone()
    )
    rows = connection.execute(
        "WITH RECURSIVE place(id) AS"
        " (SELECT 1 UNION ALL SELECT id + ?1 FROM place WHERE id + ?1 <= ?2)"
        " SELECT substr(text, start + 1, min(length, 1000)) FROM passage"
        " JOIN section ON section.id = section_id WHERE passage.id IN"
        " (SELECT (SELECT min(passage.id) FROM passage WHERE passage.id >= place.id) FROM place)",
        (max(1, last // _SAMPLE), last),
    )
    found = [is_other_than_english(cast("str", row[0])) for row in rows]
    fewest = min(_FEWEST, (len(found) + 1) // 2)
    return sum(found) >= max(1, fewest, _SHARE * len(found))
