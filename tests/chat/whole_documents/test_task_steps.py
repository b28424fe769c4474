"""Tasks over documents: what is asked of the model, in which order, and what comes of it."""

from collections.abc import Callable

import pytest
from msgspec import structs

from core.chat.conversations.conversation import SentenceVerdict
from core.chat.whole_documents.document_parts import part_budget, split_into_parts, token_estimate
from core.chat.whole_documents.document_task import (
    TaskDocument,
    TaskKind,
    choose_documents,
    read_document_task,
)
from core.chat.whole_documents.task_answer import TaskAnswer
from core.chat.whole_documents.task_steps import (
    AskModel,
    LoadPassages,
    ReportLine,
    TaskResult,
    list_entries,
    run_task,
)
from core.messages import SearchHit
from tests.chat.answer_bench import hit


def document(file: str, *texts: str, title: str = "") -> TaskDocument:
    hits = tuple(passage(n, file, text) for n, text in enumerate(texts, start=1))
    words = sum(len(text.split()) for text in texts)
    path = f"/g/{file}"
    return TaskDocument(
        file=file, path=path, folder_id="f", title=title, content_hash="", words=words, hits=hits
    )


def passage(n: int, file: str, text: str) -> SearchHit:
    return structs.replace(hit(n, text), file=file, path=f"/g/{file}")


def worked(
    question: str,
    *documents: TaskDocument,
    budget: int = 40,
    write: Callable[[str], str | None] = lambda _prompt: "Written.",
) -> tuple[TaskResult, list[str], list[ReportLine]]:
    """Work a task to its end; return the result, the prompts and the lines."""
    steps = run_task(read_document_task(question), documents, budget)
    prompts: list[str] = []
    lines: list[ReportLine] = []
    value: object = None
    while True:
        try:
            step = steps.send(value)
        except StopIteration as ended:
            return ended.value, prompts, lines
        value = None
        if isinstance(step, AskModel):
            prompts.append(step.prompt)
            value = write(step.prompt)
        elif isinstance(step, LoadPassages):
            value = step.document.hits
        elif isinstance(step, ReportLine):
            lines.append(step)


LONG = tuple(
    f"Passage {n} says that bed {n} was dug over in spring by Anna and Tom." for n in range(6)
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Summarise my folder in three sentences", TaskKind.SUMMARY),
        ("Fasse den Vertrag zusammen", TaskKind.SUMMARY),
        ("List all deadlines in the contracts", TaskKind.LIST),
        ("Compare offer A with offer B", TaskKind.COMPARISON),
        ("Übersetze den Mietvertrag ins Englische", TaskKind.TRANSLATION),
        ("列出所有合同和日期", TaskKind.LIST),
    ],
)
def test_the_kind_is_read_from_the_words(question: str, kind: TaskKind) -> None:
    assert read_document_task(question).kind is kind


def test_the_language_of_a_translation_is_read() -> None:
    assert read_document_task("Translate lease.pdf into French").language == "French"
    assert read_document_task("Übersetze den Mietvertrag ins Englische").language == "English"


def test_documents_are_chosen_by_name_title_and_subfolder() -> None:
    offers = [document("offer-a.md"), document("offer-b.md"), document("bids/lease.md")]
    titled = document("scan0001.pdf", title="Heating bill > Sum")
    every = [*offers, titled]
    assert choose_documents("Compare offer A with offer B", every) == tuple(offers[:2])
    assert choose_documents("Summarise the lease", every) == (offers[2],)
    assert choose_documents("Summarise the heating bill", every) == (titled,)
    assert choose_documents("Summarise the bids", every) == (offers[2],)
    assert choose_documents("Summarise my folder", every) == tuple(every)


@pytest.mark.parametrize(
    ("question", "chosen"),
    [
        ("Translate the letter from the landlord into German", ["letter_landlord_2026.txt"]),
        ("Summarise the letter the dentist wrote", ["letter-dentist.pdf"]),
        (
            "Compare the letters of landlord and dentist",
            ["letter_landlord_2026.txt", "letter-dentist.pdf"],
        ),
        ("Translate the letter from the bank", None),
    ],
)
def test_a_document_whose_words_stand_apart_in_a_question_is_chosen(
    question: str, chosen: list[str] | None
) -> None:
    names = ["letter_landlord_2026.txt", "letter-dentist.pdf", "lemon_tart.md", "photo.png"]
    every = [document(name) for name in names]
    assert [each.file for each in choose_documents(question, every)] == (chosen or names)


def test_short_documents_go_in_whole() -> None:
    result, prompts, lines = worked(
        "Compare offer A with offer B",
        document("offer-a.md", "It costs 10."),
        document("offer-b.md", "It costs 12."),
    )
    (prompt,) = prompts
    assert "It costs 10." in prompt
    assert prompt.endswith("Compare offer A with offer B")
    assert (result.text, lines) == ("Written.", [])


def test_a_long_document_is_read_in_parts_and_joined() -> None:
    result, prompts, lines = worked("Summarise this document", document("beds.md", *LONG))
    parts = split_into_parts(document("beds.md", *LONG).hits, 40)
    assert len(lines) == len(parts) > 1
    assert prompts[-1].endswith("Answer this with the text above: Summarise this document")
    assert result.text == "Written."


def test_each_document_of_a_folder_gets_a_line() -> None:
    documents = [document(f"{name}.md", *LONG) for name in ("a", "b")]
    _result, _prompts, lines = worked("Summarise my folder", *documents)
    assert [line.document.file for line in lines] == ["a.md", "b.md"]


def test_results_that_do_not_fit_are_joined_in_groups() -> None:
    documents = [document(f"{n}.md", *LONG) for n in range(8)]
    _result, prompts, _lines = worked("Summarise my folder", *documents, budget=60)
    assert all(token_estimate(prompt) < 200 for prompt in prompts)


def test_what_is_too_long_is_halved() -> None:
    def write(prompt: str) -> str | None:
        return None if prompt.count("Passage") > 1 else "Short."

    _result, _prompts, lines = worked(
        "Summarise this document", document("beds.md", *LONG), budget=120, write=write
    )
    assert len(lines) == len(LONG)


def test_a_list_holds_what_its_part_says_and_nothing_twice() -> None:
    written = "Here is the list:\n- Anna and Tom\n* Anna and Tom\n- Zebra Quantum Flux\nnone"
    _result, _prompts, lines = worked(
        "List all names in these files", document("beds.md", *LONG), write=lambda _prompt: written
    )
    assert [line.text for line in lines] == ["Anna and Tom"]


def test_entries_of_a_list_are_read_with_any_bullet() -> None:
    part = document("a.md", "Rent 900 euros. Deposit 2700 euros.").hits
    assert list_entries("1. Rent 900 euros\n• Deposit 2700 euros", part) == [
        "Rent 900 euros",
        "Deposit 2700 euros",
    ]


def test_a_translation_keeps_the_order_of_its_parts() -> None:
    _result, prompts, lines = worked("Translate beds.md into French", document("beds.md", *LONG))
    assert len(prompts) == len(lines) > 1
    assert all("into French" in prompt for prompt in prompts)


def test_each_line_has_a_source_and_verdicts() -> None:
    made = document("a.md", "The rent is 900 euros.", "The dog is brown.")
    answer = TaskAnswer(TaskKind.SUMMARY, several=True)
    answer.add_line(ReportLine(document=made, text="The rent is 900 euros.", part=made.hits))
    other = document("b.md", "Water is off in winter.")
    answer.add_line(ReportLine(document=other, text="It tells of pipes.", part=other.hits))
    composed = answer.compose(TaskResult(text="The rent is 900 euros."), "m", "print")
    lines = composed.text.splitlines()
    assert lines == [
        "The rent is 900 euros.",
        "",
        "- **a.md**: The rent is 900 euros.",
        "- **b.md**: It tells of pipes.",
    ]
    cited = [composed.text[each.start : each.end] for each in composed.citations]
    assert cited == ["The rent is 900 euros.", "The rent is 900 euros.", "It tells of pipes."]
    assert [source.file for source in composed.sources] == ["a.md", "b.md"]
    assert composed.sentences[0].verdict is SentenceVerdict.SUPPORTED


def test_parts_are_the_same_the_next_time() -> None:
    assert part_budget(4096) == part_budget(32_768) == 1200
    assert part_budget(512) == 300
