"""Somebody with a telephone: a real SIP phone (the program `baresip`) that tests dial, answer, press keys, speak and
listen with. It registers nowhere; it is reached at its own address on the loopback interface."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread
from typing import Any, Self

import numpy as np

from tests.line import sound
from tests.ports import free_port

PROGRAM = "baresip"
MODULES = "/usr/lib/baresip/modules"
PATIENCE = 10.0
# By itself, should whoever runs the tests be killed.
ENDS_S = 900
# What it says is written out as often as it fits, since baresip falls silent at the end of a file.
SPEAKS_S = 240.0

# What is heard is written by sndfile, a filter: the player of aufile (1.1) can hang when the media change.
CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{port}
net_interface 127.0.0.1
call_local_timeout {rings_s}
call_max_calls 2
audio_player aubridge,nobody
audio_source aufile,{folder}/says.wav
audio_alert aubridge,nobody
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
jitter_buffer_type off
rtp_ports {media}-{media_end}
rtcp_mux no
module_path {modules}
module g711.so
module sndfile.so
module aufile.so
module aubridge.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}/heard
ringback_disabled yes
statmode_default off
sip_autoanswer_beep no
"""


class NoPhone(RuntimeError):
    """The program `baresip` is not on this machine."""


class Refused(RuntimeError):
    """The phone did not do what it was told."""


def is_here() -> bool:
    """Whether a test can have a telephone."""
    return shutil.which(PROGRAM) is not None and Path(MODULES, "ctrl_tcp.so").exists()


class Caller:
    """One telephone. `number` is the user part of its From header. `proxy` (host:port): where all its requests go,
    else to the host that is dialled. `speaks`: a WAV file (mono, 16 bit, 8000/s) that it says over and over while
    it talks; without one, a tone of 1000 Hz. `answers`: it takes calls by itself, else with `answer()`."""

    def __init__(
        self,
        folder: Path,
        *,
        number: str = "+3220001427",
        proxy: str | None = None,
        speaks: Path | None = None,
        answers: bool = False,
        rings_s: int = 120,
    ) -> None:
        self.folder, self.number, self.proxy = Path(folder), number, proxy
        # It takes the port after its own too, for SIP over TLS.
        self.port, self._control, self._media = free_port(beside=1), free_port(), free_port(beside=7)
        self.events: list[dict[str, Any]] = []
        self._speaks, self._answers, self._rings_s = speaks, answers, rings_s
        self._news = Condition()
        self._answered: dict[str, dict[str, Any]] = {}
        self._asked = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._reader: Thread | None = None

    @property
    def uri(self) -> str:
        """Where it is reached."""
        return f"sip:{self.number}@127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What baresip said."""
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def __enter__(self) -> Self:
        if not is_here():
            raise NoPhone("baresip is not installed")
        self._prepare()
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "-f", str(self.folder), "-4", "-v", "-t", str(ENDS_S)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        try:
            self._connect()
            self._wait_for_sip()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                # It says goodbye to whom it talks with.
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(PATIENCE)
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
        if self._reader is not None:
            self._reader.join(PATIENCE)

    def kill(self) -> None:
        """The battery is empty: nothing more is sent, no goodbye either."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(PATIENCE)

    # What one does with a telephone.

    def dial(self, uri: str) -> None:
        """Call somebody; `sip:+3220000100@127.0.0.1:5060`. Returns at once."""
        self._tell("dial", uri)

    def answer(self) -> None:
        """Take the call that rings."""
        self._tell("accept")

    def press(self, keys: str, *, apart_s: float = 0.1) -> None:
        """Press keys, as events of RFC 4733, each for about a fifth of a second."""
        for key in keys:
            self._tell("sndcode", key)
            time.sleep(0.22 + apart_s)

    def hold(self) -> None:
        """Put the other side on hold. After a hold, and whenever the media were not both ways, baresip 1.1 does not
        write into `heard()` any more, on both sides."""
        self._tell("hold")

    def resume(self) -> None:
        # It does, and then says that it had no other call to hold.
        with suppress(Refused):
            self._tell("resume")

    def hang_up(self) -> None:
        """End the call, or decline the one that rings."""
        # Also one that was dialled in this very moment, which is not yet "the" call.
        self._tell("hangupall")

    def heard(self) -> sound.Samples:
        """All that came through the line since the phone was switched on, 8000 samples a second: what was received,
        without the time in which nothing was sent. Of two calls begun in the same second only the second is kept."""
        files = sorted((self.folder / "heard").glob("*-dec.wav"), key=lambda file: file.stat().st_ctime_ns)
        parts = [sound.read(file)[0] for file in files]
        return np.concatenate(parts) if parts else np.zeros(0)

    def hears(self, seconds: float = 1.0) -> sound.Samples:
        """What comes in the next seconds of real time."""
        before = len(self.heard())
        time.sleep(seconds)
        return self.heard()[before:]

    # What happened to it.

    def types(self) -> list[str]:
        """The names of the events so far, such as CALL_RINGING, CALL_ESTABLISHED, CALL_CLOSED."""
        with self._news:
            return [str(event.get("type")) for event in self.events]

    def wait_for(self, kind: str, timeout: float = PATIENCE, *, count: int = 1) -> dict[str, Any]:
        """The `count`th event of a kind; raises TimeoutError."""
        with self._news:
            if self._news.wait_for(lambda: len(self._of(kind)) >= count, timeout):
                return self._of(kind)[count - 1]
        raise TimeoutError(
            f"{self.number}: no {kind} in {timeout} s, only {self.types()}\n{self.log[-2000:]}"
        )

    def wait_answered(self, timeout: float = PATIENCE, *, count: int = 1) -> dict[str, Any]:
        """Until both sides are connected. `count`: for the n-th call of this phone."""
        return self.wait_for("CALL_ESTABLISHED", timeout, count=count)

    def wait_rung(self, timeout: float = PATIENCE, *, count: int = 1) -> dict[str, Any]:
        """Until this phone rings; `peeruri` of the event is the number that calls."""
        return self.wait_for("CALL_INCOMING", timeout, count=count)

    def wait_ended(self, timeout: float = PATIENCE, *, count: int = 1) -> str:
        """Until the call is over, for whatever reason; returns the reason as baresip words it."""
        return str(self.wait_for("CALL_CLOSED", timeout, count=count).get("param", ""))

    def wait_heard(
        self, what: Callable[[sound.Samples], bool], timeout: float = PATIENCE, *, last_s: float = 1.0
    ) -> sound.Samples:
        """Until `what` is true of the last seconds heard, which are returned; raises TimeoutError."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            last = self.heard()[-int(last_s * sound.RATE) :]
            if what(last):
                return last
            time.sleep(0.1)
        heard = self.heard()
        raise TimeoutError(
            f"{self.number}: not heard in {timeout} s; {len(heard) / sound.RATE:.1f} s in all, last level "
            f"{sound.level(last):.4f}, loudest {sound.loudest(last):.0f} Hz"
        )

    def keys_received(self) -> str:
        """The keys that the other side pressed."""
        return "".join(str(each.get("param", "")) for each in self._of("CALL_DTMF_START"))

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("type") == kind]

    def _prepare(self) -> None:
        (self.folder / "heard").mkdir(parents=True, exist_ok=True)
        if self._speaks is None:
            sound.tone(self.folder / "says.wav", 1000, SPEAKS_S)
        else:
            samples, rate = sound.read(self._speaks)
            if rate != sound.RATE or not len(samples):
                raise ValueError(f"{self._speaks} must be a WAV file of {sound.RATE} samples a second")
            sound.write(self.folder / "says.wav", np.resize(samples, int(SPEAKS_S * sound.RATE)))
        settings = CONFIG.format(
            port=self.port,
            control=self._control,
            media=self._media,
            media_end=self._media + 8,
            folder=self.folder,
            modules=MODULES,
            rings_s=self._rings_s,
        )
        (self.folder / "config").write_text(settings)
        via = f';outbound="sip:{self.proxy};lr"' if self.proxy else ""
        mode = "auto" if self._answers else "manual"
        (self.folder / "accounts").write_text(
            f"<sip:{self.number}@127.0.0.1:{self.port}>;regint=0;answermode={mode}{via};"
            "audio_codecs=PCMA/8000/1;ptime=20\n"
        )

    def _connect(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            assert self._process is not None
            if self._process.poll() is not None:
                raise Refused(f"baresip ended at once: {self.log[-2000:]}")
            try:
                self._socket = socket.create_connection(("127.0.0.1", self._control), timeout=2)
                break
            except OSError:
                if time.monotonic() > end:
                    raise TimeoutError(f"baresip does not listen: {self.log[-2000:]}") from None
                time.sleep(0.02)
        self._socket.settimeout(None)
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _wait_for_sip(self) -> None:
        end = time.monotonic() + PATIENCE
        while "baresip is ready" not in self.log:
            if time.monotonic() > end:
                raise TimeoutError(f"baresip is not ready: {self.log[-2000:]}")
            time.sleep(0.02)

    def _read(self) -> None:
        """Netstrings of JSON, one event or one answer to a command each."""
        rest = b""
        assert self._socket is not None
        while True:
            try:
                came = self._socket.recv(65536)
            except OSError:
                return
            if not came:
                return
            rest += came
            while (colon := rest.find(b":")) > 0 and len(rest) > (size := int(rest[:colon])) + colon + 1:
                word = json.loads(rest[colon + 1 : colon + 1 + size])
                rest = rest[colon + size + 2 :]
                with self._news:
                    if word.get("event"):
                        self.events.append({**word, "at": time.monotonic()})
                    else:
                        self._answered[str(word.get("token"))] = word
                    self._news.notify_all()

    def _tell(self, command: str, params: str = "") -> None:
        """Raises `Refused` when baresip could not do it."""
        assert self._socket is not None
        self._asked += 1
        token = str(self._asked)
        word = json.dumps({"command": command, "params": params, "token": token}).encode()
        self._socket.sendall(b"%d:%s," % (len(word), word))
        with self._news:
            if not self._news.wait_for(lambda: token in self._answered, PATIENCE):
                raise TimeoutError(f"{self.number}: no answer to {command}\n{self.log[-2000:]}")
            answer = self._answered.pop(token)
        if not answer.get("ok"):
            raise Refused(f"{self.number}: {command} {params}: {answer.get('data')}")
