"""Command `inglenook eval ratings`: what people rated, as a set of questions and as results."""

import argparse
from collections.abc import Iterator

from msgspec import structs

from core.base.errors import StorageError
from core.base.i18n import _
from core.chat.conversations.conversation import Conversation, Role, Turn
from core.cli.console import Console
from core.cli.evaluation.answer_command import report_records
from core.cli.output_file import refuse_existing
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.evaluation.answer_record import FORMAT, AnswerRecord, EvaluationRun, ResultsFile
from core.evaluation.refusal_phrases import is_refusal


def exchange_ratings(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Write every rated answer into a file, or take the ratings of a run's answers into it."""
    results = ResultsFile(absolute_path(options.file))
    written = options.html if options.take else options.file
    refuse_existing(written, force=options.force)
    if options.take:
        return _import_ratings(session, console, options, results)
    records = [
        record
        for chat_id in sorted(session.app.chats.chat_ids())
        for record in _rated_records(session.app.chats.load_conversation(chat_id))
    ]
    run = EvaluationRun(evaluation=FORMAT, set_name=results.path.stem)
    results.replace_results(run, records)
    good = sum(record.rating == 1 for record in records)
    if console.as_json:
        fields = {"file": str(results.path), "good": good, "bad": len(records) - good}
        console.print_json(fields)
    else:
        words = _("{good} answers rated good and {bad} rated bad are in {path}.")
        console.print_line(words.format(good=good, bad=len(records) - good, path=results.path))
    return 0


def _import_ratings(
    session: Session, console: Console, options: argparse.Namespace, results: ResultsFile
) -> int:
    """Add people's ratings to the answers of a run that was kept as chats; report it anew."""
    run, records = results.read_results()
    rated = [_with_rating(session, record) for record in records.values()]
    return report_records(console, options, results, run, rated)


def _with_rating(session: Session, record: AnswerRecord) -> AnswerRecord:
    """Return a record with the rating that its answer has by now, if its chat is still there."""
    if not record.chat_id:
        return record
    try:
        turn = session.app.chats.load_conversation(record.chat_id).turns.get(record.turn_id)
    except StorageError:  # it was deleted, or never kept
        return record
    if turn is None or not turn.rating:
        return record
    return structs.replace(record, rating=turn.rating, rating_note=turn.rating_note)


def _rated_records(chat: Conversation) -> Iterator[AnswerRecord]:
    for turn in chat.turns.values():
        question = chat.turns.get(turn.parent_id or "")
        if turn.rating and turn.role is Role.ASSISTANT and question is not None:
            yield _rated_record(chat, question, turn)


def _rated_record(chat: Conversation, question: Turn, turn: Turn) -> AnswerRecord:
    """Return a rated answer; a good one is the reference of its question."""
    files = {source.n: source.file for source in turn.sources}
    cited = dict.fromkeys(files[each.n] for each in turn.citations if each.n in files)
    refused = turn.statistics.is_refused or is_refusal(turn.text)
    is_good = turn.rating > 0
    return AnswerRecord(
        id=turn.turn_id,
        question=question.text,
        answers=(turn.text,) if is_good and not refused else (),
        answerable=not (is_good and refused),
        reply=turn.text,
        model=turn.model,
        verdict=turn.statistics.verdict,
        is_refused=refused,
        cited_files=tuple(cited),
        read_files=tuple(dict.fromkeys(files.values())),
        rating=turn.rating,
        rating_note=turn.rating_note,
        completion_tokens=turn.statistics.completion_tokens,
        stop=turn.statistics.stop,
        chat_id=chat.chat_id,
        turn_id=turn.turn_id,
    )
