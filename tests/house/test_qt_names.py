"""No attribute of a widget hides a method of Qt (`parent`, `update`, `actions`)."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator

from PySide6.QtCore import QObject

from tests.house.sources import Source, python_sources

NOT_SHADOWING = {"staticMetaObject"}


def own_qt_classes(source: Source) -> Iterator[type[QObject]]:
    if source.name.endswith("__main__.py"):
        return
    name = source.name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    module = importlib.import_module(name)
    for _, found in inspect.getmembers(module, inspect.isclass):
        if issubclass(found, QObject) and found.__module__ == module.__name__:
            yield found


def assigned_names(node: ast.ClassDef) -> Iterator[str]:
    """Return the names of attributes a class gives itself or its instances."""
    for part in ast.walk(node):
        targets = part.targets if isinstance(part, ast.Assign) else []
        if isinstance(part, ast.AnnAssign):
            targets = [part.target]
        for target in targets:
            in_body = part in node.body and isinstance(target, ast.Name)
            on_self = (
                isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and target.value.id == "self"
            )
            if in_body or on_self:
                yield target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")


def hidden_names(found: type[QObject]) -> set[str]:
    qt_base = next(base for base in found.__mro__ if base.__module__.startswith("PySide6"))
    tree = ast.parse(textwrap.dedent(inspect.getsource(found)))
    assert isinstance(tree.body[0], ast.ClassDef)
    return {name for name in assigned_names(tree.body[0]) if hasattr(qt_base, name)}


def test_no_attribute_hides_a_qt_method() -> None:
    found = [
        f"{one.__module__}.{one.__qualname__} hides {sorted(hidden)} of Qt"
        for source in python_sources("desktop")
        for one in own_qt_classes(source)
        if (hidden := hidden_names(one) - NOT_SHADOWING)
    ]
    assert not found, "\n".join(found)


def test_the_check_finds_what_it_looks_for() -> None:
    code = "class A:\n    update = Signal()\n    def f(self):\n        self.parent: int = 1\n"
    node = ast.parse(code).body[0]
    assert isinstance(node, ast.ClassDef)
    assert set(assigned_names(node)) == {"update", "parent"}
