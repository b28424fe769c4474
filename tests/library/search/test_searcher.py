"""Fusion, keywords, the verdict and the list of hits."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.library.filesystem.missing_files import MissingFiles
from core.library.search import keyword_ranking
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.fusion_weights import vector_share
from core.library.search.keyword_ranking import (
    KeywordRanking,
    WordStatistics,
    informative_words,
    or_expression,
    spelling_variants,
)
from core.library.search.rank_fusion import (
    CANDIDATES,
    CandidateRankings,
    fuse_rankings,
)
from core.library.search.relevance_judge import Assessment, FoundPassage
from core.library.search.search_scope import SearchScope
from core.library.search.searcher import Searcher
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.text.script_tokens import (
    needs_tokenizing,
    tokenize_for_index,
    tokenize_question,
)
from core.messages import SearchVerdict
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put

rankings_of_ids = st.dictionaries(st.integers(1, 30), st.floats(0.01, 30.0), max_size=20)


@given(rankings_of_ids, rankings_of_ids)
def test_fused_scores_lie_between_zero_and_one_best_first(
    vector: Mapping[int, float], keyword: Mapping[int, float]
) -> None:
    fused = list(fuse_rankings(vector, keyword).values())
    assert set(fuse_rankings(vector, keyword)) == {*vector, *keyword}
    assert fused == sorted(fused, reverse=True)
    assert all(0 <= score <= 1 + 1e-9 for score in fused)


def test_the_nearer_the_best_keyword_passages_are_the_more_vectors_count() -> None:
    vector = {n: 1 - n / 100 for n in range(60)}
    agreeing, random, opposed = (dict.fromkeys(some, 0.5) for some in ((0, 1), (29, 30), (58, 59)))
    shares = [vector_share(vector, keyword, {}) for keyword in (agreeing, random, opposed)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 1.9 * shares[2]
    assert 0.3 < vector_share({}, {}, {}) < 0.4


def test_vectors_that_are_noise_leave_the_order_to_the_keywords() -> None:
    vector = {n: 1 - n / 100 for n in range(60)}
    assert next(iter(fuse_rankings(vector, {57: 0.9, 58: 0.5, 59: 0.5}))) == 57


def test_a_near_passage_in_another_language_needs_no_words() -> None:
    vector = {1: 0.9, 2: 0.89, 3: 0.5, 4: 0.4, 5: 0.3}
    keyword = {1: 0.9, 3: 0.8}
    assert list(fuse_rankings(vector, keyword))[:2] == [1, 3]
    assert list(fuse_rankings(vector, keyword, foreign={2}))[:2] == [1, 2]


def test_what_only_words_found_is_near_or_far_too() -> None:
    near = {n: 0.9 - n / 1000 for n in range(5)}
    fused = fuse_rankings(near, {7: 0.5, 8: 0.5}, {7: 0.2, 8: 0.89})
    assert list(fused).index(8) < list(fused).index(7)
    assert set(fused) == {*near, 7, 8}
    assert min(fused.values()) == 0


def test_a_full_list_begins_at_its_worst() -> None:
    full = {n: 1 - n / 1000 for n in range(CANDIDATES)}
    assert min(fuse_rankings({}, full).values()) == 0
    assert min(fuse_rankings({}, dict(list(full.items())[:-1])).values()) > 0


@pytest.mark.parametrize(
    ("vector", "keyword", "first"),
    [
        ({1: 0.9, 2: 0.5, 3: 0.1}, {1: 9.0, 3: 2.0}, 1),
        ({1: 0.50, 2: 0.49, 3: 0.1}, {2: 20.0, 1: 2.0}, 2),
    ],
    ids=["it leads both rankings", "its lead counts for more than a rank"],
)
def test_what_leads(vector: dict[int, float], keyword: dict[int, float], first: int) -> None:
    assert next(iter(fuse_rankings(vector, keyword))) == first


@pytest.mark.parametrize(
    ("question", "expression"),
    [
        ("What is the rent?", '"rent"'),
        ("rent RENT boiler", '"rent" OR "rent" OR "boiler"'),
        ("What is it?", '"what" OR "is" OR "it"'),
        ('"E18" NEAR(x) AND -z*', '"e18" OR "near" OR "x" OR "z"'),
        ("?!", ""),
    ],
)
def test_any_question_is_a_valid_expression(question: str, expression: str) -> None:
    assert or_expression(informative_words(question)) == expression


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("家賃はいつ支払いますか？", ["家賃", "支払"]),
        ("いちごはいつ植えましたか", ["いち", "ちご", "植"]),
        ("ﾎﾟﾝﾌﾟ E18", ["ポン", "ンプ", "e18"]),
        ("租金每月什么时候支付？", ["租金", "金每", "每月", "支付"]),
        ("임대료는 언제 지불하나요?", ["임대", "대료", "지불", "불하"]),
        ("什么", ["什么"]),
        ("café au lait", ["café", "au", "lait"]),
    ],
)
def test_words_without_spaces_are_asked_for_as_pairs(question: str, words: list[str]) -> None:
    assert informative_words(question) == words


@pytest.mark.parametrize(
    ("question", "writings"),
    [
        ("American Express in FY2022?", ["2022", "americanexpress"]),
        ("Does the WM 7140 hum?", ["wm7140", "7140hum", "wm7140hum"]),
        ("What is the rent?", []),
        ("家賃 敷金", []),
    ],
)
def test_names_and_years_may_be_written_otherwise(question: str, writings: list[str]) -> None:
    assert spelling_variants(question) == writings


@given(st.text())
def test_all_other_scripts_are_indexed_as_they_stand(text: str) -> None:
    assert needs_tokenizing(text) or tokenize_for_index(text) == text
    assert needs_tokenizing(text) or tokenize_question(text) == text


@given(
    st.text(
        alphabet="家賃は敷金ですいちごエラー租金什么时候임대료는 E18ค่าเช่าບ້ານថ្លៃအိမ်कमरे", min_size=1
    )
)
def test_a_text_holds_the_words_of_its_own_sentences(text: str) -> None:
    asked = informative_words(text)
    assert set(asked) <= set(tokenize_for_index(text).lower().split())


@pytest.fixture
def folder(records: LibraryRecords) -> FolderRecord:
    folder = records.add_folder("/papers")
    put(records, folder, "lease.txt", "The tenant pays small repairs up to 110 euros.")
    put(records, folder, "washer.txt", "Error E18 means that the drain pump filter is blocked.")
    put(records, folder, "garden.txt", "Strawberries were sown on 3 April beside the hedge.")
    return folder


@pytest.fixture
def searcher(records: LibraryRecords, embedder: ScriptedEmbedder) -> Searcher:
    rankings = CandidateRankings(records.connection, embedder)
    return Searcher(
        records.connection, rankings, EvidenceJudge(records.connection, embedder.model_folder.name)
    )


def test_keywords_know_word_forms_and_only_the_asked_folders(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    other = records.add_folder("/other")
    put(records, other, "copy.txt", "A repair of the lease car.")
    found = KeywordRanking(records.connection)
    assert len(found.keyword_scores("repairing", SearchScope((folder.id,)), 10)) == 1
    assert len(found.keyword_scores("repairing", SearchScope((folder.id, other.id)), 10)) == 2
    assert found.keyword_scores("?", SearchScope((folder.id,)), 10) == {}


def test_a_file_is_found_by_a_name_that_is_written_otherwise(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    put(records, folder, "AMERICANEXPRESS_2022_10K.txt", "Fees rose.")
    put(records, folder, "AMERICANEXPRESS_2021_10K.txt", "Fees rose.")
    found = KeywordRanking(records.connection).keyword_scores(
        "American Express in FY2022", SearchScope(), 5
    )
    assert len(found) == 2
    best = records.connection.execute(
        "SELECT name FROM file JOIN passage USING (content_id) WHERE passage.id = ?",
        (next(iter(found)),),
    ).fetchone()
    assert best == ("AMERICANEXPRESS_2022_10K.txt",)


def test_scores_are_shares_of_what_the_words_could_bring(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    found = KeywordRanking(records.connection)
    whole = found.keyword_scores("error E18 drain pump filter blocked", SearchScope(), 5)
    part = found.keyword_scores("error E18 tenant strawberries hedge", SearchScope(), 5)
    assert 0 < max(part.values()) < max(whole.values()) < 1


def test_words_that_most_passages_hold_are_left_out(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    for n in range(6):
        put(records, folder, f"plain-{n}.txt", f"The pump number {n} hums.")
    words = WordStatistics(records.connection)
    assert words.keyword_query("pump hedge").expression == '"hedge"'
    assert words.keyword_query("pump").expression == '"pump"'
    assert words.keyword_query("?").expression == ""


def test_common_words_count_only_where_rare_ones_lead(
    records: LibraryRecords, folder: FolderRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(6):
        put(records, folder, f"plain-{n}.txt", f"The pump number {n} hums.")
    put(records, folder, "both.txt", "A pump of bronze.")
    put(records, folder, "rare.txt", "A statue of bronze.")
    everything = KeywordRanking(records.connection).keyword_scores("bronze pump", SearchScope(), 20)
    monkeypatch.setattr(keyword_ranking, "MAX_SCORED_PASSAGES", 2)
    led = KeywordRanking(records.connection).keyword_scores("bronze pump", SearchScope(), 20)
    assert len(led) == 2
    assert list(led) == list(everything)[:2]
    monkeypatch.setattr(keyword_ranking, "MAX_MATCHED_ROWS", 2)
    assert (
        len(
            set(KeywordRanking(records.connection).keyword_scores("bronze pump", SearchScope(), 20))
        )
        == 2
    )


def test_the_right_passage_comes_first(searcher: Searcher, folder: FolderRecord) -> None:
    hit = searcher.search_passages("error E18 drain pump filter", (), 5).hits[0]
    assert (hit.file, hit.page, hit.rank) == ("washer.txt", 1, 1)
    assert hit.folder_id == folder.id
    assert hit.section[hit.section.index(hit.text) :].startswith(hit.text)


def test_what_answers_nothing_is_ranked_and_refused(
    searcher: Searcher, folder: FolderRecord
) -> None:
    found = searcher.search_passages("quarterly dividend announcement", (), 5)
    assert len(found.hits) == 3
    assert found.verdict is SearchVerdict.NOTHING
    assert found.confidence < 0.25
    asked = searcher.search_passages("", (), 5)
    assert (asked.verdict, asked.confidence) == (SearchVerdict.NOTHING, 0.0)


def test_each_hit_says_how_sure_it_is(searcher: Searcher, folder: FolderRecord) -> None:
    found = searcher.search_passages("What does error E18 of the drain pump filter mean?", (), 3)
    assert found.verdict is SearchVerdict.ANSWERED
    best, *others = [hit.confidence for hit in found.hits]
    assert 1 >= found.confidence >= best > max(others) >= 0


def test_an_empty_library_gives_nothing(searcher: Searcher) -> None:
    assert searcher.search_passages("error E18", (), 5)[:3] == ((), SearchVerdict.NOTHING, 0.0)


def test_one_file_does_not_fill_the_list(
    searcher: Searcher, records: LibraryRecords, folder: FolderRecord
) -> None:
    pages = [f"The drain pump filter number {n}. " + f"word{n} " * 150 for n in range(9)]
    put(records, folder, "long.txt", "\n\n".join(pages))
    put(records, folder, "other.txt", "A drain pump filter may be blocked by a coin.")
    hits = searcher.search_passages("drain pump filter", (), 3).hits
    assert {"long.txt", "other.txt", "washer.txt"} == {hit.file for hit in hits}
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_a_search_keeps_to_its_folders(
    searcher: Searcher, records: LibraryRecords, folder: FolderRecord
) -> None:
    other = records.add_folder("/other")
    put(records, other, "copy.txt", "Error E18 means that the drain pump filter is blocked.")
    hits = searcher.search_passages("error E18 drain pump filter", (other.id,), 5).hits
    assert {hit.folder_id for hit in hits} == {other.id}


def test_a_copy_in_two_folders_is_found_in_the_asked_one(
    searcher: Searcher, records: LibraryRecords, folder: FolderRecord
) -> None:
    other = records.add_folder("/other")
    put(records, other, "washer.txt", "Error E18 means that the drain pump filter is blocked.")
    (hit, *_) = searcher.search_passages("error E18 drain pump filter", (other.id,), 5).hits
    assert (hit.folder_id, hit.folder, hit.path) == (other.id, "other", "/other/washer.txt")


def test_another_judge_takes_the_place_of_the_evidence(
    records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    put(records, records.add_folder("/papers"), "note.txt", "The boiler was serviced in May.")
    asked: list[tuple[str, str]] = []

    class Refusing:
        def assess(self, question: str, passages: Sequence[FoundPassage]) -> Assessment:
            assert all(-1 <= each.cosine <= 1.001 for each in passages)
            asked.extend((question, each.title) for each in passages)
            return Assessment(SearchVerdict.ON_TOPIC, 0.2, (0.1,))

    rankings = CandidateRankings(records.connection, embedder)
    searcher = Searcher(records.connection, rankings, Refusing())
    found = searcher.search_passages('the "boiler"', (), 5)
    assert (found.verdict, found.confidence) == (SearchVerdict.ON_TOPIC, 0.2)
    assert [hit.confidence for hit in found.hits] == [0.1]
    assert asked == [("the boiler", "note")]


@pytest.mark.parametrize(
    ("verdict", "first"), [(SearchVerdict.ANSWERED, "signed"), (SearchVerdict.ON_TOPIC, "draft")]
)
def test_the_passage_that_an_answer_rests_on_comes_first(
    verdict: SearchVerdict, first: str, records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    papers = records.add_folder("/papers")
    put(records, papers, "draft.txt", "The rent of the boiler room, a boiler and its rent.")
    put(records, papers, "signed.txt", "The rent is settled.")

    class SureOfOne:
        def assess(self, _question: str, passages: Sequence[FoundPassage]) -> Assessment:
            each = tuple(0.9 if one.title == "signed" else 0.2 for one in passages)
            return Assessment(verdict, 0.9, each)

    rankings = CandidateRankings(records.connection, embedder)
    searcher = Searcher(records.connection, rankings, SureOfOne())
    for count in (2, 1):
        hits = searcher.search_passages("boiler rent", (), count).hits
        assert [hit.rank for hit in hits] == list(range(1, count + 1))
        assert hits[0].file == f"{first}.txt"
        assert hits[0].score == max(hit.score for hit in hits)


def test_a_file_that_is_gone_is_not_found_before_any_sync(
    searcher: Searcher, records: LibraryRecords, tmp_path: Path
) -> None:
    papers = records.add_folder(str(tmp_path / "papers"))
    away = records.add_folder(str(tmp_path / "unplugged"))
    (tmp_path / "papers").mkdir()
    for name, text in (("a.txt", "The drain pump filter."), ("b.txt", "A drain pump filter, too.")):
        put(records, papers, name, text)
        (tmp_path / "papers" / name).write_text(text)
    put(records, away, "c.txt", "Another drain pump filter.")
    looking = Searcher(
        records.connection, searcher._rankings, searcher._judge, MissingFiles().is_missing
    )
    assert files_of(looking) == {"a.txt", "b.txt", "c.txt"}
    (tmp_path / "papers" / "a.txt").unlink()
    assert files_of(looking) == {"b.txt", "c.txt"}  # of a drive that is away all is found


def test_a_copy_that_is_left_stands_for_one_that_is_gone(
    searcher: Searcher, records: LibraryRecords, tmp_path: Path
) -> None:
    papers = records.add_folder(str(tmp_path / "papers"))
    (tmp_path / "papers").mkdir()
    for name in ("a.txt", "b.txt"):
        put(records, papers, name, "The drain pump filter.")
    (tmp_path / "papers" / "b.txt").write_text("The drain pump filter.")
    looking = Searcher(
        records.connection, searcher._rankings, searcher._judge, MissingFiles().is_missing
    )
    assert files_of(looking) == {"b.txt"}


def files_of(searcher: Searcher) -> set[str]:
    return {hit.file for hit in searcher.search_passages("drain pump filter", (), 9).hits}
