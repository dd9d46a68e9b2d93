"""Arguments that several verbs take."""

from __future__ import annotations

from typing import Any

import click

from builder.storage.path import url_problem
from builder.storage.place import Place, place_of


class PlaceType(click.ParamType[Place]):
    """A path, or the URL of an object in a store. A class, for click asks for one."""

    name = "path"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Place:
        """The place that is meant. Refuses a URL with credentials in it, and one of no known store."""
        if isinstance(value, str) and (problem := url_problem(value)) is not None:
            self.fail(problem)
        return place_of(value) if isinstance(value, str) else value


PLACE = PlaceType()
