"""What is wrong with one rule: does its selector or pattern compile, do its options fit its source and its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import re2
from cssselect.parser import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from builder.catalogue import CATALOGUE_TYPES
from builder.config.problems import KeyPath, Problem, described, problem, quoted, suggest
from builder.config.values import SOURCES, UNITS, source_problem
from builder.fieldtypes import TYPES, TypeFacts, types_that
from builder.normalize.dateformat import compile_format
from builder.patterns import compile_pattern

MOST_PATTERN = 10_000
MOST_SELECTOR = 2_000

STRUCTURED = types_that(lambda known: known.is_value is None)
"""Types of the catalogue that no rule and no value of a config can be."""
UNORDERED = ("list<string>", *STRUCTURED)
"""Types that nothing can be sorted by."""
_TIMES = types_that(lambda known: known.is_time)
FOLDERS = {"value": types_that(lambda known: known.partitions_by_value), **dict.fromkeys(UNITS, _TIMES)}
"""Unit of a partition column -> the types of the fields that it may be of."""
_XPATH_CORE = """last position count id local-name namespace-uri name string concat starts-with contains
substring-before substring-after substring string-length normalize-space translate boolean not true false lang number
sum floor ceiling round comment text processing-instruction node and or div mod"""
_XPATH_FUNCTIONS = frozenset(_XPATH_CORE.split())
"""The core functions of XPath 1.0, node types, and operators, which may stand before a parenthesis too."""
_XPATH_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Names(NamedTuple):
    """The fields that a config may speak of: name -> type (None where the file's type is no type)."""

    known: Mapping[str, str | None]
    """The catalogue and the job's own fields: what rules and profiles may name."""
    dataset: Mapping[str, str | None]
    """What is published: what the rest may name."""


def check_rule(path: KeyPath, rule: Mapping[str, Any], name: str, names: Names) -> Iterator[Problem]:
    """Yield what is wrong with a rule for the field `name`."""
    sources = [source for source in SOURCES if rule.get(source) is not None]
    if len(sources) > 1:
        yield problem(path, source_problem(rule) or "")
    for key, compiled in (("css", css_problem), ("xpath", xpath_problem), ("jsonld", _dotted), ("header", _header)):
        if isinstance(rule.get(key), str):
            yield from _at((*path, key), compiled(rule[key]))
    for key in ("line", "url", "pattern", "until"):
        if isinstance(rule.get(key), str):
            yield from _at((*path, key), pattern_problem(rule[key]))
    drop = rule.get("drop")
    for place, pattern in [((), drop)] if isinstance(drop, str) else _strings(drop):
        yield from _at((*path, "drop", *place), pattern_problem(pattern))
    if "attr" in rule and sources and not {"css", "xpath"} & set(sources):
        yield problem((*path, "attr"), f"only with css or xpath, not with {sources[0]}")
    yield from _check_kind(path, rule, name, names)


def _check_kind(path: KeyPath, rule: Mapping[str, Any], name: str, names: Names) -> Iterator[Problem]:
    """Yield what does not fit the type of the field."""
    kind = names.known.get(name)
    form = rule.get("date")
    if isinstance(form, str):
        if kind not in (*_TIMES, None):
            yield problem((*path, "date"), f"only for date and timestamp fields; {name} is a {kind}")
        else:
            yield from _at((*path, "date"), format_problem(form))
    if "decimal" in rule and kind not in ("integer", "number", None):
        yield problem((*path, "decimal"), f"only for integer and number fields; {name} is a {kind}")
    if "split" in rule and kind not in ("list<string>", None):
        yield problem((*path, "split"), f"only for list<string> fields; {name} is a {kind}")
    for key in ("const", "value"):
        if rule.get(key) is not None:
            yield from _at((*path, key), value_problem(rule[key], kind))
    auto = rule.get("auto")
    if isinstance(auto, str) and auto not in CATALOGUE_TYPES:
        hint = suggest(auto, CATALOGUE_TYPES) or "; the generic extractor knows the fields of the catalogue"
        yield problem((*path, "auto"), f"unknown field {quoted(auto)}{hint}")
    if isinstance(auto, str) and CATALOGUE_TYPES.get(auto) in STRUCTURED:
        yield problem((*path, "auto"), f"{auto} is a {CATALOGUE_TYPES[auto]}, which is no value of another field")
    if auto is True and name in names.known and name not in CATALOGUE_TYPES:
        yield problem(
            (*path, "auto"), f"the generic extractor knows no {name}; write `auto: <catalogue field>` or a rule"
        )


def _at(path: KeyPath, message: str | None) -> Iterator[Problem]:
    if message:
        yield problem(path, message)


def _strings(value: object) -> Iterator[tuple[tuple[int, ...], str]]:
    if isinstance(value, list):
        yield from (((number,), entry) for number, entry in enumerate(value) if isinstance(entry, str))


@lru_cache(maxsize=4096)
def pattern_problem(pattern: str) -> str | None:
    r"""Say why RE2 does not take a pattern, or why its result is not one value; None for a good one.

    >>> pattern_problem(r"by ([^|]+)"), pattern_problem("(a)(b)")
    (None, '2 groups; a pattern gives one value: keep one (...), and make the others (?:...)')
    """
    compiled = _compiled(pattern)
    if isinstance(compiled, str):
        return compiled
    if compiled.groups > 1:
        return f"{compiled.groups} groups; a pattern gives one value: keep one (...), and make the others (?:...)"
    return None


def regex_problem(pattern: str) -> str | None:
    """Say why RE2 does not take a pattern of which only the match counts; None for a good one."""
    compiled = _compiled(pattern)
    return compiled if isinstance(compiled, str) else None


def _compiled(pattern: str) -> Any:
    """The pattern compiled, or a string that says why it cannot be."""
    if len(pattern) > MOST_PATTERN:
        return f"a pattern of {len(pattern)} characters; the most is {MOST_PATTERN}"
    try:
        return compile_pattern(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else b"not a pattern"
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return f"RE2 does not take this pattern: {reason[:200]}{_missing_in_re2(reason)}"


def _missing_in_re2(reason: str) -> str:
    """Name what users of other engines miss."""
    if "(?=" in reason or "(?!" in reason:
        return "; it has no lookahead"
    if "(?<" in reason:
        return "; it has no lookbehind"
    if re.search(r"escape sequence: \\[1-9]", reason):
        return "; it has no back-references"
    if "(?>" in reason or "bad repetition operator" in reason:
        return "; it has no atomic groups or possessive repetition"
    return ""


@lru_cache(maxsize=4096)
def css_problem(selector: str) -> str | None:
    """Say what is wrong with a CSS selector; None for a good one.

    >>> css_problem("div.byline > a"), css_problem("a::text")
    (None, 'Pseudo-elements are not supported; css gives the text, attr: an attribute')
    """
    if len(selector) > MOST_SELECTOR:
        return f"a selector of {len(selector)} characters; the most is {MOST_SELECTOR}"
    try:
        path = CSSSelector(selector, translator="html").path
    except RecursionError:
        return "a selector of too many parts"
    except (SelectorError, etree.XPathError, ValueError) as error:
        reason = (str(error) or "not a selector").rstrip(".")[:200]
        hint = "; css gives the text, attr: an attribute" if "Pseudo-elements" in reason else ""
        return f"{reason}{hint}"
    if re.search(r"(?<!css):", _bare(path)):  # lxml's own __lxml_internal_css: is for :contains()
        return "a namespace prefix; pages have none"
    return None


@lru_cache(maxsize=4096)
def xpath_problem(expression: str) -> str | None:
    """Say what is wrong with an XPath 1.0 expression; None for a good one. It reaches nothing but the page.

    >>> xpath_problem("//h1/text()"), xpath_problem("document('x')")
    (None, 'no function document() here; XPath 1.0 has its core functions only')
    """
    if len(expression) > MOST_SELECTOR:
        return f"an expression of {len(expression)} characters; the most is {MOST_SELECTOR}"
    try:
        etree.XPath(expression)
    except (etree.XPathError, ValueError) as error:
        return f"{(str(error) or 'not an XPath')[:200]}"
    bare = _bare(expression)
    prefix = re.search(r"([\w.-]+)\s*:", bare)
    if prefix:
        return f"the prefix {quoted(prefix[1])}: pages have none, and extension functions are not allowed"
    if "$" in bare:
        return "variables ($name) are not defined here"
    for function in re.findall(r"([\w.-]+)\s*\(", bare):
        if function not in _XPATH_FUNCTIONS:
            return f"no function {function}() here; XPath 1.0 has its core functions only"
    return None


def _bare(expression: str) -> str:
    """Drop the literals and axes of an XPath, so that what is left of colons and parentheses means something."""
    return re.sub(r"[\w-]+\s*::", "", _XPATH_LITERAL.sub("''", expression))


def format_problem(form: str) -> str | None:
    """Say what is wrong with a strptime format; None for a good one. It must tell the day: nothing is filled in.

    >>> format_problem("%d-%m-%Y %H:%M %Z"), format_problem("%H:%M")
    (None, 'the format lacks the year (%Y), the month and the day; nothing is filled in')
    """
    if len(form) > 200:
        return "a format of more than 200 characters"
    try:
        compile_format(form)
    except ValueError as error:
        return str(error)
    return None


def value_problem(value: object, kind: str | None) -> str | None:
    """Say why a value of the file is none for a field of this type; None where it is, or where the type is not known.

    >>> value_problem(True, "boolean"), value_problem("yes", "boolean")
    (None, 'the string "yes" is no boolean; write true or false')
    """
    known = TYPES.get(kind or "", TypeFacts())
    if known.is_value is None or known.is_value(value) or isinstance(value, list | dict):
        return None  # lists and mappings are refused by the models
    return f"{described(value)} is no {kind}; write {known.wanted}"


def _dotted(path: str) -> str | None:
    parts = path.split(".")
    if not all(part and part == part.strip() for part in parts):
        return "not a dotted path; write `headline` or `author.name`"
    if any(part.isdecimal() or re.search(r"[\[\]$*]|:/", part) for part in parts):
        return (
            "keys alone make a path, from the object that describes the page; lists are walked through: `author.name`"
        )
    return None


def _header(name: str) -> str | None:
    return None if _HEADER_NAME.fullmatch(name) else f"{quoted(name)} is not the name of an HTTP header"
