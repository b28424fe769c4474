"""Command `inglenook eval answers`: a set of questions asked, the replies scored and reported."""

import argparse
from collections.abc import Sequence

from msgspec import structs

from core.base.i18n import _
from core.base.settings.app_settings import AUTO
from core.cli.console import Console
from core.cli.evaluation.answer_collection import AnswerCollector, AskingOptions
from core.cli.evaluation.model_judging import ModelJudge
from core.cli.evaluation.similarity_measuring import measure_similarity
from core.cli.evaluation.summary_printing import print_summary, write_report
from core.cli.library.folder_command import resolve_folders
from core.cli.output_file import refuse_existing
from core.cli.sampling_arguments import sampling_from_options
from core.cli.session import Session
from core.cli.terminal import absolute_path, current_terminal
from core.evaluation.answer_record import FORMAT, AnswerRecord, EvaluationRun, ResultsFile
from core.evaluation.answer_scores import score_citations, score_overlap, score_sentences
from core.evaluation.answer_set import SetQuestion, read_answer_set, set_fingerprint
from core.evaluation.evaluation_summary import summarize_run
from core.evaluation.overlap_packages import OverlapPackages
from core.evaluation.question_sample import sample_questions

_SHAPING = (
    "preset", "temperature", "top_p", "top_k", "min_p", "seed", "thinking", "max_tokens",
    "repeat_penalty",
)  # fmt: skip
"""Options that are kept with a run: another one of them is another run."""


def evaluate_answers(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Ask what is not answered yet, score everything, print the summary."""
    refuse_existing(options.html, force=options.force)
    path = absolute_path(options.set)
    questions = sample_questions(read_answer_set(path), options.limit, options.sample_seed)
    folders = resolve_folders(session, console, options.folders)
    asking = _asking_options(session, options, tuple(each.folder_id for each in folders), questions)
    run = EvaluationRun(
        evaluation=FORMAT,
        set_name=path.stem,
        set_fingerprint=set_fingerprint(questions),
        model=options.model or _answering_model(session, questions),
        folders=tuple(folder.name for folder in folders),
        settings=_typed_settings(options),
    )
    results = ResultsFile(
        absolute_path(options.out)
        if options.out
        else current_terminal().folder / f"{path.stem}.results.jsonl"
    )
    records = results.begin_results(run)
    _ask_rest(session, console, asking, questions, records, results)
    answered = [records[each.id] for each in questions]
    answered = measure_similarity(session, console, answered)
    if options.judge:
        _grade_answers(session, console, options, results, answered)
    return report_records(console, options, results, run, answered)


def report_records(
    console: Console,
    options: argparse.Namespace,
    results: ResultsFile,
    run: EvaluationRun,
    records: Sequence[AnswerRecord],
) -> int:
    """Score the records, keep the scores, print the summary and write the report."""
    packages = OverlapPackages()
    scored = [score_record(record, packages) for record in records]
    results.replace_results(run, scored)
    console.clear_status()
    summary = summarize_run(run, scored, packages)
    print_summary(console, summary, results.path)
    if options.html:
        write_report(console, absolute_path(options.html), summary, scored)
    return 0


def score_record(record: AnswerRecord, packages: OverlapPackages) -> AnswerRecord:
    """Return a record with every score that needs no model; those of models stay."""
    if record.problem:
        return record
    scores = {
        **record.scores,
        **score_overlap(record, packages),
        **score_citations(record),
        **score_sentences(record),
    }
    return structs.replace(record, scores={name: round(value, 5) for name, value in scores.items()})


def _ask_rest(
    session: Session,
    console: Console,
    asking: AskingOptions,
    questions: Sequence[SetQuestion],
    records: dict[str, AnswerRecord],
    results: ResultsFile,
) -> None:
    """Ask what has no reply yet; each is on disk before the next is asked."""
    done = {record.id for record in records.values() if not record.problem}
    rest = [question for question in questions if question.id not in done]
    if done and rest:
        words = _("{done} of {total} are answered already; the rest is asked now.")
        console.print_note(words.format(done=len(done), total=len(questions)))
    asked = len(questions) - len(rest)
    with AnswerCollector(session, asking) as collector:
        if rest:
            console.show_progress(asked, len(questions), rest[0].question)
        for record in collector.collect_answers(rest):
            records[record.id] = record
            results.append_record(record)
            asked += 1
            console.show_progress(asked, len(questions), record.question)


def _grade_answers(
    session: Session,
    console: Console,
    options: argparse.Namespace,
    results: ResultsFile,
    records: list[AnswerRecord],
) -> None:
    """Let a model grade what it has not graded yet; each grade is on disk before the next."""
    waiting = [
        place
        for place, record in enumerate(records)
        if not record.problem and record.judge != options.judge
    ]
    judge = ModelJudge(session, options.judge, try_anyway=options.try_anyway)
    graded = judge.grade_answers([records[place] for place in waiting])
    for done, (place, record) in enumerate(zip(waiting, graded, strict=True), 1):
        records[place] = record
        results.append_record(record)
        console.show_progress(done, len(waiting), _("judging the answers"))


def _answering_model(session: Session, questions: Sequence[SetQuestion]) -> str:
    """Return the model that answers where none was named: another one is another run."""
    routing = session.app.routing
    if routing.is_auto:
        return AUTO
    return routing.route_question("", questions[0].question, None, grounded=False).entry.ref


def _asking_options(
    session: Session,
    options: argparse.Namespace,
    folder_ids: tuple[str, ...],
    questions: Sequence[SetQuestion],
) -> AskingOptions:
    grounded = bool(folder_ids) or any(question.passages for question in questions)
    choice = session.app.routing.route_question(
        options.model or "",
        questions[0].question,
        None,
        grounded=grounded,
        anyway=options.try_anyway,
    )
    general = session.app.model_settings.sampling_for(
        choice.entry.path, grounded=grounded, preset=options.preset
    )
    return AskingOptions(
        folder_ids=folder_ids,
        model=options.model or "",
        sampling=sampling_from_options(general, options),
        max_tokens=options.max_tokens,
        try_anyway=options.try_anyway,
        is_saved=options.keep,
    )


def _typed_settings(options: argparse.Namespace) -> dict[str, str]:
    typed = {name: getattr(options, name) for name in _SHAPING}
    return {name: str(value) for name, value in typed.items() if value not in {None, "", 0}}
