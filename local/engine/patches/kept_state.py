"""A graceful stop does not save everything, and does not save it at one moment.

With PERSIST_STATE=1, MiniStack saves each service's state when it shuts down and loads it at the next start. But it forgets
the records of table streams but keeps the positions of their readers, so that a reader would then skip as many new records
as it had read before the stop. It still receives messages and runs functions while it saves, so the services' files may
contradict each other. And if a service cannot be saved, only the log says so.

This patch keeps the streams' records, stops the event sources and the functions before it saves, takes the state of all
services at the same moment, and writes the file `saved` last, as proof that the state is complete.
"""

import copy
import json
import os
import sys
import threading
import time

from ministack import app
from ministack.core import lambda_runtime, persistence
from ministack.services import dynamodb, lambda_svc

# the time that events inside the engine may need to arrive
SETTLING_SECONDS = 0.5
STREAM_STORES = ("_stream_records", "_stream_trimmed", "_closed_streams")

_saving = threading.Lock()
_stopping = threading.Event()
_saved = threading.Event()


def apply() -> None:
    _keep_stream_records()
    mappings = lambda_svc._iter_all_esms
    lambda_svc._iter_all_esms = lambda: [] if _stopping.is_set() else mappings()
    app.save_all = lambda _services: save()


def save() -> None:
    """Saves the state if the engine keeps it. Call it when no more requests are served. Only the first call has an effect."""
    with _saving:
        if not persistence.PERSIST_STATE or _saved.is_set():
            return
        _stopping.set()
        kill_workers()
        time.sleep(SETTLING_SECONDS)
        for service, state in _states_at_one_moment().items():
            # a service that was never loaded has no state
            if state is not None:
                _write(f"{service}.json", {"__ministack_format__": persistence._state_format_version(service), "payload": state})
        _write("saved", {})
        _saved.set()


def kill_workers() -> None:
    """Kills the processes that run functions."""
    for worker in [worker for pool in lambda_runtime._workers.values() for worker in pool]:
        if worker._proc is not None and worker._proc.poll() is None:
            worker._proc.kill()


def _states_at_one_moment() -> dict:
    # no other thread runs until this one waits
    interval = sys.getswitchinterval()
    sys.setswitchinterval(3600)
    try:
        return {service: get_state() for service, get_state in app._build_persistence_save_dict().items()}
    finally:
        sys.setswitchinterval(interval)


def _write(name: str, content: dict) -> None:
    with open(os.path.join(persistence.STATE_DIR, name), "w") as file:
        file.write(json.dumps(content, default=persistence._json_default))


def _keep_stream_records() -> None:
    get_state = dynamodb.get_state
    load_state = dynamodb.load_persisted_state

    def get_with_streams() -> dict:
        return {**get_state(), **{name: copy.deepcopy(getattr(dynamodb, name)) for name in STREAM_STORES}}

    def load_with_streams(data) -> None:
        load_state(data)
        for name in STREAM_STORES:
            getattr(dynamodb, name).update(data.get(name, {}))

    dynamodb.get_state = get_with_streams
    dynamodb.load_persisted_state = load_with_streams
