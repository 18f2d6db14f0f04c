"""Athena reads everything below a table's location, and ignores partition projection.

AWS computes the partitions from the table's properties and reads only the locations that `storage.location.template` gives
for them (https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html). A wrong template or a wrong
projection finds nothing there, without an error.

MiniStack also takes the columns from the files, so a column that no file has yet is unknown. Athena takes them from the table,
and such a column has no values.
"""

import datetime
import re

from ministack.services import athena

# MiniStack copies a table's objects below a folder of this name
COPIED = re.compile(r"/ministack-athena-[^/]+/")
PLACEHOLDER = re.compile(r"\\\$\\\{(\w+)\\\}")
JAVA_DATE = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H"}


def apply() -> None:
    relation = athena._table_relation

    def relation_of_partitions(table: dict, files: list[str]) -> str:
        parameters = table.get("Parameters") or {}
        if parameters.get("projection.enabled", "").lower() != "true":
            return relation(table, files)
        files = [file for file in files if _is_in_partition(file, table, parameters)]
        if not files:
            return athena._empty_relation(table)
        return f"(SELECT * FROM {relation(table, files)} UNION ALL BY NAME SELECT * FROM {athena._empty_relation(table)})"

    athena._table_relation = relation_of_partitions


def _is_in_partition(file: str, table: dict, parameters: dict) -> bool:
    root = table["StorageDescriptor"]["Location"].rstrip("/") + "/"
    names = [key["Name"] for key in table["PartitionKeys"]]
    by_name = root + "".join(f"{name}=${{{name}}}/" for name in names)
    template = parameters.get("storage.location.template", by_name).rstrip("/") + "/"
    if any(f"${{{name}}}" not in template for name in names):
        raise ValueError(
            "INVALID_TABLE_PROPERTY: The 'storage.location.template' table property must contain templates for all partition columns!"
        )
    location = PLACEHOLDER.sub(r"(?P<\1>[^/]+)", re.escape(template))
    found = re.match(location, root + COPIED.split(file, 1)[1])
    return found is not None and all(_is_projected(found[name], name, parameters) for name in names)


def _is_projected(value: str, name: str, parameters: dict) -> bool:
    setting = lambda key: parameters.get(f"projection.{name}.{key}", "")
    first, _, last = setting("range").partition(",")
    match setting("type"):
        case "enum":
            return value in setting("values").split(",")
        case "integer":
            projected = value.isdecimal() and int(first) <= int(value) <= int(last)
            return projected and value == str(int(value)).zfill(int(setting("digits") or 0))
        case "date":
            moment = _parse_date(value, setting("format"))
            return moment is not None and _parse_date(first, setting("format")) <= moment <= _parse_date(last, setting("format"))
    raise ValueError(
        f"INVALID_TABLE_PROPERTY: the following partition columns are missing projection configuration: ({name})"
    )


def _parse_date(text: str, java_format: str) -> datetime.datetime | None:
    if text == "NOW":
        return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    for java, python in JAVA_DATE.items():
        java_format = java_format.replace(java, python)
    try:
        return datetime.datetime.strptime(text, java_format)
    except ValueError:
        return None
