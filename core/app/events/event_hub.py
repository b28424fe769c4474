"""Event hub: where the services of an application and its front ends meet."""

import queue
from collections.abc import Callable

from core.app.events.app_events import AppEvent


class EventHub:
    """Carries events out to every front end, and calls in from other threads.

    All methods belong to the application's thread, but for `wake` and `call_soon`.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.wake = wake
        """Has the application's thread call `App.process_events` soon; any thread may call it."""
        self._listeners: list[Callable[[AppEvent], object]] = []
        self._calls: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()

    def subscribe(self, listener: Callable[[AppEvent], object]) -> Callable[[], None]:
        """Call `listener` with each event until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, event: AppEvent) -> None:
        """Tell every listener, in the order in which they subscribed."""
        for listener in tuple(self._listeners):
            listener(event)

    def call_soon(self, function: Callable[[], object]) -> None:
        """Have the next `App.process_events` call a function, which handles its own errors.

        Any thread may call this: it is how a front end with a thread of its own makes requests.
        """
        self._calls.put(function)
        self.wake()

    def run_calls(self) -> None:
        """Call what was given to `call_soon` before this moment."""
        for _number in range(self._calls.qsize()):
            self._calls.get_nowait()()
