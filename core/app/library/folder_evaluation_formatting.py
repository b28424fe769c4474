"""Folder evaluation in words: shares found by kind, reasons of misses, and advice."""

from collections.abc import Iterator

from msgspec import Struct

from core.base.errors import describe_error
from core.base.i18n import _, ngettext
from core.messages import FolderEvaluated, FolderQuestionResult

KINDS = ("heading", "sentence", "figure")
_FEW_FOUND = 0.8
_MOST_ADVICE_REASON = 3


class FoundShares(Struct, frozen=True, kw_only=True):
    """Of `count` questions the shares found among the first 1, 5 and k hits; `mrr` by rank.

    `in_file`: the share for which the right document is among the k hits, whatever its passage.
    """

    count: int
    first: float
    among_five: float
    among_all: float
    in_file: float
    mrr: float


def found_shares(result: FolderEvaluated, kind: str = "") -> FoundShares | None:
    """Return the shares of one kind of question, "" for all; None where none was asked."""
    asked = [each for each in result.questions if kind in {"", each.kind}]
    if not asked:
        return None
    count = len(asked)

    def share(most: int) -> float:
        return sum(0 < each.rank <= most for each in asked) / count

    return FoundShares(
        count=count,
        first=share(1),
        among_five=share(5),
        among_all=share(result.k),
        in_file=sum(each.file_rank > 0 for each in asked) / count,
        mrr=sum(1 / each.rank for each in asked if each.rank) / count,
    )


def kind_label(kind: str) -> str:
    """Return the words for a kind of question, "" for all of them."""
    return {
        "heading": _("headings"),
        "sentence": _("sentences"),
        "figure": _("figures"),
    }.get(kind, _("all questions"))


def describe_place(question: FolderQuestionResult) -> str:
    """Say at which place a passage was found, or why it wasn't."""
    if question.rank:
        return _("found, at place {rank}").format(rank=question.rank)
    reasons = {
        "common_words": _("its words stand in very many passages"),
        "repeated": _("other passages say nearly the same"),
        "same_file": _("another passage of the document came first"),
        "further_down": _("ranked at place {place}").format(place=question.place),
    }
    return reasons.get(question.reason, _("not ranked at all"))


def describe_unfindable(result: FolderEvaluated) -> Iterator[str]:
    """Yield a sentence for each kind of file that no search can find."""
    if result.waiting:
        yield ngettext(
            "{count} file is not read yet.", "{count} files are not read yet.", result.waiting
        ).format(count=result.waiting)
    if result.pictures:
        yield ngettext(
            "{count} file is only scanned pages, without text.",
            "{count} files are only scanned pages, without text.",
            result.pictures,
        ).format(count=result.pictures)
    for code, count in sorted(result.skipped.items(), key=lambda item: -item[1]):
        words = ngettext("{count} file: {reason}", "{count} files: {reason}", count)
        yield words.format(count=count, reason=describe_error(code, {})[0])
    if result.copies:
        yield ngettext(
            "{count} file is a copy of another; only one of them is found.",
            "{count} files are copies of others; only one of each is found.",
            result.copies,
        ).format(count=result.copies)


def list_advice(result: FolderEvaluated) -> Iterator[str]:
    """Yield what to do, the most useful first; that all is well if nothing is to be done."""
    shares = found_shares(result)
    if shares is None:
        yield _("No question could be made: add documents with running text, or let them be read.")
        return
    if result.waiting:
        yield _("Wait until the folder is read, and test it again.")
    if result.pictures:
        yield _("Turn “Read scans” on in the settings, and read the skipped files again.")
    if result.skipped:
        yield _("The list of skipped files says what each of them needs.")
    reasons = [each.reason for each in result.questions if not each.rank]
    if reasons.count("repeated") >= _MOST_ADVICE_REASON:
        yield _("Move old versions and copies into a folder of their own that is not read.")
    if reasons.count("common_words") >= _MOST_ADVICE_REASON:
        yield _("Ask with a name, a number or a word that only this document has.")
    if reasons.count("same_file") >= _MOST_ADVICE_REASON:
        yield _("The right document is found: ask it alone for what stands deep in it.")
    if shares.among_all < _FEW_FOUND:
        yield _("Put words of the document into the question; a reranker may help, too.")
    elif not (result.waiting or result.pictures or result.skipped):
        yield _("This folder is found well; nothing is to be done.")
