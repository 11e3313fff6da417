"""A process that hangs ends itself, so that whoever watches it starts another; one that works or rests does not."""

import subprocess
import sys
import time

import httpx
import pytest

from bot.settings import ROOT
from tests.server import free_port

HANGING = """
import sys, time
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from bot.command import serve

serve.HANGS, serve.TICKS = 1.0, 2

async def hang(request):
    time.sleep(float(request.query_params["seconds"]))
    return PlainTextResponse("done")

app = Starlette(routes=[Route("/hang", hang)])
sys.exit(serve._run(app, serve.Address("127.0.0.1", int(sys.argv[1])), "INFO", "It"))
"""


@pytest.mark.slow
def test_a_process_that_hangs_ends_itself_and_tells_no_word() -> None:
    port = free_port()
    command = [sys.executable, "-c", HANGING, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "is ready" in process.stdout.readline()
        url = f"http://127.0.0.1:{port}/hang"
        assert httpx.get(url, params={"seconds": 0.3, "word": "canary"}).text == "done"
        time.sleep(2)
        assert process.poll() is None
        begun = time.monotonic()
        with pytest.raises(httpx.TransportError):
            httpx.get(url, params={"seconds": 60, "word": "canary"}, timeout=30)
        assert process.wait(timeout=10) == 1
        assert time.monotonic() - begun < 5
        assert process.stderr
        told = process.stderr.read()
    assert "in hang" in told
    assert "canary" not in told
