"""Half a telephone exchange for the tests of the phone in the browser: it lets the phone register, and calls it."""

import re
from typing import Any
from uuid import uuid4

OFFER = """async () => {
  const there = (window.there = new RTCPeerConnection());
  const tone = new AudioContext();
  const out = tone.createMediaStreamDestination();
  const voice = new OscillatorNode(tone, { frequency: 700 });
  voice.connect(out);
  voice.start();
  there.addTrack(out.stream.getAudioTracks()[0], out.stream);
  await there.setLocalDescription(await there.createOffer());
  await new Promise((done) => (there.iceGatheringState === "complete" ? done() : there.addEventListener(
    "icegatheringstatechange", () => there.iceGatheringState === "complete" && done())));
  return there.localDescription.sdp;
}"""


class Exchange:
    """Put in place of the WebSocket at `url`. `said`: every request of the phone, by method; `answers`: what it has
    answered, as status and body; `tags`: by which it names its own side, in the same order."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.said, self.answers, self.sockets = page, [], [], []
        self.tags: list[str] = []
        page.context.route_web_socket(url, self._opened)

    def _opened(self, socket: Any) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self._heard(socket, text))

    def _heard(self, socket: Any, text: str) -> None:
        first = text.split("\r\n", 1)[0]
        if not first.strip():
            return
        if first.startswith("SIP/2.0"):
            self.tags += re.findall(r"^To: .*;tag=([^;\r]+)", text, re.M)
            self.answers.append((int(first.split()[1]), text.partition("\r\n\r\n")[2]))
            return
        method = first.split()[0]
        self.said.append(method)
        if method == "REGISTER":
            expires = "0" if "expires=0" in text.lower() else "120"
            contact = re.search(r"^Contact: (.*)$", text, re.M)
            shown = re.sub(r";expires=\d+", "", contact.group(1).strip()) + f";expires={expires}"
            self._answer(socket, text, "200 OK", f"Contact: {shown}\r\n")
        elif method in {"BYE", "CANCEL"}:
            self._answer(socket, text, "200 OK")

    def _answer(self, socket: Any, text: str, status: str, more: str = "") -> None:
        def line(name: str) -> str:
            return "".join(f"{each}\r\n" for each in re.findall(rf"^{name}: .*?(?=\r?$)", text, re.M))

        to = line("To").strip()
        tag = "" if "tag=" in to else f";tag={uuid4().hex[:8]}"
        head = line("Via") + line("From") + f"{to}{tag}\r\n" + line("Call-ID") + line("CSeq")
        socket.send(f"SIP/2.0 {status}\r\n{head}{more}Content-Length: 0\r\n\r\n")

    def calls(self, call: Any, uri: str, how: str = "ask", language: str = "") -> "Leg":
        """Ring the phone for a call; `uri`: of the operator."""
        leg = Leg(self.sockets[-1], uri)
        sdp = self.page.evaluate(OFFER)
        spoken = f"X-Quartier-Language: {language}\r\n" if language else ""
        leg.send("INVITE", f"X-Quartier-Call: {call}\r\nX-Quartier-Answer: {how}\r\n{spoken}", sdp)
        return leg


class Leg:
    """One call to the phone."""

    def __init__(self, socket: Any, uri: str) -> None:
        self.socket, self.uri = socket, uri
        self.id, self.branch, self.tag = uuid4().hex, uuid4().hex, uuid4().hex[:8]

    def send(self, method: str, more: str = "", sdp: str = "", to_tag: str = "") -> None:
        body = sdp.replace("\r\n", "\n").replace("\n", "\r\n")
        kind = "Content-Type: application/sdp\r\n" if body else ""
        tag = f";tag={to_tag}" if to_tag else ""
        self.socket.send(
            f"{method} {self.uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/WS 127.0.0.1;branch=z9hG4bK{self.branch}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:line@127.0.0.1>;tag={self.tag}\r\nTo: <{self.uri}>{tag}\r\nCall-ID: {self.id}\r\n"
            f"CSeq: {2 if method == 'BYE' else 1} {method}\r\n"
            f"Contact: <sip:line@127.0.0.1;transport=ws>\r\n{more}{kind}"
            f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )
