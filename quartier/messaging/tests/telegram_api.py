"""api.telegram.org on this machine: the methods that we use, as its documentation describes them, and people with the
app. It misbehaves on purpose where it is told to."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
YOUSSEF, STRANGER = 4001, 4099


class BotApi:
    """`moods`: what it does with the next calls of a method instead of answering. `sent`: the messages that it took,
    also those of which it said nothing. `calls`: every method that was called."""

    def __init__(self):
        self.moods, self.sent, self.calls, self.answered, self.asked = {}, [], [], [], []
        self.blocked, self.webhook = set(), ""
        self._updates, self._next, self._lock = [], 700, threading.Lock()
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                _empty, bot, method = self.path.split("/")
                given = json.loads(body)
                with api._lock:
                    api.calls.append(method)
                    mood = api.moods.get(method, [])
                    mood = mood.pop(0) if mood else None
                    if bot != f"bot{TOKEN}":
                        status, said = 401, api.no(401, "Unauthorized")
                    elif isinstance(mood, tuple):
                        status, said = mood
                    else:
                        status, said = api.does(method, given)
                if callable(mood):
                    mood(self)
                    return
                raw = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://{TOKEN}@127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    @staticmethod
    def no(code, description, **parameters):
        said = {"ok": False, "error_code": code, "description": description}
        return said | ({"parameters": parameters} if parameters else {})

    def does(self, method, given):
        match method:
            case "getMe":
                return 200, {"ok": True, "result": {"id": 1, "is_bot": True, "username": "quartier_bot"}}
            case "getWebhookInfo":
                return 200, {"ok": True, "result": {"url": self.webhook}}
            case "sendMessage":
                if not isinstance(given["chat_id"], int) or given["chat_id"] <= 0:
                    return 400, self.no(400, "Bad Request: chat not found")
                if given["chat_id"] in self.blocked:
                    return 403, self.no(403, "Forbidden: bot was blocked by the user")
                self.sent.append(given)
                return 200, {"ok": True, "result": {"message_id": len(self.sent), "chat": {}}}
            case "answerCallbackQuery":
                self.answered.append(given)
                return 200, {"ok": True, "result": True}
            case "getUpdates":
                self.asked.append(given)
                if "offset" in given:
                    self._updates = [each for each in self._updates if each["update_id"] >= given["offset"]]
                wanted = set(given["allowed_updates"]) | {"update_id"}
                found = [each for each in self._updates if set(each) <= wanted or None in each.values()]
                return 200, {"ok": True, "result": found[: given["limit"]]}
        return 404, self.no(404, "Not Found: method not found")

    def words(self, chat):
        """What somebody reads in their chat with the bot."""
        return [each["text"] for each in self.sent if each["chat_id"] == chat]

    def comes(self, **update):
        """Something happens; `update_id` may be chosen."""
        self._next = update.pop("update_id", self._next)
        self._updates.append({"update_id": self._next, **update})
        self._next += 1

    def writes(self, chat, text=None, *, kind="private", robot=False, language="fr", **more):
        writer = {"id": chat, "is_bot": robot, "first_name": "Nadia", "language_code": language}
        said = {
            "message_id": self._next,
            "date": 1799748000,
            "chat": {"id": chat, "type": kind},
            "from": writer,
        }
        self.comes(message=said | ({} if text is None else {"text": text}) | more)

    def presses(self, chat, data, key="4382bfdwdsb323b2d9"):
        said = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}}
        writer = {"id": chat, "is_bot": False, "first_name": "Nadia", "language_code": "fr"}
        self.comes(callback_query={"id": f"{key}{self._next}", "from": writer, "message": said, "data": data})

    def blocks(self, chat, *, told=True):
        self.blocked.add(chat)
        if told:
            member = {"status": "kicked", "user": {"id": 1, "is_bot": True}}
            self.comes(
                my_chat_member={"chat": {"id": chat, "type": "private"}, "date": 1, "new_chat_member": member}
            )


def hangs(handler):
    time.sleep(1.5)


def hangs_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


def cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "900")
    handler.end_headers()
    handler.wfile.write(b'{"ok": true, "result": {"message_id": 4')
    handler.close_connection = True


def hear():
    """One worker listens once."""
    from quartier.messaging import chatting
    from quartier.messaging.providers import bots

    for provider in bots():
        chatting.listen(provider)


def send():
    """Everything that is due goes out."""
    from quartier.messaging.delivery import deliver

    while deliver():
        pass
