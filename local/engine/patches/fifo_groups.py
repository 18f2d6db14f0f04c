"""An ordered queue's batches run one after the other, over all its groups.

AWS runs message groups side by side, up to the event source's maximum concurrency, and one group's messages in order
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). Here a receive passes over every group that has
a message in flight, so that two batches never hold messages of the same group, and may run at the same time.
"""

from ministack.services import lambda_svc


def apply() -> None:
    concurrency = lambda_svc._sqs_esm_concurrency

    def concurrency_of_any_queue(mapping, function, config, queue=None):
        return concurrency(mapping, function, config)

    lambda_svc._sqs_esm_concurrency = concurrency_of_any_queue
