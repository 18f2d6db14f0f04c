"""A call for several messages needs a permission of its own name, such as sqs:SendMessageBatch or sns:PublishBatch.

On AWS there is no such permission: sqs:SendMessage allows SendMessageBatch, and sns:Publish allows PublishBatch
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html,
https://docs.aws.amazon.com/sns/latest/dg/sns-batch-api-actions.html).
"""

from ministack.core import iam_actions

SERVICES = ("sqs:", "sns:")


def apply() -> None:
    extract = iam_actions.extract_iam_action

    def extract_for_one(*request, **options):
        action = extract(*request, **options)
        return action.removesuffix("Batch") if action and action.startswith(SERVICES) else action

    iam_actions.extract_iam_action = extract_for_one
