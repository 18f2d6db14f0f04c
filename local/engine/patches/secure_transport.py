"""The engine speaks plain HTTP on loopback, so a policy that refuses calls without TLS refuses every call.

On AWS the clients use HTTPS. Here `aws:SecureTransport` is true, as it is there.
"""

from ministack.core import iam_evaluator


def apply() -> None:
    resolve = iam_evaluator._resolve_condition_key

    def resolve_as_over_tls(key, ctx):
        if key.lower() == "aws:securetransport":
            return "true"
        return resolve(key, ctx)

    iam_evaluator._resolve_condition_key = resolve_as_over_tls
