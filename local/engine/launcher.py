"""Starts the pinned MiniStack under uvicorn, with our patches, on loopback.

Usage: launcher.py PORT. Everything else is set through MiniStack's own environment variables (see engine.ts).
"""

import importlib.metadata
import os
import sys
import threading

import uvicorn

PINNED = "1.5.33"
# Open requests and pending custom resources can keep a graceful shutdown waiting for ever.
SHUTDOWN_GRACE_SECONDS = 3
# uvloop accepts one connection of a listener each time round its loop, and in a burst one round takes long: 20 starting
# functions with ten connections each waited for 25 s. Each of so many listeners on the same socket accepts one.
LISTENERS = 32


class _Server(uvicorn.Server):
    """A server whose shutdown ends even if it hangs."""

    def handle_exit(self, sig, frame) -> None:
        timer = threading.Timer(SHUTDOWN_GRACE_SECONDS, leave, args=(0,))
        timer.daemon = True
        timer.start()
        super().handle_exit(sig, frame)


def main() -> None:
    port = int(sys.argv[1])
    version = importlib.metadata.version("ministack")
    if version != PINNED:
        sys.exit(f"The engine must be MiniStack {PINNED}, not {version}: delete .spillway/python and start again.")
    os.environ["GATEWAY_PORT"] = str(port)

    from ministack import app as engine

    import patches

    asgi = patches.apply_all(engine.app)
    config = uvicorn.Config(
        asgi,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        # the Node clients keep connections for 60 s; closing first would race with their next request
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    listener = config.bind_socket()
    _Server(config).run(sockets=[listener.dup() for _ in range(LISTENERS)])


def leave(code: int) -> None:
    """Ends the process and its Lambda workers."""
    from ministack.core import lambda_runtime

    workers = [worker for pool in lambda_runtime._workers.values() for worker in pool]
    for worker in workers:
        if worker._proc is not None and worker._proc.poll() is None:
            worker._proc.kill()
    os._exit(code)


if __name__ == "__main__":
    main()
    leave(0)
