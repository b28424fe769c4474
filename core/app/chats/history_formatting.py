"""Imported history in words, for every front end."""

from core.app.chats.history_service import HistoryImported
from core.base.i18n import ngettext


def format_imported(imported: HistoryImported) -> str:
    """Return what an import has brought, in a sentence for each kind."""
    new, grown, known = imported.new, imported.grown, imported.known
    here = ngettext("{count} chat was here already.", "{count} chats were here already.", known)
    if known and not new and not grown:
        here = ngettext(
            "Nothing new: its {count} chat is here already.",
            "Nothing new: all {count} chats are here already.",
            known,
        )
    counted = [
        (new, ngettext("{count} chat was taken in.", "{count} chats were taken in.", new)),
        (
            grown,
            ngettext("{count} chat has new messages.", "{count} chats have new messages.", grown),
        ),
        (known, here),
        (
            imported.left_out,
            ngettext(
                "{count} chat was left out.", "{count} chats were left out.", imported.left_out
            ),
        ),
    ]
    shown = [words.format(count=count) for count, words in counted if count]
    return " ".join(shown) or counted[0][1].format(count=0)
