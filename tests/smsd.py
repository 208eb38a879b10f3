"""gammu-smsd with the dummy modem of its own authors: a folder is the network. Ended by its process id."""

import subprocess
import time
from pathlib import Path

from quartier.messaging.providers.gammu.backup import pieces

CONFIG = """\
[gammu]
model = dummy
connection = none
port = {home}/modem

[smsd]
service = files
logfile = {home}/log
debuglevel = 1
commtimeout = 1
receivefrequency = 1
multiparttimeout = 5
checknetwork = 0
inboxpath = {home}/inbox/
outboxpath = {home}/outbox/
sentsmspath = {home}/sent/
errorsmspath = {home}/error/
inboxformat = detail
deliveryreport = sms
"""
PATIENCE_S = 30


class Smsd:
    """One smsd and its stick, in a folder."""

    def __init__(self, home: Path) -> None:
        self.home, self.file = home, home / "smsdrc"
        for name in ("inbox", "outbox", "sent", "error", *(f"modem/sms/{number}" for number in range(1, 6))):
            (home / name).mkdir(parents=True)
        self.file.write_text(CONFIG.format(home=home))
        self._process: subprocess.Popen[bytes] | None = None
        self._came = 0

    def start(self) -> None:
        log = (self.home / "said").open("ab")
        self._process = subprocess.Popen(
            ["gammu-smsd", "--config", str(self.file)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        log.close()

    def stop(self) -> None:
        """In an orderly way, or at once when it takes too long."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def names(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.home / folder).iterdir() if path.is_file())

    def comes(self, folder: str, count: int = 1) -> list[Path]:
        """The files of a folder, once there are so many."""
        end = time.monotonic() + PATIENCE_S
        while len(self.names(folder)) < count:
            assert time.monotonic() < end, f"{folder}: {self.names(folder)}: {self.log()}"
            time.sleep(0.1)
        return [self.home / folder / name for name in self.names(folder)]

    def log(self) -> str:
        return (self.home / "log").read_text(errors="replace")[-2000:] if (self.home / "log").exists() else ""

    def arrives(self, sender: str, text: str, *, status: str = "", reference: int = 0) -> None:
        """Somebody's text reaches the stick, in as many parts as it takes; or what the network says of one of ours."""
        parts = [status] if status else pieces(text)
        self._came += 1
        for place, part in enumerate(parts, 1):
            data = part.encode("utf-16-be").hex().upper()
            lines = [
                "[SMSBackup000]",
                'SMSC = "+32475161616"',
                f"PDU = {'Status_Report' if status else 'Deliver'}",
                "DateTime = 20270112T101530Z",
                "State = UnRead",
                f'Number = "{sender}"',
                *([f"UDH = 050003{self._came:02X}{len(parts):02X}{place:02X}"] if len(parts) > 1 else []),
                *(f"Text{at // 200:02} = {data[at : at + 200]}" for at in range(0, len(data), 200)),
                "Coding = Unicode_No_Compression",
                f"Length = {len(data) // 4}",
                f"MessageReference = {reference}",
            ]
            draft = self.home / "modem" / "draft"
            draft.write_text("\n".join(lines) + "\n")
            draft.rename(self.home / f"modem/sms/1/{self._came * 20 + place}")
