"""Whatever a handler throws, the errorType is `Runtime.HandlerError`.

On AWS it is the error's own name, which a workflow's Retry and Catch match.
"""

import threading

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_ANSWER = 'error: String(err.message || err), trace: err.stack || ""'
_ANSWER_WITH_NAME = 'error: String(err.message || err), error_type: (err && err.name) || "Error", trace: err.stack || ""'


def apply() -> None:
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    if _ANSWER not in script:
        raise RuntimeError("The patch error_names does not find the Node worker's error response: has MiniStack changed it?")
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(_ANSWER, _ANSWER_WITH_NAME)
    last = threading.local()
    invoke = lambda_runtime.Worker.invoke
    execute = lambda_svc._execute_function_warm

    def invoke_and_note(self, *args, **kwargs):
        answer = invoke(self, *args, **kwargs)
        last.error_type = answer.get("error_type")
        return answer

    def execute_with_name(func, event, request_id):
        last.error_type = None
        result = execute(func, event, request_id)
        body = result.get("body")
        if result.get("error") and last.error_type and isinstance(body, dict):
            if body.get("errorType") == "Runtime.HandlerError":
                body["errorType"] = last.error_type
        return result

    lambda_runtime.Worker.invoke = invoke_and_note
    lambda_svc._execute_function_warm = execute_with_name
