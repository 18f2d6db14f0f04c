"""Tables and views in Athena, as the analytics service has them."""

import base64
import json
import pathlib
import tempfile
import time

import duckdb

from .engine import Probe

BUCKET = "probe-lake"


def projects_partitions(probe: Probe) -> bool:
    store = probe.client("s3")
    store.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    store.put_object(Bucket=BUCKET, Key="facts/day=2026-02-03/hour=04/1", Body=_parquet("a", "b"))
    # neither is a partition: an hour without its leading zero, and a day before the range
    store.put_object(Bucket=BUCKET, Key="facts/day=2026-02-03/hour=5/2", Body=_parquet("c"))
    store.put_object(Bucket=BUCKET, Key="facts/day=2025-12-31/hour=04/3", Body=_parquet("d"))
    probe.client("glue").create_database(DatabaseInput={"Name": "lake"})
    right = "day=${day}/hour=${hour}/"
    return (
        _ids(probe, "right", right, "WHERE day = '2026-02-03' AND hour = '04'") == ["a", "b"]
        and _ids(probe, "everything", right) == ["a", "b"]
        # no file has this column
        and _ids(probe, "newer", right, "WHERE added IS NULL") == ["a", "b"]
        and _ids(probe, "dollar", "day=$${day}/hour=$${hour}/") == []
    )


def conversion_seconds(probe: Probe) -> float:
    """How long a record of 2,000 lines takes that becomes a Parquet object, which must have them all."""
    probe.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    probe.client("glue").create_database(DatabaseInput={"Name": "lake"})
    _create_table(probe, "facts", "day=${day}/hour=${hour}/")
    deliveries = probe.client("firehose")
    deliveries.create_delivery_stream(
        DeliveryStreamName="facts",
        ExtendedS3DestinationConfiguration={
            "BucketARN": f"arn:aws:s3:::{BUCKET}",
            "RoleARN": "arn:aws:iam::000000000000:role/any",
            "Prefix": "facts/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/",
            "DataFormatConversionConfiguration": {
                "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
                "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
                "SchemaConfiguration": {"DatabaseName": "lake", "TableName": "facts"},
            },
        },
    )
    lines = "".join(json.dumps({"id": str(number), "unknown": 1}) + "\n" for number in range(2000))
    start = time.monotonic()
    deliveries.put_record_batch(DeliveryStreamName="facts", Records=[{"Data": lines.encode()}])
    seconds = time.monotonic() - start
    # the object is written by itself a moment later
    for _ in range(100):
        if _query(probe, "SELECT count(DISTINCT id) FROM lake.facts") == ["2000"]:
            return seconds
        time.sleep(0.1)
    raise AssertionError("the facts did not arrive")


def reads_views(probe: Probe) -> bool:
    store = probe.client("s3")
    store.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    store.put_object(Bucket=BUCKET, Key="facts/1", Body=b'{"id":"a"}\n{"id":"b"}\n{"id":"a"}\n')
    catalog = probe.client("glue")
    catalog.create_database(DatabaseInput={"Name": "views"})
    columns = [{"Name": "id", "Type": "string"}]
    catalog.create_table(
        DatabaseName="views",
        TableInput={
            "Name": "facts",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "json"},
            "StorageDescriptor": {
                "Location": f"s3://{BUCKET}/facts/",
                "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
                "Columns": columns,
            },
        },
    )
    view = {"catalog": "awsdatacatalog", "schema": "views", "originalSql": "SELECT DISTINCT id FROM views.facts"}
    catalog.create_table(
        DatabaseName="views",
        TableInput={
            "Name": "ids",
            "TableType": "VIRTUAL_VIEW",
            "StorageDescriptor": {"Columns": columns, "Location": "", "SerdeInfo": {}},
            "ViewOriginalText": f"/* Presto View: {base64.b64encode(json.dumps(view).encode()).decode()} */",
            "ViewExpandedText": "/* Presto View */",
        },
    )
    try:
        return _query(probe, "SELECT id FROM views.ids ORDER BY ids.id") == ["a", "b"]
    except AssertionError:
        return False


def _parquet(*ids: str) -> bytes:
    """A file with these ids in a column."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "ids.parquet"
        duckdb.execute(f"COPY (SELECT unnest({list(ids)}) AS id) TO '{file}' (FORMAT parquet)")
        return file.read_bytes()


def _ids(probe: Probe, table: str, template: str, condition: str = "") -> list[str]:
    """The ids that a query finds in a new table over the bucket."""
    _create_table(probe, table, template)
    return _query(probe, f"SELECT id FROM lake.{table} {condition} ORDER BY id")


def _create_table(probe: Probe, table: str, template: str) -> None:
    parameters = {
        "classification": "parquet",
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.range": "2026-01-01,NOW",
        "projection.hour.type": "integer",
        "projection.hour.range": "0,23",
        "projection.hour.digits": "2",
        "storage.location.template": f"s3://{BUCKET}/facts/{template}",
    }
    string = lambda name: {"Name": name, "Type": "string"}
    probe.client("glue").create_table(
        DatabaseName="lake",
        TableInput={
            "Name": table,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": parameters,
            "PartitionKeys": [string("day"), string("hour")],
            "StorageDescriptor": {
                "Location": f"s3://{BUCKET}/facts/",
                "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
                "Columns": [string("id"), string("added")],
            },
        },
    )


def _query(probe: Probe, sql: str) -> list[str]:
    queries = probe.client("athena")
    result = {"OutputLocation": f"s3://{BUCKET}/results/"}
    query = queries.start_query_execution(QueryString=sql, ResultConfiguration=result)["QueryExecutionId"]
    while True:
        status = queries.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if status["State"] == "FAILED":
            raise AssertionError(status["StateChangeReason"])
        if status["State"] == "SUCCEEDED":
            rows = queries.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
            # the first row has the columns' names
            return [row["Data"][0]["VarCharValue"] for row in rows[1:]]
        time.sleep(0.05)
