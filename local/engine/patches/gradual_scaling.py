"""A queue's event source runs as many concurrent batches as it may have, from the first message on.

AWS starts with five and adds up to 300 a minute while there is more to do
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). Each additional batch is a cold
start. A burst that takes only seconds would pay for these cold starts without a benefit.
"""

import time

from ministack.services import lambda_svc

FIRST_BATCHES = 5
ADDED_EACH_SECOND = 300 / 60


def apply() -> None:
    limit_of = lambda_svc._sqs_esm_concurrency
    busy_since: dict[str, float] = {}

    def concurrency_by_now(mapping, *rest):
        now = time.monotonic()
        if not lambda_svc._esm_inflight.get(mapping["UUID"]):
            busy_since[mapping["UUID"]] = now
        seconds = now - busy_since.setdefault(mapping["UUID"], now)
        return min(limit_of(mapping, *rest), FIRST_BATCHES + int(ADDED_EACH_SECOND * seconds))

    lambda_svc._sqs_esm_concurrency = concurrency_by_now
