"""Problem messages for the error codes that child processes report."""

from core.base.errors import describe_error
from core.chat.answering.answer_events import Problem, problem_of
from core.messages import Failed, FileSkipped

__all__ = ["describe_skipped", "problem_of", "problem_of_failure"]


def problem_of_failure(failure: Failed) -> Problem:
    """Put a failed request into words, in the current language."""
    message, hint = describe_error(failure.code, failure.facts)
    return Problem(code=failure.code, message=message, hint=hint)


def describe_skipped(skipped: FileSkipped) -> Problem:
    """Put the reason why a file gives no answers into words."""
    message, hint = describe_error(skipped.code, skipped.facts)
    return Problem(code=skipped.code, message=message, hint=hint)
