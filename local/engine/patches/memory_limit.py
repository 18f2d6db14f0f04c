"""A function may use as much memory as the machine has.

AWS ends it at MemorySize. With this patch Node gets a heap of that size, so that a leak crashes the worker and not the
machine.
"""

import subprocess
import types

from ministack.core import lambda_runtime


def apply() -> None:
    def popen_with_limit(command, *args, **kwargs):
        memory = (kwargs.get("env") or {}).get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        if command[0] == "node" and memory:
            command = [command[0], f"--max-old-space-size={memory}", *command[1:]]
        return subprocess.Popen(command, *args, **kwargs)

    # a copy of the module with our Popen, seen only by lambda_runtime
    lambda_runtime.subprocess = types.SimpleNamespace(**{**vars(subprocess), "Popen": popen_with_limit})
