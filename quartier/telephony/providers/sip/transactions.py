"""SIP messages as they come in, before anything is made of them."""

import logging
from contextlib import suppress
from hashlib import md5
from typing import Any

from sippy.SipRequest import SipRequest
from sippy.SipResponse import SipResponse
from sippy.SipTransactionManager import RINGING, TRYING, SipTransactionManager
from sippy.Time.MonoTime import MonoTime

from quartier.telephony.providers.sip.dialog import Dialog
from quartier.telephony.providers.sip.incoming_text import LineTooLong, readable
from quartier.telephony.providers.sip.unreadable import UnreadableAnswer, bad_request, look_through

log = logging.getLogger(__name__)
# sippy reads no more of a datagram.
MAX_MESSAGE_BYTES = 8192
TOO_LARGE, SERVER_ERROR = 513, 500
# More than a busy line hears within half a minute; beyond, a message is read each time that it comes.
MAX_TEXTS = 4000


class ReadTexts:
    """What was made of the messages of the last minute, by their bytes: whoever sends one again costs nothing."""

    def __init__(self) -> None:
        self._new: dict[bytes, str] = {}
        self._old: dict[bytes, str] = {}

    def text_of(self, data: bytes) -> str:
        """Raises `LineTooLong`."""
        digest = md5(data, usedforsecurity=False).digest()
        known = self._new.get(digest, self._old.get(digest))
        if known is None:
            known = readable(data)
            if len(self._new) < MAX_TEXTS:
                self._new[digest] = known
        return known

    def grow_old(self) -> None:
        """Half a minute is over."""
        self._old, self._new = self._new, {}


class Transactions(SipTransactionManager):  # type: ignore[misc]
    """What comes in broken is refused, and what is too large. An answer that is broken ends what we asked, and one that
    belongs to nothing is ended: a carrier that forks a call answers twice, and the second phone would talk to nobody,
    at our cost."""

    proxy: tuple[str, int] = ("127.0.0.1", 5060)

    def __init__(self, *given: Any, **named: Any) -> None:
        self._texts = ReadTexts()
        super().__init__(*given, **named)

    def rCachePurge(self) -> None:  # noqa: N802
        super().rCachePurge()
        self._texts.grow_old()

    def newTransaction(self, msg: Any, *given: Any, **named: Any) -> Any:  # noqa: N802
        """Whatever we ask goes to our edge. A Record-Route names it as the outside sees it, and behind a router that
        leads nowhere from here."""
        msg.setTarget((self.proxy, "udp"))
        return super().newTransaction(msg, *given, **named)

    def transmitReq(self, t: Any, msg: Any, _address: Any, cachesum: Any) -> None:  # noqa: N802
        """The ACK of an answer, too."""
        super().transmitReq(t, msg, self.proxy, cachesum)

    def handleIncoming(self, data: Any, source: Any, server: Any, at: Any) -> None:  # noqa: N802
        raw = data.encode() if isinstance(data, str) else data
        try:
            text = self._texts.text_of(raw)
        except LineTooLong as error:
            self._refuse_long_line(error.text, source, server, is_large=len(raw) >= MAX_MESSAGE_BYTES)
            return
        if self._is_resent(text):
            super().handleIncoming(text, source, server, at)
        elif text.startswith("SIP/2.0 "):
            self._hear_answer(text, source, server, at)
        else:
            self._hear_request(text, source, server, at, is_large=len(raw) >= MAX_MESSAGE_BYTES)

    def _is_resent(self, text: str) -> bool:
        """Whether this very message was here a moment ago: it is answered as it was then, and not looked at again."""
        checksum = md5(text.encode(), usedforsecurity=False).digest()
        return checksum in self.l1rcache or checksum in self.l2rcache

    def _refuse_long_line(self, text: str, source: Any, server: Any, *, is_large: bool) -> None:
        """`text`: with that line cut."""
        log.warning("a SIP message with a header that is too long")
        if text.startswith("SIP/2.0 "):
            self._give_up_safely(text, server)
        elif is_large:
            with suppress(Exception):
                self._refuse(text, server)
        elif refusal := bad_request(text):
            self.transmitData(server, refusal, source.address)

    def _hear_answer(self, text: str, source: Any, server: Any, at: Any) -> None:
        try:
            answer = SipResponse(text)
            if self._is_stray(answer, text):
                self._end_stray(answer, server)
                return
            super().handleIncoming(text, source, server, at)
        except Exception as error:
            log.warning("an answer that cannot be understood: %s", type(error).__name__)
            self._give_up_safely(text, server)

    def _give_up_safely(self, text: str, server: Any) -> None:
        try:
            self._give_up(UnreadableAnswer(text), server)
        except Exception as trouble:
            log.warning("a call could not be given up: %s", type(trouble).__name__)

    def _hear_request(self, text: str, source: Any, server: Any, at: Any, *, is_large: bool) -> None:
        request = None
        try:
            if is_large:
                self._refuse(text, server)
                return
            read = SipRequest(text)
            look_through(read)
            request = read
            super().handleIncoming(text, source, server, at)
        except Exception as error:
            log.warning("a SIP message that cannot be understood: %s", type(error).__name__)
            if request is None or self._is_left_open(request):
                refusal = bad_request(text)
                if refusal:
                    self.transmitData(server, refusal, source.address)

    def _is_left_open(self, request: Any) -> bool:
        """Whether nobody has answered it; whoever sends it again is not met with silence."""
        open_one = self.tserver.get(request.getTId(wBRN=True))
        if open_one is None or open_one.state not in {TRYING, RINGING}:
            return False
        self._forget(self.tserver, open_one)
        return True

    def _give_up(self, answer: UnreadableAnswer, server: Any) -> None:
        """What we asked has ended with this answer, as far as its code goes; a call that it would be is ended."""
        asked = next(
            (t for t in self.tclient.values() if (t.method, t.tid[-1]) == (answer.method, answer.branch)),
            None,
        )
        if asked is None or answer.code < 200:
            return
        told, failed = asked.resp_cb, getattr(asked, "r408", None)
        is_call = asked.needack and 200 <= answer.code < 300
        if is_call:
            dialog = answer.dialog(asked.ack)
            self.transmitMsg(server, dialog.request("ACK", self.proxy, dialog.cseq - 1), self.proxy, None)
            self.end(dialog)
        elif asked.needack:
            if answer.tag:
                asked.ack.getHFBody("to").setTag(answer.tag)
            self.transmitReq(asked, asked.ack, None, None)
        if told is not None and failed is not None:
            failed.setSCode(SERVER_ERROR if is_call else answer.code, "Not Understood")
            failed.rtime = MonoTime()
            told(failed, asked)
        self._forget(self.tclient, asked)

    def _forget(self, those: Any, transaction: Any) -> None:
        for timer in ("teA", "teB", "teC", "teD", "teE", "teF", "teG"):
            if (running := getattr(transaction, timer, None)) is not None:
                running.cancel()
        those.pop(transaction.tid, None)
        transaction.cleanup()

    def end(self, dialog: Dialog) -> None:
        """Send the BYE of a leg that nothing here knows."""
        try:
            self.newTransaction(dialog.request("BYE", self.proxy))
        except Exception as error:
            log.warning("an old leg could not be ended: %s", type(error).__name__)

    def _is_stray(self, answer: Any, text: str) -> bool:
        code = answer.getSCode()[0]
        tid = answer.getTId(True, True)
        if tid in self.tclient or not 200 <= code < 300 or answer.getHFBody("cseq").getCSeq()[1] != "INVITE":
            return False
        return not self._is_resent(text)

    def _end_stray(self, answer: Any, server: Any) -> None:
        """Confirmed, so that it is not sent again; ended, unless it is of the dialog that we have."""
        dialog = Dialog.of_answer(answer)
        acknowledged = dialog.request("ACK", self.proxy, dialog.cseq - 1)
        self.transmitMsg(server, acknowledged, self.proxy, None)
        tag = answer.getHFBody("to").getTag()
        ours = [each.cobj for each in self.req_consumers.get(dialog.call_id, ())]
        if not any(each.rUri is not None and each.rUri.getTag() == tag for each in ours):
            log.info("a second phone that answered a call was let go")
            self.end(dialog)

    def _refuse(self, text: str, server: Any) -> None:
        """Of a message that is longer than what is read, the headers alone are whole."""
        head = text.partition("\r\n\r\n")[0].split("\r\n")
        kept = [
            each for each in head if not each.lower().startswith(("content-length", "l:", "content-type"))
        ]
        request = SipRequest("\r\n".join([*kept, "Content-Length: 0", "", ""]))
        if request.getMethod() == "ACK":
            return
        answer = request.genResponse(TOO_LARGE, "Message Too Large")
        if answer.getHFBody("to").getTag() is None:
            answer.getHFBody("to").genTag()
        self.transmitMsg(server, answer, answer.getHFBody("via").getTAddr(), None)
