"""The batches of a FIFO queue run one after the other, even if they are of different groups.

AWS runs message groups in parallel, up to the event source's maximum concurrency, and the messages of one group in order
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). MiniStack's receive skips every
group that has a message in flight, so two batches never hold messages of the same group and may run at the same time.
"""

from ministack.services import lambda_svc


def apply() -> None:
    concurrency = lambda_svc._sqs_esm_concurrency

    def concurrency_of_any_queue(mapping, function, config, queue=None):
        return concurrency(mapping, function, config)

    lambda_svc._sqs_esm_concurrency = concurrency_of_any_queue
