"""Question sources: published sets of questions with their passages, read from their clones."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from judge_training.clones import Clone
from judge_training.source_rows import (
    Row,
    found_answer,
    joined_tokens,
    question_row,
    squad_rows,
    window,
)

_READ = 780
"""Characters that are read of a passage whose answer is yes or no."""
_LONG, _LONGEST = 1400, 1500
_FIRST_ARTICLES = 10
_TRANSLATED_THIRD = frozenset({"swa", "hau", "zul", "yor"})
_NOT_KNOWN = frozenset({"DON'T KNOW", "DONT KNOW"})


def squad2(clone: Clone) -> Iterator[Row]:
    """Read the first ten articles of the training part."""
    articles = clone.json("dataset/train-v2.0.json")["data"][:_FIRST_ARTICLES]
    named = ({**each, "title": each["title"].replace("_", " ")} for each in articles)
    yield from squad_rows(named, "en", "squad2")


def condaqa(clone: Clone) -> Iterator[Row]:
    """Read the development part, and the splits for a few examples."""
    parts = [f"data/few-shot/test_splits/conda_fewshot_test_{n}.json" for n in range(1, 6)]
    for path in ("data/condaqa_dev.json", *parts):
        for each in clone.lines(path):
            answer = str(each["label"]).strip()
            about = each["PassageID"], each["sentence2"], each["sentence1"]
            said = answer.upper().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
            if said in {"YES", "NO"}:
                yield question_row(*about, yesno=said == "YES")
            elif said in _NOT_KNOWN:
                yield question_row(*about, answerable=False)
            else:
                yield from found_answer(*about, answer)


def boolq(clone: Clone) -> Iterator[Row]:
    """Read the questions with the sentences that decide them."""
    for part in ("val", "test_original"):
        for each in clone.lines(f"data/boolq/{part}.jsonl"):
            evidence = [one for group in each["evidences"] for one in group]
            context = joined_tokens(" ".join(one["text"] for one in evidence))
            if not evidence or len(context) < 60:
                continue
            query = each["query"].strip()
            question = query[0].upper() + query[1:] + ("" if query.endswith("?") else "?")
            said = str(each["classification"]) == "True"
            yield question_row(evidence[0]["docid"], question, context[:_READ], yesno=said)


def clapnq(clone: Clone) -> Iterator[Row]:
    """Read the development part, whose second half its passages don't answer."""
    for each in clone.lines("annotated_data/dev/clapnq_dev_answerable.jsonl"):
        passage = each["passages"][0]
        context = joined_tokens(passage["text"])
        selected = each["output"][0].get("selected_sentences") or [""]
        about = passage["title"], each["input"], context
        rows = list(found_answer(*about, joined_tokens(selected[0])))
        if not rows and len(context) <= _READ:
            rows = [question_row(*about)]
        yield from rows
    for each in clone.lines("annotated_data/dev/clapnq_dev_unanswerable.jsonl"):
        passage = each["passages"][0]
        context = joined_tokens(passage["text"])
        yield question_row(passage["title"], each["input"], context, answerable=False)


def natural_questions(clone: Clone) -> Iterator[Row]:
    """Read Natural Questions, each with the passage that answers it."""
    for each in clone.lines("qa_data/nq-open-oracle.jsonl.gz"):
        context = each["ctxs"][0]
        for answer in each["answers"]:
            rows = list(found_answer(context["title"], each["question"], context["text"], answer))
            if rows:
                yield from rows
                break


def qed(clone: Clone) -> Iterator[Row]:
    """Read the development part."""
    for each in clone.lines("qed-dev.jsonlines"):
        answer = each["original_nq_answers"][0][0]
        yield from found_answer(
            each["title_text"],
            each["question_text"],
            each["paragraph_text"],
            answer["string"],
            start=answer["start"],
        )


def tat_qa(clone: Clone) -> Iterator[Row]:
    """Read questions whose answer is a span, beside a table as a table or as lines of words."""
    for part in ("tatqa_dataset_dev.json", "tatqa_dataset_test_gold.json"):
        for document in clone.json(f"dataset_raw/{part}"):
            cells, name = document["table"]["table"], document["table"]["uid"]
            as_lines = zlib.crc32(name.encode()) % 2
            table = _said_table(cells) if as_lines else _drawn_table(cells)
            paragraphs = {str(each["order"]): each["text"] for each in document["paragraphs"]}
            for each in document["questions"]:
                if each["answer_type"] == "span":
                    yield from _tat_row(name, each, table, cells, paragraphs)


def _tat_row(
    name: str, asked: Row, table: str, cells: list[list[str]], paragraphs: dict[str, str]
) -> Iterator[Row]:
    answer = asked["answer"][0] if isinstance(asked["answer"], list) else str(asked["answer"])
    if asked["answer_from"] == "text":
        related = [paragraphs[each] for each in asked["rel_paragraphs"] if each in paragraphs]
        holding = [text for text in related if answer in text]
        if holding:
            yield from found_answer(name, asked["question"], holding[0], answer)
    elif asked["answer_from"] == "table":
        answer = answer.strip()
        place = table.find(answer)
        if place >= 0 and any(answer == cell.strip() for row in cells for cell in row[1:]):
            yield from found_answer(name, asked["question"], window(table, place, _LONGEST), answer)


def _drawn_table(rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cell.strip() or " " for cell in row) + " |" for row in rows)


def _said_table(rows: list[list[str]]) -> str:
    heads = [row for row in rows[:4] if not row[0].strip()]
    if not heads:
        return _drawn_table(rows)
    head = heads[-1]
    return "\n".join(
        f"{row[0].strip()}: "
        + "; ".join(
            (f"{title.strip()}: " if title.strip() else "") + cell.strip()
            for title, cell in zip(head[1:], row[1:], strict=False)
            if cell.strip()
        )
        for row in rows
        if row is not head and row[0].strip() and any(cell.strip() for cell in row[1:])
    )


def covid_qa(clone: Clone) -> Iterator[Row]:
    """Read the questions with what stands around their answers."""
    articles = clone.json("data/question-answering/200423_covidQA.json")["data"]
    for number, article in enumerate(articles):
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                for answer in asked["answers"][:1]:
                    near = window(paragraph["context"], answer["answer_start"], _LONG)
                    yield from found_answer(
                        f"covid-{number}", asked["question"], near, answer["text"]
                    )


def pubmed_qa(clone: Clone) -> Iterator[Row]:
    """Read the questions that a conclusion answers with yes or no."""
    for name, each in clone.json("data/ori_pqal.json").items():
        said = each["final_decision"]
        if said in {"yes", "no"} and len(each["LONG_ANSWER"]) < _READ:
            yield question_row(name, each["QUESTION"], each["LONG_ANSWER"], yesno=said == "yes")


def afriqa(clone: Clone) -> Iterator[Row]:
    """Read the gold passages; of four languages a third of the questions as they were asked."""
    for path in clone.names("data/gold_passages", ".json"):
        text = clone.text(path)
        entries = clone.lines(path) if text[0] == "{" else clone.json(path)
        lang, own = path.split(".")[-3], PurePosixPath(path).parts[2]
        for number, each in enumerate(entries):
            answer = each["answer_pivot"]
            if not answer.get("text") or not each.get("context"):
                continue
            question = each["question_translated"] or each["question_lang"]
            if own in _TRANSLATED_THIRD and number % 3 == 0:
                question = each["question_lang"]
            if question:
                yield from found_answer(
                    each.get("title") or each["context"][:60],
                    question,
                    each["context"],
                    answer["text"][0],
                    lang,
                    answer["answer_start"][0] if answer["answer_start"] else None,
                )


def idk_mrc(clone: Clone) -> Iterator[Row]:
    """Read training and validation parts, half of them without an answer."""
    for part in ("train", "valid"):
        for each in clone.json(f"dataset/idk_mrc/{part}.json"):
            for asked in each["qas"]:
                about = each["context"][:50], asked["question"], each["context"]
                if asked["is_impossible"]:
                    yield question_row(*about, answerable=False, lang="id")
                elif asked["answers"]:
                    answer = asked["answers"][0]
                    yield from found_answer(*about, answer["text"], "id", answer["answer_start"])


def iapp_wiki(clone: Clone) -> Iterator[Row]:
    """Read the test part, with what stands around the answers."""
    for each in clone.lines("squad_format/data/test.jsonl"):
        answers = each["answers"]
        if answers["text"]:
            near = window(each["context"], answers["answer_start"][0], _LONGEST)
            yield from found_answer(each["title"], each["question"], near, answers["text"][0], "th")


def jaquad(clone: Clone) -> Iterator[Row]:
    """Read every third file."""
    for path in clone.names("data", ".json")[::3]:
        yield from squad_rows(clone.json(path)["data"], "ja", "jaquad")


def _squad_files(lang: str, name: str, *paths: str) -> Callable[[Clone], Iterator[Row]]:
    def read(clone: Clone) -> Iterator[Row]:
        for path in paths:
            yield from squad_rows(clone.json(path)["data"], lang, name)

    return read


QUESTION_SOURCES: dict[str, Callable[[Clone], Iterator[Row]]] = {
    "squad2-train-part": squad2,
    "squadshifts-wiki": _squad_files("en", "squadshifts-wiki", "datasets/new_wiki_v1.0.json"),
    "condaqa": condaqa,
    "boolq": boolq,
    "clapnq": clapnq,
    "nq-oracle": natural_questions,
    "qed-nq": qed,
    "tat-qa": tat_qa,
    "covidqa": covid_qa,
    "pubmedqa": pubmed_qa,
    "afriqa": afriqa,
    "idk-mrc": idk_mrc,
    "jaquad": jaquad,
    "jsquad": _squad_files(
        "ja",
        "jsquad",
        *(f"datasets/jsquad-v1.3/{part}-v1.3.json" for part in ("valid", "test")),
    ),
    "drcd": _squad_files("zh-Hant", "drcd", "DRCD_dev.json", "DRCD_test.json"),
    "cmrc2018": _squad_files(
        "zh",
        "cmrc2018",
        *(f"squad-style-data/cmrc2018_{part}.json" for part in ("dev", "trial")),
    ),
    "faquad": _squad_files("pt", "faquad", "data/dataset.json"),
    "norquad": _squad_files(
        "no",
        "norquad",
        *(f"data/evaluation/all/{part}_dataset_flattened.json" for part in ("validation", "test")),
    ),
    "arcd": _squad_files("ar", "arcd", "data/arcd.json"),
    "iapp-wiki-qa": iapp_wiki,
}
"""How each source is read, by the name of its file of rows."""
