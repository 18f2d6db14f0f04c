"""Our changes to MiniStack. Each is in its own file, which says what AWS does and what MiniStack lacks.

SPILLWAY_WITHOUT_PATCH names a patch to leave out. The probes use it to show that the gap still exists.
"""

import os

from . import (
    accept_all,
    api_key_switch,
    api_templates,
    athena_views,
    authorizer_sources,
    batch_actions,
    batching_windows,
    call_counter,
    client_secrets,
    computed_alarms,
    durable_workflows,
    error_names,
    event_archives,
    fast_logs,
    fast_parquet,
    fast_receives,
    fast_workflows,
    fifo_groups,
    form_tags,
    function_failures,
    gradual_scaling,
    kept_state,
    lifecycles,
    map_concurrency,
    memory_limit,
    method_settings,
    mock_templates,
    model_content_types,
    noop_types,
    partition_projection,
    payload_limit,
    recorder,
    refusals,
    remembered_expressions,
    request_validators,
    schedule_groups,
    schedule_targets,
    secure_transport,
    signing_keys,
    socket_protocols,
    stage_paths,
    stream_labels,
    stream_readers,
    table_settings,
    workflow_timeout,
)

PATCHES = (
    fast_logs,
    fast_parquet,
    fast_receives,
    fast_workflows,
    remembered_expressions,
    fifo_groups,
    error_names,
    memory_limit,
    request_validators,
    model_content_types,
    secure_transport,
    batch_actions,
    payload_limit,
    api_key_switch,
    client_secrets,
    computed_alarms,
    api_templates,
    function_failures,
    mock_templates,
    method_settings,
    stage_paths,
    socket_protocols,
    authorizer_sources,
    signing_keys,
    noop_types,
    event_archives,
    stream_labels,
    table_settings,
    form_tags,
    lifecycles,
    stream_readers,
    batching_windows,
    schedule_groups,
    schedule_targets,
    workflow_timeout,
    durable_workflows,
    map_concurrency,
    gradual_scaling,
    kept_state,
    partition_projection,
    athena_views,
)


def apply_all(app):
    """Applies every patch and returns the ASGI application to serve."""
    without = os.environ.get("SPILLWAY_WITHOUT_PATCH", "")
    for patch in PATCHES:
        if patch.__name__.rsplit(".", 1)[-1] != without:
            patch.apply()
    for with_path in (
        call_counter.counting,
        recorder.recording,
        refusals.refusing,
        schedule_targets.firing,
        lifecycles.expiring,
        accept_all.accepting,
    ):
        app = with_path(app)
    return app
