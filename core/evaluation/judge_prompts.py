"""Judge prompts: what a model is asked that grades answers, and how its grade is read.

A model prefers what it reads first, or last: each grade is asked for twice, the two texts once in
either order, and a preference counts only if it is the same both times.
"""

import re
from collections.abc import Sequence

from core.evaluation.answer_record import AnswerRecord

GRADES = 5
GRADE_SCHEMA = (
    '{"type":"object","properties":{"grade":{"type":"integer","minimum":1,"maximum":5}},'
    '"required":["grade"],"additionalProperties":false}'
)
PREFERENCE_SCHEMA = (
    '{"type":"object","properties":{"better":{"enum":["A","B","equal"]}},'
    '"required":["better"],"additionalProperties":false}'
)
_RUBRIC = """\
Grade the answer to the question, by the reference:
5: it says what the reference says, and nothing that is wrong
4: it says it, with something small missing or too much
3: it says half of it
2: it says little of it, or mixes it with something wrong
1: it is wrong, says nothing of it, or refuses to answer
Length, style and politeness don't count."""
_PREFERENCE = """\
Two answers to the same question. Which one is better: right by the reference, whole, and free of
what is wrong? Length, style and politeness don't count. If neither is better, they are equal."""
_NOTHING = "The documents don't say. A right answer says so and makes nothing up."
_NO_REFERENCE = "(none: judge by what you know, and by whether the answer fits the question)"
_LONGEST = 4000
"""Characters of an answer that a judge reads."""


def grade_prompts(record: AnswerRecord) -> tuple[str, str]:
    """Return the two prompts that ask for a grade, the reference once before and once after."""
    reference = f"Reference:\n{_reference(record)}"
    answer = f"Answer:\n{_shortened(record.reply)}"
    end = 'Write the grade alone, as JSON: {"grade": 1 to 5}'
    head = f"{_RUBRIC}\n\nQuestion:\n{record.question}"
    return (
        f"{head}\n\n{reference}\n\n{answer}\n\n{end}",
        f"{head}\n\n{answer}\n\n{reference}\n\n{end}",
    )


def preference_prompts(one: AnswerRecord, other: AnswerRecord) -> tuple[str, str]:
    """Return the two prompts that ask which is better: `one` as A, then `one` as B."""
    head = f"{_PREFERENCE}\n\nQuestion:\n{one.question}\n\nReference:\n{_reference(one)}"
    end = 'Write which is better, as JSON: {"better": "A", "B" or "equal"}'

    def prompt(first: AnswerRecord, second: AnswerRecord) -> str:
        texts = f"Answer A:\n{_shortened(first.reply)}\n\nAnswer B:\n{_shortened(second.reply)}"
        return f"{head}\n\n{texts}\n\n{end}"

    return prompt(one, other), prompt(other, one)


def read_grade(reply: str) -> int | None:
    """Return the grade, 1 to 5; None for a reply without one."""
    found = re.search(r'"?grade"?\s*[:=]?\s*"?([1-5])\b', reply, re.IGNORECASE)
    if found is None:
        found = re.search(r"(?<![\d./])([1-5])(?![\d/]|\.\d)", reply)
    return int(found[1]) if found else None


def combine_grades(grades: Sequence[int | None]) -> float | None:
    """Return the mean of the grades as a score from 0 to 1; None unless there are both."""
    read = [grade for grade in grades if grade is not None]
    if len(read) < 2:
        return None
    return (sum(read) / len(read) - 1) / (GRADES - 1)


def read_preference(reply: str) -> str:
    """Return "A", "B" or "equal"; "" for a reply without any."""
    found = re.search(r'"better"\s*:\s*"(A|B|equal)"', reply)
    if found is None:
        found = re.search(r"\b(A|B|equal)\b", reply)
    return found[1] if found else ""


def combine_preferences(first: str, swapped: str) -> int | None:
    """Return 1 if the one of `preference_prompts` is better both times, -1 if the other is.

    0 where the two orders disagree or both are equal; None where a reply could not be read.
    """
    if not first or not swapped:
        return None
    ahead = {"A": 1, "B": -1, "equal": 0}
    one, two = ahead[first], -ahead[swapped]
    return one if one == two else 0


def _reference(record: AnswerRecord) -> str:
    if not record.answerable:
        return _NOTHING
    wanted = record.answers[:3] or record.must_contain
    return "\n".join(wanted) or _NO_REFERENCE


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} […]"
