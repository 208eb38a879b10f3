"""What the benchmarks of the line share: the running line, how its callers call, what its parts use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PARTS = ("kamailio", "rtpengine", "callcore")
# Rings, waits for the 200, hears the greeting for a while, hangs up. `rtd`: from the INVITE to the answer.
SCENARIO = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="caller">
<send retrans="500" start_rtd="answered"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+322000[call_number]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:bench@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=bench 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
]]></send>
<recv response="100" optional="true"/><recv response="180" optional="true"/>
<recv response="200" rrs="true" rtd="answered"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:+322000[call_number]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<pause/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:+322000[call_number]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
"""


@contextmanager
def running(*, trunk: int | None = None) -> Iterator[Any]:
    """A whole installation with its line and ports enough for sound (`tests.line.site.LineSite`)."""
    from tests.line.site import line_running

    environ = {
        "QUARTIER_LINE_PLAIN_BROWSERS": "true",
        # Hundreds of operators from one address: as behind a web server.
        "QUARTIER_LINE_WEBSOCKET": "ws://127.0.0.1/line/ws",
    }
    with line_running(trunk=trunk, rtp=(20_000, 32_000), environ=environ) as line:
        yield line


def speaking(sound: Path) -> str:
    """The same caller with a number of its own, from the first column of a file, who speaks: `sound`, A-law bytes,
    over and over, in packets of 20 ms."""
    says = f'<nop><action><exec rtp_stream="{sound},-1,8,PCMA/8000"/></action></nop>\n'
    return (
        SCENARIO.replace("+322000[call_number]", "[field0]")
        .replace("[media_port]", "[rtpstream_audio_port]")
        .replace("<pause/>", f"{says}<pause/>")
    )


def _processes(home: str, part: str) -> Iterator[Path]:
    """The folders in /proc of this installation's processes whose command line has this word."""
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            if part in command and home in (folder / "environ").read_bytes().decode(errors="replace"):
                yield folder
        except OSError:
            continue


def processes(home: str, part: str) -> set[int]:
    """The numbers of a part's processes."""
    return {int(folder.name) for folder in _processes(home, part)}


def resident(home: str, part: str) -> float:
    """MB of all processes of a part; what forked ones share is divided among them."""
    total = 0
    for folder in _processes(home, part):
        with suppress(OSError):
            rows = (folder / "smaps_rollup").read_text().splitlines()
            total += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return round(total / 1024, 1)


def cpu_seconds(home: str) -> dict[str, float]:
    """How long each part has worked since its start, in seconds of one core."""
    return {part: sum(worked(int(folder.name)) for folder in _processes(home, part)) for part in PARTS}


def worked(pid: int) -> float:
    """How long a process has worked, in seconds of one core."""
    try:
        # After the name in brackets: the state, then numbers; user and system time are the 12th and 13th.
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
