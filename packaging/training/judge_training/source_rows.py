"""Rows of sources in the form that the judge is trained from, and the cleaning of their texts."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

Row = dict[str, Any]
LABELS = {
    "SUPPORTS": "supported",
    "REFUTES": "contradicted",
    "entailment": "supported",
    "contradiction": "contradicted",
    "neutral": "unsupported",
    "e": "supported",
    "c": "contradicted",
    "n": "unsupported",
}
"""Labels of published sets as ours."""
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-COLON-": ":"}
_QUOTES = {"``": '"', "''": '"'}
_SPACE_BEFORE = re.compile(r"\s+([.,;:!?)\]%]|n't\b|'s\b|'re\b|'ve\b|'ll\b|'d\b|'m\b|' )")
_SPACE_BEHIND = re.compile(r"([(\[$])\s+")
_SPACED_HYPHEN = re.compile(r"(\w) - (\w)")
_LOOKED_BACK = 200


def question_row(
    group: object,
    question: str,
    context: str,
    *,
    answer: tuple[str, int] | None = None,
    answerable: bool = True,
    lang: str = "en",
    **more: object,
) -> Row:
    """Return a question's row; `answer` is its text and where in the context it starts."""
    return {
        "kind": "qa",
        "lang": lang,
        "group": str(group),
        "question": question.strip(),
        "context": context,
        "answers": [answer[0]] if answer else [],
        "starts": [answer[1]] if answer else [],
        "answerable": answerable,
        **more,
    }


def found_answer(
    group: object,
    question: str,
    context: str,
    answer: str,
    lang: str = "en",
    start: int | None = None,
) -> Iterator[Row]:
    """Yield the row of a question whose answer stands in the context, nothing if it doesn't."""
    if start is None or context[start : start + len(answer)] != answer:
        start = context.find(answer)
    if start >= 0 and answer:
        yield question_row(group, question, context, answer=(answer, start), lang=lang)


def statement_row(
    group: object,
    statement: str,
    evidence: str | list[str],
    label: str,
    lang: str = "en",
    **more: object,
) -> Row:
    """Return a statement's row."""
    return {
        "kind": "nli",
        "lang": lang,
        "group": str(group),
        "statement": statement.strip(),
        "evidence": evidence,
        "label": label,
        **more,
    }


def squad_rows(articles: Iterable[Any], lang: str, name: str) -> Iterator[Row]:
    """Yield the rows of articles in the form of SQuAD, with a title or numbered."""
    for number, article in enumerate(articles):
        group = article.get("title") or f"{name}-{number}"
        for paragraph in article["paragraphs"]:
            context = paragraph["context"]
            for each in paragraph["qas"]:
                if each.get("is_impossible"):
                    yield question_row(
                        group, each["question"], context, answerable=False, lang=lang
                    )
                elif each.get("answers"):
                    first = each["answers"][0]
                    yield from found_answer(
                        group,
                        each["question"],
                        context,
                        first["text"],
                        lang,
                        first.get("answer_start"),
                    )


def window(context: str, start: int, size: int) -> str:
    """Return so many characters around a place, from the beginning of a sentence if one is near."""
    if len(context) <= size:
        return context
    left = max(0, min(start - size // 2, len(context) - size))
    cut = context.rfind(". ", max(0, left - _LOOKED_BACK), left + 1)
    left = cut + 2 if cut >= 0 else left
    return context[left : left + size]


def joined_tokens(text: str) -> str:
    """Return the text of a set that was cut into tokens, written as usual."""
    for token, sign in (_BRACKETS | _QUOTES).items():
        text = text.replace(token, sign)
    text = _SPACE_BEHIND.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text))
    return re.sub(r"\s+", " ", _SPACED_HYPHEN.sub(r"\1-\2", text)).strip()


def headed(title: str, text: str) -> str:
    """Return a text with its title before it, unless the title's first word stands in it."""
    first = title.split(" (", maxsplit=1)[0].split(maxsplit=1)[0]
    return text if first in text else f"{title}: {text}"
