"""Data Package v2 and Croissant 1.1: what catalogues of data read."""

from __future__ import annotations

import json
import re
from typing import Any

from builder.contract.exports.rows import held
from builder.contract.keywords import KEYWORDS
from builder.contract.loading import files_of_all
from builder.contract.promise import Described, arrow_schema_of
from builder.write.document import Column

PACKAGE_TYPES = {
    "integer": "integer", "number": "number", "boolean": "boolean", "date": "date", "timestamp": "datetime",
    "list<string>": "array", "list<link>": "array", "source": "object",
}  # fmt: skip
"""Field type -> type of Table Schema; all others are strings."""
_PACKAGE_CONSTRAINTS = {name: theirs for name, theirs in KEYWORDS.items() if name != "pattern"} | {"unique": "unique"}
CROISSANT_TYPES = {
    "integer": "cr:Int64", "number": "cr:Float64", "boolean": "sc:Boolean", "date": "sc:Date",
    "timestamp": "sc:DateTime", "url": "sc:URL",
}  # fmt: skip
_STRUCTS = ("source", "list<link>")
_LICENSE_NAME = re.compile(r"[-a-zA-Z0-9._]+")
_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "arrayShape": "cr:arrayShape", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"}, "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isArray": "cr:isArray", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "name": {"@container": "@language"}, "parentField": "cr:parentField",
    "path": "cr:path", "rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
"""The context that the specification gives."""


def as_json(document: dict[str, Any]) -> bytes:
    """A document without its keys that say nothing."""
    kept = {key: value for key, value in document.items() if value not in (None, "", [], ())}
    return (json.dumps(kept, indent=2, ensure_ascii=False) + "\n").encode()


def data_package(described: Described) -> bytes:
    """The files and their columns. Columns of folders stand under `partitionBy`: Table Schema has no word for them."""
    about = described.about
    inside = set(arrow_schema_of(described).names)
    fields = [_package_field(column) for column in described.schema.fields if column.name in inside]
    resource = {
        "name": about.name,
        "type": "table",
        "path": [part.path for part in described.files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": fields,
            **({"primaryKey": list(described.schema.primary_key)} if _is_key(described) else {}),
        },
    }
    if described.schema.partition_by:
        resource["partitionBy"] = [level.name for level in described.schema.partition_by]
    return as_json(
        {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": about.name,
            "title": about.title,
            "description": about.description,
            "version": about.version,
            "homepage": about.url,
            "licenses": [_license(about.license)] if about.license else None,
            "contributors": [{"title": about.creator, "roles": ["creator"]}] if about.creator else None,
            "created": f"{about.date_published}T00:00:00Z" if about.date_published else None,
            "keywords": list(about.keywords),
            "resources": [resource],
        }
    )


def _is_key(described: Described) -> bool:
    """A key of Table Schema is never null."""
    required = {column.name for column in described.schema.fields if not column.nullable}
    return bool(described.schema.primary_key) and set(described.schema.primary_key) <= required


def _license(text: str) -> dict[str, str]:
    if _LICENSE_NAME.fullmatch(text):
        return {"name": text}
    return {"path": text} if text.startswith(("http://", "https://")) else {"name": "other", "title": text}


def _package_field(column: Column) -> dict[str, Any]:
    """Patterns are left out: Table Schema ties them to both ends, and other engines read them."""
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    for name, value in held(column).items():
        if name == "one_of" and not column.type.startswith("list"):
            constraints["enum"] = value
        elif name in _PACKAGE_CONSTRAINTS:
            constraints[_PACKAGE_CONSTRAINTS[name]] = value
    found: dict[str, Any] = {"name": column.name, "type": PACKAGE_TYPES.get(column.type, "string")}
    if column.type == "url":
        found["format"] = "uri"
    if column.description:
        found["description"] = column.description
    return found | ({"constraints": constraints} if constraints else {})


def croissant(described: Described) -> bytes:
    """The files as one file set, the columns as one record set, but for structs, of which its reader makes nothing."""
    about = described.about
    inside = set(arrow_schema_of(described).names)
    columns = [column for column in described.schema.fields if column.name in inside and column.type not in _STRUCTS]
    return as_json(
        {
            "@context": _CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.1",
            "name": about.title or about.name,
            "description": about.description,
            "version": about.version,
            "license": about.license,
            "url": about.url,
            "creator": {"@type": "sc:Organization", "name": about.creator},
            "datePublished": about.date_published,
            "citeAs": about.citation,
            "keywords": list(about.keywords),
            "distribution": [
                {
                    "@type": "cr:FileSet",
                    "@id": "parquet",
                    "name": "parquet",
                    "description": "Files of rows, in a folder for each partition",
                    "encodingFormat": "application/x-parquet",
                    "includes": files_of_all(described),
                }
            ],
            "recordSet": [
                {
                    "@type": "cr:RecordSet",
                    "@id": "rows",
                    "name": "rows",
                    "field": [_croissant_field(column) for column in columns],
                }
            ],
        }
    )


def _croissant_field(column: Column) -> dict[str, Any]:
    listed = {"isArray": True, "arrayShape": "-1"} if column.type.startswith("list") else {}
    return {
        "@type": "cr:Field",
        "@id": f"rows/{column.name}",
        "name": column.name,
        **({"description": column.description} if column.description else {}),
        "dataType": CROISSANT_TYPES.get(column.type, "sc:Text"),
        **listed,
        "source": {"fileSet": {"@id": "parquet"}, "extract": {"column": column.name}},
    }
