"""HTML that holds other people's words: escaped, set apart from the page's own, and without any script."""

import re
from collections.abc import Iterable, Mapping
from html import escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
color: #111 } h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem;
border-bottom: 1px solid #999 } table { border-collapse: collapse; width: 100% }
td, th { border: 1px solid #bbb; padding: .3rem .5rem; text-align: left; vertical-align: top;
overflow-wrap: anywhere } th { background: #eee } dt { font-weight: 600 } dd { margin: 0 0 .3rem 1rem }
dd, td, p { overflow-wrap: anywhere } bdi { white-space: pre-wrap }
@media print { body { margin: 0; max-width: none } h2, tr { break-inside: avoid } }
"""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def head(title: str) -> str:
    """Return the beginning of a page; the title is ours."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n"
    )


END = "</body></html>\n"


def words(text: object) -> str:
    """Return somebody's words, which can neither be markup nor turn the page's own direction."""
    return f"<bdi>{escape(_CONTROLS.sub(' ', str(text)))}</bdi>"


def link(name: str, shown: str | None = None) -> str:
    """Return a link to a file of the archive."""
    return f'<a href="{escape(name)}">{escape(shown or name)}</a>'


def value(content: object) -> str:
    """Return any JSON value as nested lists; what is not told is left out."""
    if isinstance(content, Mapping):
        told = [(name, each) for name, each in content.items() if each not in (None, "", [], {})]
        return f"<dl>{''.join(f'<dt>{words(name)}</dt><dd>{value(each)}</dd>' for name, each in told)}</dl>"
    if isinstance(content, list):
        return f"<ul>{''.join(f'<li>{value(each)}</li>' for each in content)}</ul>"
    return words(content)


def table_head(titles: Iterable[str]) -> str:
    """Begin a table; the titles are ours."""
    return f"<table><tr>{''.join(f'<th>{title}</th>' for title in titles)}</tr>\n"


def table_row(cells: Iterable[str]) -> str:
    """Return a row of cells that are markup already."""
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


TABLE_END = "</table>\n"
