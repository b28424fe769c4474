"""A number that is looked for in the files of a search alone, and not in other folders."""

from collections.abc import Sequence

import pytest

from core.library.search.rank_fusion import CandidateRankings
from core.library.search.relevance_judge import Assessment, FoundPassage
from core.library.search.searcher import Searcher
from core.library.store.library_records import LibraryRecords
from core.messages import NO_FILTERS, SearchFilters, SearchVerdict
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put


class _Certain:
    def assess(self, _question: str, passages: Sequence[FoundPassage]) -> Assessment:
        return Assessment(SearchVerdict.ANSWERED, 0.9, tuple(0.9 for _ in passages))


@pytest.mark.parametrize(
    ("chosen", "filters", "found"),
    [
        (("mine",), NO_FILTERS, "Elm Road 17"),
        (("mine", "others"), NO_FILTERS, ""),
        ((), NO_FILTERS, ""),
        ((), SearchFilters(types=("txt",)), "Elm Road 17"),
        (("others",), NO_FILTERS, ""),
    ],
)
def test_only_the_chosen_files_say_what_there_is(
    chosen: Sequence[str],
    filters: SearchFilters,
    found: str,
    records: LibraryRecords,
    embedder: ScriptedEmbedder,
) -> None:
    folders = {name: records.add_folder(f"/{name}") for name in ("mine", "others")}
    put(records, folders["mine"], "lease.txt", "Lease of Elm Road 17. The rent is 940 pounds.")
    put(records, folders["others"], "sale.md", "Deed of Elm Road 18, whose rent was 700 pounds.")
    rankings = CandidateRankings(records.connection, embedder)
    searcher = Searcher(records.connection, rankings, _Certain())
    ids = [folders[name].id for name in chosen]
    judged = searcher.search_passages("What is the rent of Elm Road 18?", ids, 5, filters)
    assert judged.other.found == found
