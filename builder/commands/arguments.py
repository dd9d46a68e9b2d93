"""Arguments that several verbs take."""

from __future__ import annotations

from typing import Any

import click

from builder.storage.path import url_problem
from builder.storage.place import Place, place_of

_EMPTY = "an empty path"


class PlaceType(click.ParamType[Place]):
    """A path, or the URL of an object in a store. A class, for click asks for one."""

    name = "path"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Place:
        """The place that is meant. Refuses nothing, a URL with credentials in it, and one of no known store."""
        if isinstance(value, str) and (problem := url_problem(value) if value else _EMPTY) is not None:
            self.fail(problem)
        return place_of(value) if isinstance(value, str) else value


def source(value: str) -> str:
    """What may be a place, and is kept as it was written; nothing is not the folder that one stands in."""
    if not value:
        raise click.BadParameter(_EMPTY)
    return value


PLACE = PlaceType()
WORKERS = click.option("--workers", type=click.IntRange(1, 100_000), show_default="one a core", help="Tasks at once.")
