#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Validates profiles: validate.py SCHEMA GOOD... The first GOOD is then broken in every place, and
each break must be refused, so that the schema cannot be one that takes everything."""
import copy
import json
import sys

import jsonschema


def closed(schema):
    """The schema with nothing allowed but what it lists: cinch writes nothing it does not describe."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if "required" in schema and "properties" in schema:
        result["additionalProperties"] = False
    return result


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from places(child, path + (key,))


def parent_of(document, path):
    for key in path[:-1]:
        document = document[key]
    return document


def breaks(document):
    """Every place with something of a wrong kind, and every object without one of its members."""
    for path in places(document):
        if not path:
            continue
        for wrong in ({"wrong": {}}, -1.5, "\u00e4", "\\x4"):
            broken = copy.deepcopy(document)
            parent_of(broken, path)[path[-1]] = wrong
            yield f"{path} = {wrong!r}", broken
        if isinstance(path[-1], str):
            broken = copy.deepcopy(document)
            del parent_of(broken, path)[path[-1]]
            yield f"{path} removed", broken


# Optional: a fact is foreign or not; errors is an object with whichever errnos there were; names
# came later than the format.
def is_allowed(what):
    return (
        "'foreign') removed" in what
        or what == "('moves',) removed"
        or what == "('names',) removed"
        or what.endswith("'capabilities') removed")
        or what == "('capabilities',) removed"
        or ("'errors', '" in what and what.endswith("removed"))
    )


def main(schema_file, first, *others):
    with open(schema_file, encoding="ascii") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    strict = jsonschema.Draft202012Validator(closed(schema))
    loose = jsonschema.Draft202012Validator(schema)
    for name in (first, *others):
        with open(name, encoding="ascii") as file:
            document = json.load(file)
        for error in strict.iter_errors(document):
            sys.exit(f"{name}: {error.json_path}: {error.message}")
    with open(first, encoding="ascii") as file:
        document = json.load(file)
    count = 0
    for what, broken in breaks(document):
        count += 1
        if loose.is_valid(broken) != is_allowed(what):
            sys.exit(f"{first}: the schema {'refuses' if is_allowed(what) else 'takes'} {what}")
    extended = dict(document, new={"member": 1.5})
    if not loose.is_valid(extended):
        sys.exit("the schema refuses a member that a later cinch may add")
    print(f"{1 + len(others)} profiles are as the schema says; {count} broken ones are not")


main(*sys.argv[1:])
