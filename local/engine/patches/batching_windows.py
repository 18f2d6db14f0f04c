"""The event source of a table's stream ignores its batching window, and hands on at once what it finds.

AWS gathers records until a batch is full or the window is over
(https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html). The window of a queue's event source is ignored, too:
nothing here has one.
"""

import threading
import time

from ministack.services import dynamodb, lambda_svc


def apply() -> None:
    mappings = lambda_svc._iter_all_esms
    all_records_since = dynamodb.stream_records_since
    turn = threading.local()
    waiting_since: dict[str, float] = {}

    def mappings_in_turn():
        for entry in mappings():
            turn.mapping = entry[2]
            yield entry
        turn.mapping = None

    def records_since(table: str, position: int, limit: int, **scope) -> list[dict]:
        records = all_records_since(table, position, limit, **scope)
        mapping = getattr(turn, "mapping", None)
        if not records or not mapping:
            return records
        since = waiting_since.setdefault(mapping["UUID"], time.monotonic())
        is_over = time.monotonic() - since >= mapping["MaximumBatchingWindowInSeconds"]
        if len(records) < limit and not is_over:
            return []
        del waiting_since[mapping["UUID"]]
        return records

    lambda_svc._iter_all_esms = mappings_in_turn
    dynamodb.stream_records_since = records_since
