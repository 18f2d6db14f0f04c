"""What the engine's tables do."""

import time

from .engine import Probe


def querying_seconds(probe: Probe) -> float:
    """How long five queries take that find few of a partition's 1,000 items."""
    tables = probe.client("dynamodb")
    tables.create_table(
        TableName="items",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    put = lambda n: {"PutRequest": {"Item": {"pk": {"S": "one"}, "sk": {"S": str(n)}}}}
    for first in range(0, 1000, 25):
        tables.batch_write_item(RequestItems={"items": [put(n) for n in range(first, first + 25)]})
    started = time.monotonic()
    for _ in range(5):
        tables.query(
            TableName="items",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": "one"}, ":prefix": {"S": "99"}},
        )
    return time.monotonic() - started
