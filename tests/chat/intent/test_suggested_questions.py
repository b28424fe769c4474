"""Suggested questions: made of titles and headings, each of them understood as what it asks."""

from core.chat.intent.message_intent import Intent, message_intent
from core.chat.library_answers.suggested_questions import suggest_questions
from core.messages import FoundFile


def file(name: str, title: str = "", words: int = 100) -> FoundFile:
    return FoundFile(
        folder_id="f",
        folder="G",
        file=name,
        path=f"/g/{name}",
        size=1,
        modified=0,
        title=title,
        words=words,
    )


def test_titles_and_headings_become_three_questions() -> None:
    files = [file("scan_0001.md", "Garden club > Membership fee"), file("trip_to_Lisbon.txt")]
    assert suggest_questions(files) == (
        "Summarise the document “Garden club”.",
        "What does “Garden club” say about “Membership fee”?",
        "Compare the documents “Garden club” and “trip to Lisbon”.",
    )


def test_one_file_without_headings_is_enough() -> None:
    questions = suggest_questions([file("lease.pdf")])
    assert len(questions) == 3
    intents = [message_intent(each, has_history=False) for each in questions]
    assert intents == [Intent.WHOLE, Intent.LIBRARY, Intent.LIBRARY]


def test_a_number_is_no_heading() -> None:
    questions = suggest_questions([file("a.md", "Boiler service > Part 1")])
    assert not any("Part 1" in each for each in questions)


def test_nothing_is_suggested_before_a_file_was_read() -> None:
    assert suggest_questions([file("lease.pdf", words=0)]) == ()
