"""Task prompts: what the model is asked over one part of a document, and over the results.

The text stands first and one plain sentence after it, as small models read best; no rules follow.
"""

from collections.abc import Sequence

from core.chat.whole_documents.document_task import DocumentTask, TaskKind

PART_TOKENS = {
    TaskKind.SUMMARY: 160,
    TaskKind.LIST: 256,
    TaskKind.COMPARISON: 200,
    TaskKind.TRANSLATION: 1024,
}
"""The longest result of a part: of a translation, about what was read."""
RESULT_TOKENS = 512
_ASKED = {
    TaskKind.SUMMARY: "Summarise the text above in two or three sentences.",
    TaskKind.COMPARISON: "State the facts of the text above in a few sentences: names, amounts,"
    " dates, conditions.",
}


def part_prompt(task: DocumentTask, name: str, text: str) -> str:
    """Return what is asked over one part of the document called `name`."""
    if task.kind is TaskKind.TRANSLATION:
        return (
            f"{text}\n\nTranslate the text above into {task.language}. Write only the translation."
        )
    if task.kind is TaskKind.LIST:
        return f"{name}:\n{text}\n\n{task.question}\nWrite one entry per line."
    return f"{name}:\n{text}\n\n{_ASKED[task.kind]}{_language(task)}"


def short_prompt(task: DocumentTask, texts: Sequence[tuple[str, str]]) -> str:
    """Return what is asked over documents (name, text) that fit in whole."""
    blocks = "\n\n".join(f"{name}:\n{text}" for name, text in texts)
    return f"{blocks}\n\n{task.question}"


def joining_prompt(task: DocumentTask, texts: Sequence[str]) -> str:
    """Return what is asked to make one result of several."""
    joined = "\n\n".join(texts)
    return f"{joined}\n\nSummarise all of the above in one short paragraph.{_language(task)}"


def final_prompt(task: DocumentTask, texts: Sequence[str]) -> str:
    """Return what is asked over the results, in the person's own words."""
    joined = "\n\n".join(texts)
    return f"{joined}\n\nAnswer this with the text above: {task.question}"


def _language(task: DocumentTask) -> str:
    return f" Write in {task.language}." if task.language else ""
