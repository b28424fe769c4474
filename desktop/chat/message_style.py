"""The style sheet of what is written in a message."""

from desktop.colours import Colours

_STYLE = """
p, li {{ line-height: 130%; }}
p {{ margin-top: 0px; margin-bottom: 10px; }}
ul, ol {{ margin-top: 0px; margin-bottom: 10px; }}
li {{ margin-bottom: 4px; }}
ul.tasks {{ list-style-type: none; }}
h3, h4, h5, h6 {{ margin-top: 12px; margin-bottom: 6px; font-weight: 600; }}
h3 {{ font-size: large; }}
h4, h5, h6 {{ font-size: medium; }}
blockquote {{ color: {muted}; margin-left: 16px; margin-right: 16px; }}
code, pre {{ font-family: monospace; }}
code {{ background-color: {code}; }}
code.maths {{ background-color: transparent; color: {muted}; }}
table.code {{ background-color: {code}; margin-bottom: 10px; }}
table.code pre {{ background-color: {code}; margin: 0px; }}
table.grid {{ border-collapse: collapse; border-style: solid; border-width: 1px;
  border-color: {line}; margin-bottom: 10px; }}
table.grid td, table.grid th {{ border: 1px solid {line}; padding: 4px 8px; }}
table.grid th {{ background-color: {code}; font-weight: 600; }}
table.note {{ color: {muted}; }}
table.note p {{ margin-bottom: 4px; }}
hr {{ background-color: {line}; }}
img {{ vertical-align: middle; }}
a.cite {{ color: {accent}; text-decoration: none; font-weight: 600; }}
a.link {{ color: {accent}; text-decoration: underline; }}
"""


def sheet(colours: Colours) -> str:
    """Return the style sheet in these colours."""
    return _STYLE.format(
        muted=colours.muted, code=colours.code, line=colours.line, accent=colours.accent
    )
