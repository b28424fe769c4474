"""Task steps: a task over documents as a generator, which says what it needs next and is sent it.

It knows no engine and no library: whoever runs it sends the text of each step, and decides where
that comes from. A part that was too long for the model is sent back as None and halved.
"""

from collections.abc import Generator, Sequence
from typing import TypeAlias

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern
from core.chat.whole_documents.document_parts import (
    Part,
    group_texts,
    part_text,
    split_into_parts,
    token_estimate,
)
from core.chat.whole_documents.document_task import DocumentTask, TaskDocument, TaskKind
from core.chat.whole_documents.task_prompts import (
    PART_TOKENS,
    RESULT_TOKENS,
    final_prompt,
    joining_prompt,
    part_prompt,
    short_prompt,
)


class LoadPassages(Struct, frozen=True, kw_only=True):
    """Step: send the passages of a document, as tuple[SearchHit, ...]."""

    document: TaskDocument


class AskModel(Struct, frozen=True, kw_only=True):
    """Step: send what the model writes, None if the prompt is too long for it."""

    prompt: str
    max_tokens: int
    document: TaskDocument | None = None
    """The only document it rests on, None for several."""
    is_shown: bool = False
    """Whether it is all of the result, and may be shown while it is written."""


class ReportProgress(Struct, frozen=True, kw_only=True):
    """Step: nothing is sent; so many documents, words of them and parts are done."""

    documents: int
    words: int


class ReportLine(Struct, frozen=True, kw_only=True):
    """Step: nothing is sent; one more line of the result, and the passages it was made from."""

    document: TaskDocument
    text: str
    part: Part


class TaskResult(Struct, frozen=True, kw_only=True):
    """What came of a task: a text over all, and the passages where it was made of them itself."""

    text: str = ""
    part: Part = ()


TaskStep: TypeAlias = LoadPassages | AskModel | ReportProgress | ReportLine
Steps: TypeAlias = Generator[TaskStep, object, TaskResult]
_Texts: TypeAlias = Generator[TaskStep, object, list[tuple[str, Part]]]
_BULLET = lazy_pattern(r"^\s*(?:[-*+•–]|\d{1,3}[.)])\s+")
_NOTHING = lazy_pattern(
    r"(?i)^\W*(?:none|nothing|no entries|keine?|aucune?|ninguno|لا يوجد|无|没有)\W*$"
)
_WORD = lazy_pattern(r"[^\W_]{3,}")
LEAST_SHARE = 0.5
"""Share of a list entry's words that its part must hold; a small model makes entries up."""
TRANSLATED_TOKENS = 400
"""Tokens of a part that is translated: what is written is as long."""
_SHORTEST_CUT = 200


def run_task(task: DocumentTask, documents: Sequence[TaskDocument], budget: int) -> Steps:
    """Work a task; `budget` is the tokens of a part."""
    if task.kind is TaskKind.TRANSLATION:
        budget = min(budget, TRANSLATED_TOKENS)
    elif task.kind is not TaskKind.LIST:
        loaded = yield from _load_if_short(documents, budget)
        if loaded:
            return (yield from _work_in_whole(task, loaded))
    results: list[str] = []
    words = 0
    for done, document in enumerate(documents):
        yield ReportProgress(documents=done, words=words)
        texts = yield from _work_document(task, document, budget, is_only=len(documents) == 1)
        results += texts
        words += document.words
    yield ReportProgress(documents=len(documents), words=words)
    if task.kind in {TaskKind.LIST, TaskKind.TRANSLATION} or not results:
        return TaskResult()
    return (yield from _join(task, results, budget))


def _load_if_short(
    documents: Sequence[TaskDocument], budget: int
) -> Generator[TaskStep, object, list[tuple[TaskDocument, Part]]]:
    """Return the documents with their passages if all of them fit into one part, else nothing."""
    if sum(each.words for each in documents) > budget:
        return []
    loaded: list[tuple[TaskDocument, Part]] = []
    for document in documents:
        part = yield from _load(document)
        loaded.append((document, part))
    size = sum(token_estimate(part_text(part)) for _document, part in loaded)
    return loaded if size <= budget else []


def _work_in_whole(task: DocumentTask, loaded: Sequence[tuple[TaskDocument, Part]]) -> Steps:
    """Ask once over short documents; too long after all, over the first half of each."""
    texts = [(document.file, part_text(part)) for document, part in loaded]
    only = loaded[0][0] if len(loaded) == 1 else None
    while True:
        text = yield AskModel(
            prompt=short_prompt(task, texts),
            max_tokens=RESULT_TOKENS,
            document=only,
            is_shown=True,
        )
        if isinstance(text, str):
            break
        if max(len(each) for _name, each in texts) < _SHORTEST_CUT:
            return TaskResult()
        texts = [(name, each[: len(each) // 2]) for name, each in texts]
    yield ReportProgress(documents=len(loaded), words=0)
    return TaskResult(text=text, part=tuple(hit for _document, part in loaded for hit in part))


def _work_document(
    task: DocumentTask, document: TaskDocument, budget: int, *, is_only: bool
) -> Generator[TaskStep, object, list[str]]:
    """Work one document; return the texts that the result over all is made of."""
    part = yield from _load(document)
    texts: list[tuple[str, Part]] = []
    seen: set[str] = set()
    for each in split_into_parts(part, budget):
        for text, read in (yield from _work_part(task, document, each)):
            if task.kind is TaskKind.LIST:
                for entry in list_entries(text, read):
                    if entry.casefold() not in seen:
                        seen.add(entry.casefold())
                        yield ReportLine(document=document, text=entry, part=read)
                continue
            texts.append((text, read))
            if is_only or task.kind is TaskKind.TRANSLATION:
                yield ReportLine(document=document, text=text, part=read)
    if not texts or is_only or task.kind is TaskKind.TRANSLATION:
        return [text for text, _part in texts]
    text = texts[0][0]
    if len(texts) > 1:
        text = yield from _join_texts(task, [each for each, _part in texts], budget, document)
    yield ReportLine(document=document, text=text, part=part)
    return [f"{document.file}:\n{text}"]


def _work_part(task: DocumentTask, document: TaskDocument, part: Part) -> _Texts:
    """Ask over one part, or over its halves where it is too long."""
    text = part_text(part)
    while True:
        prompt = part_prompt(task, document.file, text)
        written = yield AskModel(
            prompt=prompt, max_tokens=PART_TOKENS[task.kind], document=document
        )
        if isinstance(written, str):
            return [(written.strip(), part)] if written.strip() else []
        if len(part) > 1:
            middle = len(part) // 2
            first = yield from _work_part(task, document, part[:middle])
            return first + (yield from _work_part(task, document, part[middle:]))
        if len(text) < _SHORTEST_CUT:
            return []
        text = text[: len(text) // 2]


def _join(task: DocumentTask, texts: Sequence[str], budget: int) -> Steps:
    """Make one text of the results, in the person's own words at last."""
    if len(texts) == 1 and task.kind is TaskKind.SUMMARY:
        return TaskResult()
    joined = yield from _shorten(task, texts, budget, None)
    written = yield AskModel(prompt=final_prompt(task, joined), max_tokens=RESULT_TOKENS)
    return TaskResult(text=written.strip() if isinstance(written, str) else "")


def _join_texts(
    task: DocumentTask, texts: Sequence[str], budget: int, document: TaskDocument
) -> Generator[TaskStep, object, str]:
    joined = yield from _shorten(task, texts, budget, document)
    written = yield AskModel(
        prompt=joining_prompt(task, joined), max_tokens=PART_TOKENS[task.kind], document=document
    )
    return written.strip() if isinstance(written, str) and written.strip() else texts[0]


def _shorten(
    task: DocumentTask, texts: Sequence[str], budget: int, document: TaskDocument | None
) -> Generator[TaskStep, object, list[str]]:
    """Join texts in groups until all of them fit into one prompt."""
    left = list(texts)
    while len(left) > 1 and sum(map(token_estimate, left)) > budget:
        shorter: list[str] = []
        for group in group_texts(left, budget):
            written = yield AskModel(
                prompt=joining_prompt(task, group),
                max_tokens=PART_TOKENS[TaskKind.SUMMARY],
                document=document,
            )
            shorter.append(written.strip() if isinstance(written, str) else group[0])
        if len(shorter) == len(left):
            return left[:1]
        left = shorter
    return left


def _load(document: TaskDocument) -> Generator[TaskStep, object, Part]:
    if document.hits:
        return document.hits
    loaded = yield LoadPassages(document=document)
    return loaded if isinstance(loaded, tuple) else ()


def list_entries(text: str, part: Part) -> list[str]:
    """Return the entries of a list that a model wrote, without those that its part doesn't hold."""
    known = {word.casefold() for word in _WORD.findall(part_text(part))}
    file = part[0].file.casefold() if part else ""
    entries = []
    for line in text.splitlines():
        entry = _BULLET.sub("", line).strip().strip("*").strip()
        words = [word.casefold() for word in _WORD.findall(entry)]
        if not words or entry.endswith(":") or _NOTHING.match(entry):
            continue
        held = sum(word in known or word in file for word in words)
        if held >= LEAST_SHARE * len(words):
            entries.append(entry)
    return entries
