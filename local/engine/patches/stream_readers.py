"""A single thread reads all event sources and runs the streams' handlers: while a handler runs, nothing else is read, and as
soon as it is done the streams are read again, so that batches are small.

AWS polls each event source independently. This patch gives each table stream its own reader, which polls as often as AWS:
"Lambda polls shards in your DynamoDB stream for records at a base rate of 4 times per second"
(https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html). A reader that found a full batch reads on at once.
"""

import threading
import time

from ministack.core.concurrency import spawn_background
from ministack.services import dynamodb, lambda_svc

LOOK_EVERY_SECONDS = 0.25


def apply() -> None:
    mappings = lambda_svc._iter_all_esms
    read = lambda_svc._poll_dynamodb_streams
    all_records_since = dynamodb.stream_records_since
    reader = threading.local()
    followed: set[str] = set()

    def mappings_of_this_reader():
        own = getattr(reader, "mapping_id", None)
        return [entry for entry in mappings() if own is None or entry[2]["UUID"] == own]

    def records_since(table: str, position: int, limit: int, **scope) -> list[dict]:
        records = all_records_since(table, position, limit, **scope)
        reader.found_full_batch = len(records) == limit
        return records

    def follow(mapping_id: str) -> None:
        reader.mapping_id = mapping_id
        while mappings_of_this_reader():
            reader.found_full_batch = False
            started = time.monotonic()
            read()
            if not reader.found_full_batch:
                time.sleep(max(0, started + LOOK_EVERY_SECONDS - time.monotonic()))

    def start_readers() -> bool:
        for _, _, mapping in mappings():
            if ":dynamodb:" in mapping["EventSourceArn"] and mapping["UUID"] not in followed:
                followed.add(mapping["UUID"])
                spawn_background(follow, mapping["UUID"], thread_name="stream-reader")
        # the calling thread has read nothing itself, so it need not poll again at once
        return False

    lambda_svc._iter_all_esms = mappings_of_this_reader
    lambda_svc._poll_dynamodb_streams = start_readers
    dynamodb.stream_records_since = records_since
