"""Jinja sandbox that limits access, memory and time of a hostile template.

- Access: Jinja's immutable sandbox, narrowed to the filters, methods and globals named here;
  nothing can be loaded, included or extended.
- Memory: each operation whose result can be larger than its operands is checked before (`+`, `*`,
  `**`, `%`, `~`, join, replace, padding) or right after it (lists and all results); `MAX_TEXT` and
  `MAX_ITEMS` limit every value, `MAX_OUTPUT` all output, captured or not.
- Time: every loop iteration, macro, block, call, filter, test and comparison checks the clock, and
  so does every statement and expression while it is compiled. Processor time counts, so that a busy
  machine refuses no template.
  Between two checks runs a part of the template itself over limited values. This needs no signal,
  thread or trace function, so it works the same on three systems and in any thread.
"""

import datetime as dt
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import Undefined, nodes, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.filters import FILTERS
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from core.base.i18n import _
from core.engine.chat_template.template_limits import (
    MAX_CODE,
    MAX_ITEMS,
    RenderGuard,
    check_call,
    check_operands,
    check_value,
)

_FILTERS = """
    abs capitalize count d default dictsort e escape first float indent int items join last length
    list lower map max min reject rejectattr replace reverse round safe select selectattr sort
    string title trim unique upper
"""
_TEXT_METHODS = """
    capitalize count endswith find index isalnum isalpha isdigit islower isspace isupper
    join lower lstrip partition removeprefix removesuffix replace rfind rindex rpartition rsplit
    rstrip split splitlines startswith strip title upper
"""
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(_TEXT_METHODS.split()),
    dict: frozenset(["get", "items", "keys", "values"]),
    list: frozenset(["count", "index"]),
    tuple: frozenset(["count", "index"]),
    int: frozenset(),
    float: frozenset(),
}
_GLOBALS = ("range", "dict", "namespace")
_CHARGE, _JOIN, _BOUND, _ALLOW = "_charge", "_join", "_bound", "_allow"


class _Generation(Extension):
    """Hugging Face's `{% generation %}`, which marks training data; it is ignored here."""

    tags = {"generation"}  # noqa: RUF012 - declared so by the base class

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the nodes between the tags."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _GuardedParser(Parser):
    """A parser that checks the time."""

    environment: "TemplateSandbox"

    def parse_statement(self) -> nodes.Node | list[nodes.Node]:
        """Parse a statement if there is time left."""
        self.environment.guard.check_time()
        return super().parse_statement()

    def parse_unary(self, with_filter: bool = True) -> nodes.Expr:  # noqa: FBT001, FBT002 - as its base
        """Parse a part of an expression if there is time left."""
        self.environment.guard.check_time()
        return super().parse_unary(with_filter)


class _GuardedGenerator(CodeGenerator):
    """A generator of Python code that checks the time."""

    environment: "TemplateSandbox"

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Write the code of a node if there is time left."""
        self.environment.guard.check_time()
        return super().visit(node, *args, **kwargs)


class _GuardInserter(NodeTransformer):
    """Inserts checks of time and size into a template before it is compiled."""

    def __init__(self, guard: RenderGuard) -> None:
        self._guard = guard

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Visit a node if there is time left."""
        self._guard.check_time()
        return super().visit(node, *args, **kwargs)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - the visitor's naming
        self._charge(node)
        if node.test is not None:
            true = nodes.Const(True)  # noqa: FBT003 - a node takes its fields by place
            node.test = nodes.And(_filter(true, _ALLOW), node.test)
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802
        return self._charge(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        return self._charge(node)

    def visit_Block(self, node: nodes.Block) -> nodes.Node:  # noqa: N802
        return self._charge(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes), _JOIN)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = _filter(node.expr, _ALLOW)
        return node

    def visit_Test(self, node: nodes.Test) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.node = _filter(node.node, _ALLOW)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        return self._bounded(node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        return self._bounded(node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        return self._bounded(node) if node.ctx == "load" else node

    def visit_Import(self, _node: nodes.Import) -> nodes.Node:  # noqa: N802
        raise SecurityError(_("it wants to load another template"))

    visit_FromImport = visit_Include = visit_Extends = visit_Import  # noqa: N815

    def _bounded(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        return _filter(node, _BOUND)

    def _charge(self, node: Any) -> nodes.Node:  # noqa: ANN401 - any of four kinds with a body
        own = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        own += sum(len(str(const.value)) for const in node.find_all(nodes.Const))
        self.generic_visit(node)
        node.body.insert(0, nodes.Output([_filter(nodes.Const(own), _CHARGE)]))
        return node  # type: ignore[no-any-return]


def _filter(node: nodes.Expr, name: str) -> nodes.Expr:
    return nodes.Filter(node, name, [], [], None, None)


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """An environment for one template at a time; `guard` belongs to the current rendering."""

    intercepted_binops = frozenset(["+", "-", "*", "**", "%", "/", "//"])
    code_generator_class = _GuardedGenerator

    def __init__(self, guard: RenderGuard) -> None:
        """`guard` is that of compiling; each rendering sets its own."""
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self._written,
            extensions=[loopcontrols, _Generation],
        )
        self.guard = guard
        self.globals = {name: self.globals[name] for name in _GLOBALS}
        self.globals |= {"raise_exception": _raise_exception, "strftime_now": _strftime_now}
        self.filters = {name: self._metered(name, FILTERS[name]) for name in _FILTERS.split()}
        self.filters["tojson"] = self._metered("tojson", _to_json)
        self.filters |= {
            # Filters with the context are not computed while compiling.
            _CHARGE: pass_context(lambda _context, characters: self._charge(characters)),
            _ALLOW: pass_context(lambda _context, value: self._allow(value)),
            _BOUND: pass_context(lambda _context, value: check_value(value)),
            _JOIN: pass_context(lambda _context, parts: self._join(parts)),
        }

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401
        code = super()._generate(_GuardInserter(self.guard).visit(source), *args, **kwargs)
        if len(code) > MAX_CODE:
            raise SecurityError(_("it is too long"))
        return code

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _GuardedParser(self, source, name, filename).parse()

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        """Allow only the listed methods of plain values."""
        for kind, allowed in _METHODS.items():
            if isinstance(obj, kind):
                return attr in allowed
        return bool(super().is_safe_attribute(obj, attr, value))

    def wrap_str_format(self, _value: Any) -> None:  # noqa: ANN401
        """Wrap nothing: `str.format`, which pads without limit, is not among the methods."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Compute `left operator right` if the result is within the limits."""
        self.guard.check_time()
        check_operands(operator, left, right)
        result = super().call_binop(context, operator, left, right)
        return check_value(result) if isinstance(result, list | tuple) else result

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call `obj` after checks of time and arguments."""
        self.guard.check_time()
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str):
            args = tuple(list(arg) if isinstance(arg, Iterator) else arg for arg in args)
            check_call(obj.__name__, owner, args, kwargs)
        result = super().call(context, obj, *args, **kwargs)
        return check_value(result) if isinstance(result, str | list | tuple | dict) else result

    def _metered(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        place = 1 if hasattr(function, "jinja_pass_arg") else 0

        @functools.wraps(function)
        def metered(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            self.guard.check_time()
            value = args[place]
            if isinstance(value, Iterator):
                value = self._counted(value)
            if name == "join":
                value = [value] if isinstance(value, str) else check_value(list(value))
            check_call(name, value, args[place + 1 :], kwargs)
            result = function(*args[:place], value, *args[place + 1 :], **kwargs)
            return check_value(result) if isinstance(result, str | list | tuple | dict) else result

        return metered

    def _counted(self, values: Iterable[Any]) -> Iterator[Any]:
        for count, value in enumerate(values):
            self.guard.check_time()
            if count > MAX_ITEMS:
                raise SecurityError(_("it builds a value that is too large"))
            yield value

    def _charge(self, characters: int) -> str:
        self.guard.check_time()
        self.guard.count_output(characters)
        return ""

    def _allow(self, value: Any) -> Any:  # noqa: ANN401
        self.guard.check_time()
        return value

    def _written(self, value: Any) -> Any:  # noqa: ANN401
        if not isinstance(value, Undefined):
            self.guard.count_output(len(str(check_value(value))))
        return value

    @staticmethod
    def _join(parts: list[Any]) -> str:
        return "".join(str(part) for part in check_value(parts))


def _raise_exception(message: str) -> None:
    raise TemplateError(message)


def _strftime_now(form: str) -> str:
    if len(form) > 100 or re.search(r"\d", form):  # glibc pads "%999999999d"
        raise SecurityError(_("it pads a date"))
    return dt.datetime.now().astimezone().strftime(form)


def _to_json(
    value: Any,  # noqa: ANN401
    ensure_ascii: bool = False,  # noqa: FBT001, FBT002 - as templates call it
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,  # noqa: FBT001, FBT002
) -> str:
    """Write `value` as JSON the way Hugging Face's templates expect: no HTML escapes."""
    if indent is not None and indent > 8:
        raise SecurityError(_("it pads a text"))
    return json.dumps(
        check_value(value),
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )
