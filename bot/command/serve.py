"""`vejviser serve`: train if needed, then serve."""

import argparse
import dataclasses

import uvicorn

from bot.command.opening import open_guide
from bot.engine.logs import configure_logs, log
from bot.settings import Settings
from bot.web.app import make_app


class Server(uvicorn.Server):
    """Says where it can be reached once it can be."""

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            address = f"http://{self.config.host}:{self.config.port}/"
            print(f"Vejviser is ready: {address}", flush=True)  # noqa: T201 - the command's result
            log.info("ready", port=self.config.port)


def serve(settings: Settings, given: argparse.Namespace) -> int:
    settings = dataclasses.replace(settings, host=given.host or settings.host, port=given.port or settings.port)
    guide = open_guide(settings)
    configure_logs(settings.log_level)
    config = uvicorn.Config(
        make_app(guide),
        host=settings.host,
        port=settings.port,
        ws="none",  # uvicorn's WebSocket half needs a newer `websockets` than Rasa allows; nothing here needs one
        access_log=False,  # it would hold addresses
        log_config=None,
        server_header=False,
        timeout_keep_alive=30,
        proxy_headers=False,  # nothing here may know who calls
    )
    server = Server(config)
    server.run()
    return 0 if server.started else 1
