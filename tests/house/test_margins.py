"""Margins that differ at the sides are mirrored in a window that runs to the left."""

import ast

from tests.house.sources import called_name, calls, python_sources


def test_uneven_margins_begin_where_reading_begins() -> None:
    found = [
        source.place(call)
        for source in python_sources("desktop")
        for call in calls(source)
        if called_name(call) == "setContentsMargins"
        and len(call.args) == 4
        and ast.dump(call.args[0]) != ast.dump(call.args[2])
    ]
    assert not found, "use desktop.kit.reading_column.margins: " + ", ".join(found)
