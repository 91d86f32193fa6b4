"""`zhike web`: the web process alone."""

import os
import warnings

import click

from zhike.cli.command import command
from zhike.cli.output import Output


@command("web", django=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def web(out: Output, host: str, port: int) -> None:
    """Run the web process alone (a process manager or a container starts the worker)."""
    import uvicorn

    from zhike.kit.processes import end_with_parent

    # The static files' middleware answers with plain iterators; under ASGI Django reads them whole, which suits small files.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    end_with_parent()
    uvicorn.run(
        "zhike.config.asgi:application",
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=os.environ.get("ZHIKE_BEHIND_PROXY") == "1",
        timeout_graceful_shutdown=10,
    )
