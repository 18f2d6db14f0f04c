"""Our changes to MiniStack, each in a file of its own that says what AWS does and what MiniStack lacks.

SPILLWAY_WITHOUT_PATCH names one to leave out: the probes use it to show that the gap is still there.
"""

import os

from . import (
    api_key_switch,
    api_templates,
    call_counter,
    client_secrets,
    error_names,
    fast_logs,
    fast_workflows,
    memory_limit,
    mock_templates,
    noop_types,
    payload_limit,
    request_validators,
    secure_transport,
    stream_labels,
    table_settings,
)

PATCHES = (
    fast_logs,
    fast_workflows,
    error_names,
    memory_limit,
    request_validators,
    secure_transport,
    payload_limit,
    api_key_switch,
    client_secrets,
    api_templates,
    mock_templates,
    noop_types,
    stream_labels,
    table_settings,
)


def apply_all(app):
    """Applies every patch and returns the ASGI application to serve."""
    without = os.environ.get("SPILLWAY_WITHOUT_PATCH", "")
    for patch in PATCHES:
        if patch.__name__.rsplit(".", 1)[-1] != without:
            patch.apply()
    return call_counter.counting(app)
