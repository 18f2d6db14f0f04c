"""The engine speaks plain HTTP on loopback, so a policy that denies calls without TLS denies every call.

On AWS the clients use HTTPS, so `aws:SecureTransport` is true. This patch makes it true here, too.
"""

from ministack.core import iam_evaluator


def apply() -> None:
    resolve = iam_evaluator._resolve_condition_key

    def resolve_as_over_tls(key, ctx):
        if key.lower() == "aws:securetransport":
            return "true"
        return resolve(key, ctx)

    iam_evaluator._resolve_condition_key = resolve_as_over_tls
