"""Replies: the answers to single requests, as callbacks on the thread that polls."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

from core.base.errors import InglenookError
from core.messages import Failed

Progress = TypeVar("Progress")
Result = TypeVar("Result")
Other = TypeVar("Other")
NextProgress = TypeVar("NextProgress")


class Reply(Generic[Progress, Result]):
    """The answer to one request: any number of progress values, then one result or one failure.

    It belongs to the thread of its client and its callbacks run there, in the order in which they
    were registered. A callback that is registered after the end is called at once. A party that no
    longer cares calls `detach`; where several care, each gets a reply of its own from `share`.
    """

    def __init__(self, request_id: str = "", cancel: Callable[[], None] = lambda: None) -> None:
        """`cancel` asks whoever works on the request to stop."""
        self.request_id = request_id
        self._cancel = cancel
        self._on_progress: list[Callable[[Progress], object]] = []
        self._on_done: list[Callable[[Result], object]] = []
        self._on_error: list[Callable[[Failed], object]] = []
        self._result: Result | None = None
        self._failure: Failed | None = None
        self.is_done = False
        """Whether the result or the failure has come."""

    @classmethod
    def finished(cls, result: Result) -> "Reply[Progress, Result]":
        """Return a reply whose result is known without asking anyone."""
        reply: Reply[Progress, Result] = cls()
        reply.finish(result)
        return reply

    @property
    def result(self) -> Result | None:
        """The result, None before it has come and after a failure."""
        return self._result

    @property
    def failure(self) -> Failed | None:
        """Why there is no result, None unless the request has failed."""
        return self._failure

    def on_progress(self, callback: Callable[[Progress], object]) -> Self:
        """Call `callback` with each progress value until the end."""
        self._on_progress.append(callback)
        return self

    def on_done(self, callback: Callable[[Result], object]) -> Self:
        """Call `callback` with the result."""
        if self.is_done and self._failure is None:
            callback(self._result)  # type: ignore[arg-type]  # None may be a result
        elif not self.is_done:
            self._on_done.append(callback)
        return self

    def on_error(self, callback: Callable[[Failed], object]) -> Self:
        """Call `callback` if the request fails."""
        if self._failure is not None:
            callback(self._failure)
        elif not self.is_done:
            self._on_error.append(callback)
        return self

    def cancel(self) -> None:
        """Ask for the end of the work; the last event still comes, mostly Failed(CANCELLED)."""
        if not self.is_done:
            self._cancel()

    def detach(self) -> None:
        """Forget all callbacks: nobody is interested any more. The work goes on."""
        self._on_progress.clear()
        self._on_done.clear()
        self._on_error.clear()

    def share(self) -> "Reply[Progress, Result]":
        """Return a reply of its own for another party: detaching one leaves the others."""
        return self.convert(lambda result: result)

    def convert(
        self,
        function: Callable[[Result], Other],
        recover: Callable[[Failed], Other] | None = None,
    ) -> "Reply[Progress, Other]":
        """Return a reply with the result as `function` converts it.

        `recover` gives a result in the place of a failure. An InglenookError that either raises
        becomes the failure.
        """
        converted: Reply[Progress, Other] = Reply(self.request_id, self.cancel)

        def end_with(make_value: Callable[[Any], Other]) -> Callable[[Any], None]:
            def end(outcome: object) -> None:
                try:
                    value = make_value(outcome)
                except InglenookError as error:
                    converted.fail(Failed.from_error(self.request_id, error))
                else:
                    converted.finish(value)

            return end

        self.on_progress(converted.report)
        self.on_error(end_with(recover) if recover else converted.fail)
        self.on_done(end_with(function))
        return converted

    def then(
        self, function: Callable[[Result], "Reply[NextProgress, Other]"]
    ) -> "Reply[Progress | NextProgress, Other]":
        """Return a reply that ends as the one does that `function` returns for the result.

        An InglenookError that it raises becomes the failure.
        """
        whole: Reply[Progress | NextProgress, Other] = Reply(self.request_id, self.cancel)

        def go_on(next_reply: "Reply[NextProgress, Other]") -> None:
            whole._cancel = next_reply.cancel
            next_reply.on_progress(whole.report).on_error(whole.fail).on_done(whole.finish)

        self.on_progress(whole.report)
        self.convert(function).on_error(whole.fail).on_done(go_on)
        return whole

    # ------------------------------------------------------------ the side that answers

    def report(self, progress: Progress) -> None:
        """Pass on a progress value."""
        for callback in tuple(self._on_progress):
            callback(progress)

    def finish(self, result: Result) -> None:
        """End with a result; a reply that has ended stays as it is."""
        if not self.is_done:
            self.is_done, self._result = True, result
            self._call(self._on_done, result)

    def fail(self, failure: Failed) -> None:
        """End without a result; a reply that has ended stays as it is."""
        if not self.is_done:
            self.is_done, self._failure = True, failure
            self._call(self._on_error, failure)

    def _call(self, callbacks: list[Callable[[Any], object]], value: object) -> None:
        called = tuple(callbacks)
        self.detach()
        for callback in called:
            callback(value)
