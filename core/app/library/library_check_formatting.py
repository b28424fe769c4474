"""Messages for the result of a library check."""

from core.base.i18n import _, ngettext
from core.messages import LibraryDamage, LibraryVerified


def describe_finding(finding: LibraryDamage) -> str:
    """Return one kind of damage, and what was done about it, as a sentence."""
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
    """Return the result of a check as a sentence."""
    if verified.findings:
        words = _("{passages} and {vectors} were checked and mended.")
    else:
        words = _("All is well: {passages} and {vectors} were checked.")
    passages = ngettext("{count} passage", "{count} passages", verified.passages)
    vectors = ngettext("{count} vector", "{count} vectors", verified.vectors)
    return words.format(
        passages=passages.format(count=verified.passages),
        vectors=vectors.format(count=verified.vectors),
    )
