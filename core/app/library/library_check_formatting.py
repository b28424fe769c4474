"""Messages for the result of a library check."""

from core.base.i18n import _, ngettext
from core.messages import LibraryDamage, LibraryVerified


def describe_finding(finding: LibraryDamage) -> str:
    """Return what was wrong and what was done about it."""
    number = finding.count
    match finding.kind:
        case "texts":
            words = ngettext(
                "The text of {count} file was not whole; it is read again.",
                "The texts of {count} files were not whole; they are read again.",
                number,
            )
        case "words":
            words = ngettext(
                "The word index lacked {count} text; it has it again.",
                "The word index lacked {count} texts; it has them again.",
                number,
            )
        case "vectors":
            words = ngettext(
                "{count} vector was damaged; it was made anew.",
                "{count} vectors were damaged; they were made anew.",
                number,
            )
        case "leftovers":
            words = ngettext(
                "{count} vector belonged to nothing; it was removed.",
                "{count} vectors belonged to nothing; they were removed.",
                number,
            )
        case _:
            return _("The search index differed; it is built anew, and exact search answers.")
    return words.format(count=number)


def describe_library_check(verified: LibraryVerified) -> str:
    """Return how a check ended, in one sentence."""
    if verified.findings:
        told = _("{passages} passages and {vectors} vectors were checked and mended.")
    else:
        told = _("All is well: {passages} passages and {vectors} vectors were checked.")
    return told.format(passages=verified.passages, vectors=verified.vectors)
