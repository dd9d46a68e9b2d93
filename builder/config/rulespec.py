"""One rule of a config as a frozen model: where on a page a value stands, and what is done with what is found there.

Whether its selector or pattern compiles, and whether it fits its field, is decided in `rules`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from builder.config.settings import FROZEN
from builder.config.values import (
    SOURCES,
    Auto,
    Many,
    Patterns,
    Scalar,
    Text,
    Value,
    one_or_many,
    refuse,
    source_problem,
)


class Rule(BaseModel):
    """Where a value stands (exactly one of SOURCES), and what is done with what is found there."""

    model_config = FROZEN

    css: Text | None = None
    """CSS selector: the text of the elements, one value a block, or their attribute `attr`."""
    xpath: Text | None = None
    """XPath 1.0: as `css`; what an expression counts or asks is a value too, 0 and false as well."""
    line: Text | None = None
    """RE2 pattern: the visible lines that it finds, of each its group 1 or the whole match."""
    jsonld: Text | None = None
    """Dotted path of keys into the JSON-LD object that describes the page: `author.name`."""
    meta: Text | None = None
    """Content of the `<meta>` of that name or property."""
    microdata: Text | None = None
    """Values of that itemprop: its attribute for machines, else its text."""
    header: Text | None = None
    """HTTP header of that name."""
    capture: Literal["fetched_at", "http_status", "page_url", "record_id", "input"] | None = None
    """What the dump says of the capture: fetched_at, http_status, page_url, record_id or input."""
    url: Text | None = None
    """RE2 pattern: what it finds in the URL as captured, its group 1 or the whole match."""
    auto: Auto | None = None
    """With `true` what would be found for this field without rules; with the name of another field, for that."""
    const: Value | None = None
    """Always this value."""

    attr: Text | None = None
    """With `css` and `xpath`: the attribute that is taken instead of the text."""
    pattern: Text | None = None
    """RE2: of each value group 1, or the whole match; a value that it does not find is left out."""
    date: Text | None = None
    """Of date and timestamp fields: how the date is written, in the words of strptime: `%d.%m.%Y, %H:%M`."""
    decimal: Literal[".", ","] | None = None
    """The decimal mark of numbers, where a page writes them as others write thousands."""
    split: Text | None = None
    """Of `list<string>` fields: what stands between the values of one text."""
    drop: Patterns = ()
    """RE2, one or several: values that one of them finds are left out."""
    until: Text | None = None
    """RE2: the first value that it finds is left out, and all behind it."""
    value: Value | None = None
    """What is given instead of every value that is left."""

    @model_validator(mode="after")
    def _one_source(self) -> Rule:
        problem = source_problem(self.__dict__)
        if problem:
            refuse(problem)
        return self

    @property
    def source(self) -> str:
        """Which of SOURCES this rule takes its values from."""
        return next(source for source in SOURCES if getattr(self, source) is not None)

    @property
    def argument(self) -> Scalar:
        """What is given to the source: the selector, the path, the pattern, ..."""
        argument: Scalar = getattr(self, self.source)
        return argument


OneOrMany = BeforeValidator(one_or_many, json_schema_input_type=Rule | tuple[Rule, ...])
Rules = Annotated[tuple[Rule, ...], Many, Field(min_length=1), OneOrMany]
