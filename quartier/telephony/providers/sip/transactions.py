"""SIP messages as they come in, before anything is made of them."""

import logging
from hashlib import md5
from typing import Any

from sippy.SipRequest import SipRequest
from sippy.SipResponse import SipResponse
from sippy.SipTransactionManager import SipTransactionManager

from quartier.telephony.providers.sip.dialog import Dialog

log = logging.getLogger(__name__)
# sippy reads no more of a datagram.
MAX_MESSAGE_BYTES = 8192
TOO_LARGE = 513


class Transactions(SipTransactionManager):  # type: ignore[misc]
    """What comes in broken is dropped, what is too large is refused at once, and an answer that belongs to nothing is
    ended: a carrier that forks a call answers twice, and the second phone would talk to nobody, at our cost."""

    proxy: tuple[str, int] = ("127.0.0.1", 5060)

    def handleIncoming(self, data: Any, source: Any, server: Any, at: Any) -> None:  # noqa: N802
        try:
            text = data.decode() if isinstance(data, bytes) else data
            if text.startswith("SIP/2.0 "):
                answer = SipResponse(text)
                if self._is_stray(answer, data):
                    self._end_stray(answer, server)
                    return
            elif len(data) >= MAX_MESSAGE_BYTES:
                self._refuse(text, server)
                return
            else:
                SipRequest(text).getTIds()
            super().handleIncoming(data, source, server, at)
        except Exception as error:
            log.warning("a SIP message that cannot be understood: %s", type(error).__name__)

    def end(self, dialog: Dialog) -> None:
        """Send the BYE of a leg that nothing here knows."""
        try:
            self.newTransaction(dialog.request("BYE", self.proxy))
        except Exception as error:
            log.warning("an old leg could not be ended: %s", type(error).__name__)

    def _is_stray(self, answer: Any, data: Any) -> bool:
        code = answer.getSCode()[0]
        tid = answer.getTId(True, True)
        if tid in self.tclient or not 200 <= code < 300 or answer.getHFBody("cseq").getCSeq()[1] != "INVITE":
            return False
        checksum = md5(data if isinstance(data, bytes) else data.encode(), usedforsecurity=False).digest()
        return checksum not in self.l1rcache and checksum not in self.l2rcache

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
