"""The JSON Schemas of job files and site files, for editors: they complete keys and mark mistakes by them.

They are made of the models, so they say what those do: keys, types, ranges. What needs more than one place at a time
only `build-dataset` finds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema

from builder.config.models import FieldSpec, JobConfig, SiteFile
from builder.config.values import SOURCES, UNITS

SCHEMAS: Mapping[str, str] = {"job": "job.schema.json", "site": "site.schema.json"}
"""Kind of file -> its schema, shipped in this package."""


def config_schema(kind: str) -> str:
    """JSON Schema (2020-12) of a job file or of a site file."""
    return json.dumps(_job() if kind == "job" else _site(), indent=1, ensure_ascii=False) + "\n"


def _job() -> dict[str, Any]:
    """A field is a name, or a mapping of one name to what a FieldSpec says besides."""
    schema = _head("Job of build-dataset") | JobConfig.model_json_schema()
    field = FieldSpec.model_json_schema()
    schema["$defs"] |= field.pop("$defs")
    del field["properties"]["name"], field["required"]
    schema["$defs"]["FieldSettings"] = field | {"title": "FieldSettings"}
    listed = schema["properties"]["fields"]["anyOf"][0]
    listed["items"]["anyOf"][1] = _one_key({"additionalProperties": {"$ref": "#/$defs/FieldSettings"}})
    levels = schema["properties"]["partition_by"]["items"]["anyOf"]
    levels[1] |= {"type": "object", "oneOf": [_with_key(unit, True) for unit in (*UNITS, "value")],
                  "dependentRequired": {"value": ["as"]}}  # fmt: skip
    return _with_sources(schema, "Job of build-dataset")


def _site() -> dict[str, Any]:
    return _with_sources(_head("Site of build-dataset") | SiteFile.model_json_schema(), "Site of build-dataset")


def _head(title: str) -> dict[str, Any]:
    return {"$schema": GenerateJsonSchema.schema_dialect, "title": title}


def _one_key(mapping: dict[str, Any]) -> dict[str, Any]:
    return mapping | {"type": "object", "minProperties": 1, "maxProperties": 1}


def _with_key(name: str, value: Mapping[str, Any] | Literal[True]) -> dict[str, Any]:
    """A mapping that has a key, of such a value. Strict validators want the key that is required among `properties`."""
    return {"required": [name], "properties": {name: value}}


def _with_sources(schema: dict[str, Any], title: str) -> dict[str, Any]:
    """A rule has exactly one source; keys with null are as good as not there."""
    given = {"not": {"type": "null"}}
    schema["$defs"]["Rule"]["oneOf"] = [_with_key(name, given) for name in SOURCES]
    return schema | {"title": title}
