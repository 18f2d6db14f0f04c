"""Starts the pinned MiniStack under uvicorn, with our patches, on loopback.

Usage: launcher.py PORT [ID]. The ID only distinguishes this process from others with the same port. MiniStack's own environment variables set everything else (see engine.ts).
"""

import importlib.metadata
import os
import sys
import threading

import uvicorn

PINNED = "1.5.33"
# Open requests and pending custom resources can block a graceful shutdown forever.
SHUTDOWN_GRACE_SECONDS = 3
# uvloop accepts one connection per listener in each round of its event loop, and rounds are slow during a burst: 20 starting
# functions with ten connections each waited for 25 s. With 32 listeners on the same socket, each round accepts up to 32.
LISTENERS = 32


class _Server(uvicorn.Server):
    """A server that exits even if its graceful shutdown hangs."""

    def handle_exit(self, sig, frame) -> None:
        timer = threading.Timer(SHUTDOWN_GRACE_SECONDS, leave)
        timer.daemon = True
        timer.start()
        super().handle_exit(sig, frame)


def main() -> None:
    port = int(sys.argv[1])
    version = importlib.metadata.version("ministack")
    if version != PINNED:
        sys.exit(f"The engine must be MiniStack {PINNED}, not {version}: delete .spillway/python and start again.")
    os.environ["GATEWAY_PORT"] = str(port)
    # the state holds private keys and secrets
    os.umask(0o077)

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
        # the Node clients keep idle connections for 60 s; if we closed them first, that could race with their next request
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    listener = config.bind_socket()
    _Server(config).run(sockets=[listener.dup() for _ in range(LISTENERS)])


def leave() -> None:
    """Saves the state if it has not been saved yet, kills the Lambda workers, and ends the process."""
    from patches import kept_state

    kept_state.save()
    kept_state.kill_workers()
    os._exit(0)


if __name__ == "__main__":
    main()
    leave()
