"""A FIFO queue's event source runs one batch at a time, over all message groups.

AWS runs groups side by side, up to the maximum concurrency: a group is in one batch at a time, since a queue gives out
nothing of a group while some of it is in flight
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/interleaving-multiple-ordered-message-groups.html).
The engine's queue keeps that rule too, so its event sources may take several batches of it as of any other queue.
"""

from ministack.services import lambda_svc


def apply() -> None:
    concurrency = lambda_svc._sqs_esm_concurrency

    def concurrency_by_groups(esm, func_rec, config, queue=None):
        return concurrency(esm, func_rec, config)

    lambda_svc._sqs_esm_concurrency = concurrency_by_groups
