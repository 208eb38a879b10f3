"""A real Firefox without a window, told what to do by WebDriver BiDi over a websocket. Its microphone says a tone."""

import json
import os
import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from tests.ports import free_port

PROGRAM = "firefox-esr"
START_TIMEOUT_S = 60.0
ANSWER_TIMEOUT_S = 60.0
# What a page may do without a person who allows it, and what a browser would ask the network for by itself.
PREFERENCES: dict[str, Any] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "remote.active-protocols": 1,
    "remote.prefs.recommended": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 0,
    "app.update.disabledForTesting": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "intl.accept_languages": "fr",
}


class Failed(RuntimeError):
    """Firefox did not do what it was told."""


def is_here() -> bool:
    """Whether Firefox is on this machine."""
    return shutil.which(PROGRAM) is not None


class Firefox:
    """One browser with one page. `speaks_hz`: the tone that its microphone says."""

    def __init__(self, folder: Path, *, speaks_hz: int) -> None:
        self._folder, self._speaks_hz = folder, speaks_hz
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: ClientConnection | None = None
        self._asked, self._page = 0, ""
        self._open = ExitStack()

    @property
    def log(self) -> str:
        """What Firefox said, pages included."""
        file = self._folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def __enter__(self) -> Self:
        profile = self._folder / "profile"
        profile.mkdir(parents=True)
        chosen = PREFERENCES | {"media.navigator.audio.fake_frequency": self._speaks_hz}
        words = "".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in chosen.items()
        )
        (profile / "user.js").write_text(words)
        port = free_port()
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    PROGRAM,
                    "--headless",
                    "--no-remote",
                    f"--remote-debugging-port={port}",
                    "--profile",
                    str(profile),
                ],
                env=os.environ | {"HOME": str(self._folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self._socket = self._connected(f"ws://127.0.0.1:{port}/session")
            self.ask("session.new", capabilities={})
            self._page = self.ask("browsingContext.create", type="tab")["context"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def _connected(self, address: str) -> ClientConnection:
        end = time.monotonic() + START_TIMEOUT_S
        while True:
            assert self._process is not None
            if self._process.poll() is not None:
                raise Failed(f"Firefox ended at once: {self.log[-2000:]}")
            try:
                return self._open.enter_context(connect(address, max_size=None, proxy=None))
            except OSError:
                if time.monotonic() > end:
                    raise Failed(f"Firefox does not listen: {self.log[-2000:]}") from None
                time.sleep(0.1)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of BiDi and its answer; events on the way are dropped. Raises `Failed`."""
        assert self._socket is not None
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            word = json.loads(self._socket.recv(timeout=ANSWER_TIMEOUT_S))
            if word.get("id") != self._asked:
                continue
            if word["type"] == "error":
                raise Failed(f"{method}: {word['error']}: {word['message']}")
            answer: dict[str, Any] = word["result"]
            return answer

    def goes_to(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def says(self, expression: str) -> Any:
        """What an expression of the page comes to, awaited, as JSON. A touch of the page comes with it."""
        told = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self._page},
            awaitPromise=True,
            userActivation=True,
        )
        if told["type"] == "exception":
            raise Failed(f"{expression}: {told['exceptionDetails']['text']}")
        return json.loads(told["result"]["value"])

    def waits_for(self, expression: str, timeout_s: float = 60.0) -> Any:
        """Until an expression is true; raises `Failed` with what it came to."""
        end = time.monotonic() + timeout_s
        while True:
            try:
                found = self.says(expression)
            except Failed as error:
                # The page goes away in just that moment, or is not whole yet.
                found = error
            if found and not isinstance(found, Failed):
                return found
            if time.monotonic() > end:
                raise Failed(f"not in {timeout_s:.0f} s: {expression}: {found}\n{self.log[-2000:]}")
            time.sleep(0.1)
