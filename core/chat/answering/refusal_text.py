"""Refusal texts: what the app itself says where the documents don't answer a question."""

from collections.abc import Sequence

from core.base.i18n import N_, _
from core.chat.answering.answer_request import AnswerRequest
from core.chat.conversations.conversation import Source
from core.messages import SearchVerdict

APP_NAME = "Inglenook"
"""Author of what the app says itself."""
NEAREST_PLACES = 3
_MISSING = {
    "phone": N_("The documents speak of this, but the nearest passages name no phone number."),
    "email": N_("The documents speak of this, but the nearest passages name no e-mail address."),
    "percentage": N_("The documents speak of this, but the nearest passages name no percentage."),
    "money": N_("The documents speak of this, but the nearest passages name no price or amount."),
    "weight": N_("The documents speak of this, but the nearest passages name no weight."),
    "age": N_("The documents speak of this, but the nearest passages name no age."),
    "time": N_("The documents speak of this, but the nearest passages name no time of day."),
    "duration": N_("The documents speak of this, but the nearest passages don't say how long."),
    "temperature": N_("The documents speak of this, but the nearest passages name no temperature."),
    "calories": N_("The documents speak of this, but the nearest passages name no calories."),
    "count": N_("The documents speak of this, but the nearest passages don't say how many."),
    "reference": N_("The documents speak of this, but the nearest passages name no such number."),
}
"""By the names of `resources/judging/asked_values.toml`."""


def other_subject_text(asked: str, found: str) -> str:
    """Say that the documents speak of what was `found`, not of what was asked; "" for nothing."""
    if not found:
        return ""
    text = _("The documents speak of “{found}”, not of “{asked}”.")
    return text.format(found=found, asked=asked)


def missing_value_text(name: str) -> str:
    """Say that the nearest passages lack the kind of value that is asked for; "" for none."""
    sentence = _MISSING.get(name, "")
    return _(sentence) if sentence else ""


def refusal_text(
    request: AnswerRequest,
    verdict: str,
    nearest: Sequence[Source],
    reason: str,
    *,
    all_read: bool,
) -> str:
    """Say that the documents don't answer; if they treat the subject, name the nearest places.

    Unless `all_read`, it speaks of what has been read, not of the folders. `reason`: a sentence
    saying why they don't answer, "" where no more is known.
    """
    if verdict != SearchVerdict.ON_TOPIC or not nearest:
        return _nothing_found_text(request) if all_read else _nothing_found_yet_text(request)
    places = list(dict.fromkeys(_place(source) for source in nearest))[:NEAREST_PLACES]
    named = " · ".join(places)
    if reason:
        return f"{reason} {_('Nearest: {places}.').format(places=named)}"
    text = _("The documents speak of this, but I found no answer. Nearest: {places}.")
    return text.format(places=named)


def _nothing_found_text(request: AnswerRequest) -> str:
    names = [request.folder_names.get(folder_id, "") for folder_id in request.folder_ids]
    if len(names) == 1:
        return _("Nothing about this was found in the folder “{name}”.").format(name=names[0])
    return _("Nothing about this was found in these folders: {names}.").format(
        names=", ".join(names)
    )


def _nothing_found_yet_text(request: AnswerRequest) -> str:
    names = [request.folder_names.get(folder_id, "") for folder_id in request.folder_ids]
    if len(names) == 1:
        text = _("Nothing about this was found in what is read of the folder “{name}” so far.")
        return text.format(name=names[0])
    text = _("Nothing about this was found in what is read of these folders so far: {names}.")
    return text.format(names=", ".join(names))


def _place(source: Source) -> str:
    """Return a file with page or heading."""
    if source.page is not None:
        return _("{file}, page {page}").format(file=source.file, page=source.page)
    heading = source.heading.rpartition(" > ")[2]
    return f"{source.file} ({heading})" if heading else source.file
