"""Answer scores: what one reply is worth, by each metric that applies to its question."""

import unicodedata
from collections.abc import Sequence

from core.evaluation.answer_overlap import contains_all, exact_match, token_f1
from core.evaluation.answer_record import AnswerRecord
from core.evaluation.overlap_packages import ROUGE_KINDS, OverlapPackages

SCORE_NAMES = (
    "exact_match", "token_f1", "contains", "bleu", *ROUGE_KINDS, "bert_score", "citation_precision",
    "citation_recall", "supported", "contradicted", "judge",
)  # fmt: skip
"""Names of the scores, in the order of reports; each lies between 0 and 1."""
_RIGHT_F1 = 0.5


def score_overlap(record: AnswerRecord, packages: OverlapPackages) -> dict[str, float]:
    """Return the scores against the references; a reply that refuses what can be answered has 0.

    Nothing for questions that nothing answers: those are in the refusal table alone.
    """
    if not record.answerable:
        return {}
    scores: dict[str, float] = {}
    if record.must_contain:
        scores["contains"] = contains_all(record.reply, record.must_contain)
    if not record.answers:
        return scores
    scores["exact_match"] = exact_match(record.reply, record.answers)
    scores["token_f1"] = token_f1(record.reply, record.answers)
    bleu = packages.sentence_bleu(record.reply, record.answers)
    if bleu is not None:
        scores["bleu"] = bleu
    return {**scores, **packages.rouge(record.reply, record.answers)}


def score_citations(record: AnswerRecord) -> dict[str, float]:
    """Return precision and recall of the cited files; nothing where the set names no file.

    A reply that cites nothing has no precision.
    """
    right = {_file_key(each) for each in (record.file, *record.also_ok) if each}
    if not record.answerable or not right:
        return {}
    cited = [_names_one_of(each, right) for each in record.cited_files]
    scores = {"citation_recall": float(any(cited))}
    if cited:
        scores["citation_precision"] = sum(cited) / len(cited)
    return scores


def score_sentences(record: AnswerRecord) -> dict[str, float]:
    """Return the shares of the judged sentences; nothing for a reply without any."""
    judged = record.supported + record.contradicted + record.unproven
    if judged == 0 or record.is_refused:
        return {}
    return {"supported": record.supported / judged, "contradicted": record.contradicted / judged}


def is_right(record: AnswerRecord) -> bool:
    """Return whether a reply is right as a whole.

    Required strings decide, else half of the words of a reference; what nothing answers is right
    when it is refused.
    """
    if not record.answerable:
        return record.is_refused
    if record.is_refused:
        return False
    return has_right_words(record.reply, record.answers, record.must_contain)


def has_right_words(reply: str, answers: Sequence[str], must_contain: Sequence[str]) -> bool:
    """Return whether a reply has the required strings, or enough of a reference's words."""
    if must_contain:
        return bool(contains_all(reply, must_contain))
    if any(answer.strip() and contains_all(reply, (answer,)) for answer in answers):
        return True
    return token_f1(reply, answers) >= _RIGHT_F1


def _names_one_of(file: str, right: set[str]) -> bool:
    """Return whether a file is one of them; either may be named from a folder above."""
    key = _file_key(file)
    return any(
        key == each or key.endswith(f"/{each}") or each.endswith(f"/{key}") for each in right
    )


def _file_key(file: str) -> str:
    return unicodedata.normalize("NFC", file.replace("\\", "/")).casefold().strip("/")
