"""Job group: the jobs of one request, which ends when all of them have ended."""

from collections.abc import Callable


class JobGroup:
    """Counts the ends of jobs.

    `on_end` is called once, after the last job, and told whether any was cancelled. If a job fails,
    `on_failure` gets the first error instead.
    """

    def __init__(
        self, count: int, on_end: Callable[[bool], None], on_failure: Callable[[Exception], None]
    ) -> None:
        self.running = count
        self._on_end = on_end
        self._on_failure = on_failure
        self._was_cancelled = self._has_failed = False

    def end_job(self, reason: str) -> None:
        """Note that a job has ended."""
        self._was_cancelled |= reason == "cancelled"
        self.running -= 1
        if not self.running and not self._has_failed:
            self._on_end(self._was_cancelled)

    def fail_job(self, error: Exception) -> None:
        """Note that a job has failed."""
        self.running -= 1
        if not self._has_failed:
            self._has_failed = True
            self._on_failure(error)
