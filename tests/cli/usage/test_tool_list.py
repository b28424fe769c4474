"""The list of tools, as a table."""

from core.base.i18n import use_language
from tests.cli.conftest import Inglenook


def test_the_list_of_tools_has_columns_in_each_language(inglenook: Inglenook) -> None:
    use_language("de")
    try:
        lines = inglenook("tools", "list").out.splitlines()
    finally:
        use_language()
    second, third = lines[0].index("STAND"), lines[0].index("WAS SIE TUT")
    assert len(lines) > 4
    for line in lines[1:]:
        assert line[second - 2 : second] == line[third - 2 : third] == "  ", line
        assert line[third] != " ", line
