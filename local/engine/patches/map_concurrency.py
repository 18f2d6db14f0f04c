"""A Distributed Map ignores MaxConcurrencyPath, and runs up to 64 items at the same time.

On AWS, the path names a field of the state's input with the number.
"""

from ministack.services import stepfunctions


def apply() -> None:
    run = stepfunctions._run_distributed_map

    def run_with_limit(state_def, raw_input, effective, iterator, execution, ctx):
        path = state_def.get("MaxConcurrencyPath")
        if path:
            state_def = {**state_def, "MaxConcurrency": stepfunctions._resolve_path_or_ctx(path, effective, ctx)}
        return run(state_def, raw_input, effective, iterator, execution, ctx)

    stepfunctions._run_distributed_map = run_with_limit
