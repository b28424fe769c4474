"""A question on a number in Chinese, Japanese or Korean, of which the files have another one."""

from collections.abc import Sequence

import pytest

from core.library.search.east_asian_numbers import named_numbers, numeral
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.relevance_judge import Assessment, FoundPassage
from core.library.search.searcher import JudgedHits, Searcher
from core.library.store.library_records import LibraryRecords
from core.messages import SearchVerdict
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put

PAPERS = {
    "zufang.txt": "租赁合同17号：房屋位于和平路28号5楼502室，月租金3200元，每月5号支付。",
    "fakuan.txt": "第十七条 违约责任：逾期付款的，每日支付违约金。第二十条至第30条 其他约定。",
    "keiyaku.txt": "契約書第５条 解約の申し入れは三か月前。コーポ12号室の賃料は八万円。",
    "gyeyak.txt": "제17조 위약금: 월세의 두 배. 계약서 21호의 보증금은 천만 원.",
    "macintosh.txt": "Apple Macintosh有一個米色的外殼。",
}


class _Certain:
    """A relevance judge that takes all for answered, as the learned one takes 合同18号."""

    def assess(self, _question: str, passages: Sequence[FoundPassage]) -> Assessment:
        return Assessment(SearchVerdict.ANSWERED, 0.9, tuple(0.9 for _ in passages))


def _search(question: str, records: LibraryRecords, embedder: ScriptedEmbedder) -> JudgedHits:
    papers = records.add_folder("/papers")
    for name, text in PAPERS.items():
        put(records, papers, name, text)
    rankings = CandidateRankings(records.connection, embedder)
    return Searcher(records.connection, rankings, _Certain()).search_passages(question, (), 5)


@pytest.mark.parametrize(
    ("question", "asked", "found"),
    [
        ("合同18号的租金是多少？", "合同18号", "合同17号"),
        ("合同第18号的租金是多少？", "合同第18号", "合同17号"),
        ("和平路30号的房租是多少？", "和平路30号", "和平路28号"),
        ("第18条的违约责任是什么？", "第18条", "第十七条"),
        ("第十八条的违约责任是什么？", "第十八条", "第十七条"),
        ("契約書の第6条の解約は？", "第6条", "第5条"),
        ("コーポ14号室の賃料はいくらですか", "コーポ14号室", "コーポ12号室"),
        ("제18조의 위약금은 얼마인가요?", "제18조", "제17조"),
        ("계약서 22호의 보증금은?", "계약서 22호", "계약서 21호"),
    ],
)
def test_another_one_is_named_and_no_answer(
    question: str, asked: str, found: str, records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    judged = _search(question, records, embedder)
    assert judged.verdict is SearchVerdict.ON_TOPIC
    assert judged.other == (asked, found)


@pytest.mark.parametrize(
    "question",
    [
        "合同17号的租金是多少？",
        "合同十七号的租金是多少？",
        "第17条的违约责任是什么？",
        "第25条的约定是什么？",  # within a range
        "每月3号支付租金吗？",  # a day
        "租金每月是3000元吗？",
        "契約書第5条の解約は？",
        "제17조의 위약금은 얼마인가요?",
        "Apple Macintosh有著什麼樣的外觀?",
    ],
)
def test_what_is_there_is_answered(
    question: str, records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    judged = _search(question, records, embedder)
    assert (judged.verdict, judged.other.found) == (SearchVerdict.ANSWERED, "")


@pytest.mark.parametrize(
    "there", ["第18条 担保的方式。", "第十八条 担保的方式。", "合同第１８条 担保。"]
)
def test_a_number_that_stands_further_away_is_no_reason_to_refuse(
    there: str, records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    other = records.add_folder("/more")
    for n in range(6):  # more passages than are examined, before the one that has it
        put(records, other, f"tiao{n}.txt", f"第17条 违约责任，违约责任，违约责任，{n}。")
    put(records, other, "danbao.txt", f"{'其他的事情。' * 60}{there}")
    assert _search("第18条的违约责任是什么？", records, embedder).other.found == ""


@pytest.mark.parametrize(
    ("text", "value"), [("第一百零五条", 105), ("第二〇条", 20), ("第两百条", 200), ("第十条", 10)]
)
def test_numerals_are_read(text: str, value: int) -> None:
    assert [each.value for each in named_numbers(text)] == [value]


@pytest.mark.parametrize(
    ("value", "said"),
    [(10, "十"), (18, "十八"), (25, "二十五"), (105, "一百零五"), (110, "一百一十")],
)
def test_numerals_are_written(value: int, said: str) -> None:
    assert numeral(value) == said
