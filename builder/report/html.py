"""The few pieces of HTML that the report is made of.

`Html` is what is safe to put into a page: the type checker refuses any other string, and only `text` makes it of one.
That, and no dependency, is what these hundred lines have before a template engine.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import NewType

from builder.printable import printable

Html = NewType("Html", str)
_MOST = 400
"""Characters of a value; a URL may have a million."""
_FORMULA = re.compile(r"[=@+-](?![0-9.,]*(?:[0-9]e[+-]?[0-9]+)?$)")
"""How a cell begins that a spreadsheet takes for a formula when the table is pasted into it; numbers may."""


def text(value: object, most: int = _MOST) -> Html:
    r"""Any value as text of a page: nothing in it is markup, a control character, or a formula.

    >>> text("<b>\x1b</b>"), text("=cmd|' /C calc'!A0"), text("-5"), text("-1e+11")
    ('&lt;b&gt;\\x1b&lt;/b&gt;', '&#x27;=cmd|&#x27; /C calc&#x27;!A0', '-5', '-1e+11')
    """
    words = printable(str(value))
    words = words if len(words) <= most else words[: most - 1] + "…"
    return Html(escape(f"'{words}" if _FORMULA.match(words) else words))


def joined(parts: Iterable[Html], between: str = "") -> Html:
    """Pieces one behind the other."""
    return Html(escape(between).join(parts))


def element(name: str, *inner: Html, **attributes: str) -> Html:
    """An element; `class_` is the attribute `class`, and `_` in names of attributes stands for `-`.

    >>> element("td", text("a & b"), class_="number")
    '<td class="number">a &amp; b</td>'
    """
    stated = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(printable(value))}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{stated}>{''.join(inner)}</{name}>")


def table(head: Sequence[str], rows: Iterable[Sequence[Html]], numbers: Iterable[int] = ()) -> Html:
    """A table; columns at the positions `numbers` are set as numbers are."""
    right = set(numbers)

    def line(kind: str, cells: Sequence[Html]) -> Html:
        made = (element(kind, c, **({"class_": "number"} if at in right else {})) for at, c in enumerate(cells))
        return element("tr", *made)

    body = [line("td", row) for row in rows]
    whole = element("table", element("thead", line("th", [text(name) for name in head])), element("tbody", *body))
    return element("div", whole, class_="wide")


def bar(count: int, total: int, kind: str = "rows") -> Html:
    """A bar that is filled by `count` of `total`."""
    return stacked([(kind, count)], total)


def stacked(counts: Sequence[tuple[str, int]], total: int) -> Html:
    """One bar of several counts that are parts of `total`: (kind, count), the kind being a class of the style sheet."""
    rects, at = [element("rect", class_="track", width="100", height="8")], 0.0
    for kind, count in counts:
        width = 100 * count / total if total else 0.0
        if count:
            rects.append(element("rect", class_=kind, x=f"{at:.3f}", width=f"{width:.3f}", height="8"))
        at += width
    label = ", ".join(f"{kind} {percent(count, total)}" for kind, count in counts)
    return element(
        "svg", *rects, class_="bar", viewBox="0 0 100 8", preserveAspectRatio="none", role="img", aria_label=label
    )


def percent(count: int, total: int) -> str:
    """The share in percent; never all or nothing where it is not.

    >>> percent(1, 3), percent(9999, 10000), percent(1, 10**6), percent(0, 0)
    ('33.3 %', '> 99.9 %', '< 0.1 %', '–')
    """
    if not total:
        return "–"
    if count in (0, total):
        return "100 %" if count else "0 %"
    share = 100 * count / total
    return "< 0.1 %" if share < 0.05 else "> 99.9 %" if share >= 99.95 else f"{share:.1f} %"


def size(count: int) -> str:
    """Bytes for people.

    >>> size(900), size(5 * 2**20)
    ('900 B', '5.0 MiB')
    """
    amount, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:,.1f} {unit}"


def page(title: str, *body: Html) -> bytes:
    """A document of its own: no script, nothing from elsewhere, and a policy that lets none in."""
    style = files("builder.report").joinpath("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = (
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"{element('title', text(title))}\n<style>{style}</style>"
    )
    main = element("main", *(Html(f"{part}\n") for part in body))
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{main}\n</body>\n</html>\n'.encode()
