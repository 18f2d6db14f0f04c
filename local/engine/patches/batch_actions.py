"""A call for several messages needs a permission of its own name, such as sqs:SendMessageBatch.

On AWS there is no such permission: sqs:SendMessage allows SendMessageBatch, too
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html).
"""

from ministack.core import iam_actions


def apply() -> None:
    extract = iam_actions.extract_iam_action

    def extract_for_one(*request, **options):
        action = extract(*request, **options)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_for_one
