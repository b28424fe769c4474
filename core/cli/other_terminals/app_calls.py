"""Calls on an application from the thread of a guest's command."""

import dataclasses
import enum
import inspect
import threading
from collections.abc import Callable
from pathlib import PurePath
from types import FunctionType, GeneratorType
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct

from core.app.app import App
from core.app.usage.asking_origin import COMMAND_LINE, asked_by
from core.ipc.reply import Reply

Result = TypeVar("Result")

_PATIENCE_SECONDS = 5.0
"""How long a call is still waited for after whoever asked has left."""
_VALUES = (
    str, int, float, bytes, type(None), tuple, list, dict, set, frozenset, PurePath, enum.Enum,
    Struct, BaseException, Reply, type, FunctionType,
)  # fmt: skip
"""What is handed over as it is; other objects of `core` are called on their own thread."""


class CallAbandoned(Exception):  # noqa: N818 - the guest has left, nobody is told
    """The application's thread did not take a call, and nobody waits for it any more."""


class AppCalls:
    """Runs functions on the application's thread and waits for them."""

    def __init__(self, app: App, has_left: Callable[[], bool]) -> None:
        """`has_left` tells whether whoever waits is gone."""
        self._app = app
        self._has_left = has_left

    def guest_app(self) -> App:
        """Return an application whose services do their work on its own thread."""
        return cast("App", _Remote(self._app, self))

    def run(self, function: Callable[[], Result]) -> Result:
        """Return what `function` returns there, or raise what it raises."""

        def ask() -> Result:
            with asked_by(COMMAND_LINE):
                return function()

        call: _Call[Result] = _Call(ask)
        self._app.call_soon(call.run)
        while not call.ended.wait(_PATIENCE_SECONDS):
            if self._has_left():
                raise CallAbandoned
        return call.result()

    def wrap(self, value: Any) -> Any:  # noqa: ANN401 - whatever a service has
        """Return a value as it is, a service as one that works on its own thread."""
        if isinstance(value, GeneratorType):
            return self.run(lambda: tuple(value))
        if inspect.ismethod(value) or inspect.isbuiltin(value):
            return lambda *given, **named: self._call(value, given, named)
        is_value = isinstance(value, _VALUES) or dataclasses.is_dataclass(value)
        is_ours = type(value).__module__.startswith("core.")
        return _Remote(value, self) if is_ours and not is_value else value

    def _call(
        self,
        method: Callable[..., Any],
        given: tuple[Any, ...],
        named: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - whatever a service returns
        arguments = [_target(each) for each in given]
        options = {name: _target(each) for name, each in named.items()}
        return self.wrap(self.run(lambda: method(*arguments, **options)))


class _Call(Generic[Result]):
    """One function on its way to the application's thread, and what came of it."""

    def __init__(self, function: Callable[[], Result]) -> None:
        self._function = function
        self._results: list[Result] = []
        self._error: BaseException | None = None
        self.ended = threading.Event()

    def run(self) -> None:
        """Call the function; on the application's thread."""
        try:
            self._results.append(self._function())
        except BaseException as error:  # noqa: BLE001 - raised where it was called
            self._error = error
        self.ended.set()

    def result(self) -> Result:
        """Return the result, or raise the error."""
        if self._error is not None:
            raise self._error
        return self._results[0]


class _Remote:
    """An object of the application. Methods and properties run on its thread."""

    def __init__(self, target: object, calls: AppCalls) -> None:
        self._target = target
        self._calls = calls

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the object has
        target = self._target
        if isinstance(getattr(type(target), name, None), property):
            return self._calls.wrap(self._calls.run(lambda: getattr(target, name)))
        return self._calls.wrap(getattr(target, name))


def _target(value: Any) -> Any:  # noqa: ANN401 - whatever is passed
    return value._target if isinstance(value, _Remote) else value  # noqa: SLF001 - the same module
