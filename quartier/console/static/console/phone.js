// The telephone in this browser: tells the line that it is there, rings, answers, is muted. It knows nothing of the
// page around it (`line.js` does). When the page goes away it says no goodbye: call control then calls again.
//
// `state`: line  off | connecting | ready
//          talk  "" | ringing | connecting | talking, with `call`, the name of that call
//          muted; trouble  "" | denied | missing | taken | insecure | unheard | signed_out
// Every change is an event `state`.
import { UA, WebSocketInterface } from "./vendor/jssip/jssip.min.js";

const WAITS = [1000, 2000, 5000, 10_000]; // ms between tries to be given a password
const GATHER = 300; // ms to find ways through the network, once there is one
const FRESH = 600_000; // ms: a password that ends sooner is renewed first
// Seconds that the line remembers us, and ms after which we say again that we are here. A page that nobody looks at
// is woken once a minute at most.
const KNOWN = 180;
const SAY_AGAIN = 45_000;
const ASLEEP = 150_000; // ms: a clock that jumps by so much belongs to a computer that slept
const VOICE = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } };
const TROUBLES = {
  NotAllowedError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "taken",
  AbortError: "taken",
};

const log = (words) => console.info(`phone: ${words}`);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// Whoever has muted a call is still muted when it comes back after a refresh, also on another page.
const MUTED = "quartier.muted";

// This browser is one phone, also after a refresh: the line then replaces its old place by the new one.
const name = () => {
  localStorage["quartier.phone"] ??= crypto.randomUUID();
  return localStorage["quartier.phone"];
};

export class Phone extends EventTarget {
  state = { line: "off", talk: "", call: "", muted: false, trouble: "" };
  #ask;
  #sound;
  #ua = null;
  #session = null;
  #exchange = "";
  #voice = null;
  #given = null;
  #wanted = false;
  #tick = Date.now();
  #said = 0;

  // `ask()` gives what the line has given us: uri, user, password, wss_url, ice_servers, expires_at; or null when
  // nobody is signed in any more. `sound`: an audio element.
  constructor(ask, sound) {
    super();
    this.#ask = ask;
    this.#sound = sound;
    addEventListener("online", () => this.#again("the network is back"));
    setInterval(() => {
      if (Date.now() - this.#tick > ASLEEP) this.#again("this computer was asleep");
      else if (this.#ua?.isRegistered() && Date.now() - this.#said > SAY_AGAIN) this.#sayAgain();
      this.#tick = Date.now();
    }, 5000);
  }

  async start() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#set({ line: "connecting", trouble: "" });
    if (!(await this.#renew()) || !this.#wanted) return;
    const { uri, user, password, wss_url: wss } = this.#given;
    this.#ua = new UA({
      sockets: [new WebSocketInterface(wss)],
      uri,
      authorization_user: user,
      password,
      instance_id: name(),
      register_expires: KNOWN,
      session_timers: false,
      user_agent: "Quartier",
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
    });
    this.#ua.on("registered", () => {
      log("the line knows that we are here");
      this.#said = Date.now();
      this.#set({ line: "ready" });
    });
    this.#ua.on("unregistered", () => this.#wanted && this.#set({ line: "connecting" }));
    this.#ua.on("disconnected", () => this.#wanted && this.#set({ line: "connecting" }));
    this.#ua.on("registrationFailed", async ({ cause }) => {
      log(`the line does not let us in (${cause}); again`);
      await wait(WAITS[1]);
      if (this.#wanted && (await this.#renew())) this.#ua.register();
    });
    this.#ua.on("newRTCSession", ({ originator, request, session }) => {
      if (originator === "remote") this.#rings(session, request);
    });
    this.#ua.start();
    log("connecting to the line");
  }

  // Off the line. Only when no call goes on: whoever is on a call stays on it until it is over.
  stop() {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#ua?.stop();
    this.#ua = null;
    this.#over();
    this.#set({ line: "off", trouble: "" });
    log("off the line");
  }

  // Ask for the microphone before anybody waits for it. True when there is one.
  async tryVoice() {
    const allowed = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    if (allowed?.state === "granted" && devices.some(({ kind }) => kind === "audioinput")) return true;
    const voice = await this.#microphone();
    voice?.getTracks().forEach((track) => track.stop());
    return voice !== null;
  }

  async answer() {
    if (this.state.talk !== "ringing" || !this.#session) return;
    this.#set({ talk: "connecting" });
    // Without a microphone it goes on ringing: there may be time to plug it in.
    if (!(await this.#take(this.#session)) && this.#session) this.#set({ talk: "ringing" });
  }

  mute(on) {
    for (const track of this.#voice?.getAudioTracks() ?? []) track.enabled = !on;
    if (on) localStorage[MUTED] = this.state.call;
    else localStorage.removeItem(MUTED);
    this.#set({ muted: Boolean(this.#voice) && on });
  }

  // Off this call: for who listens or advises. Whose call it is, that one is ended by call control.
  leave() {
    this.#session?.terminate();
  }

  // Browsers let nothing sound before somebody has touched the page.
  listen() {
    if (!this.#sound.srcObject) return;
    this.#sound.play().then(
      () => this.state.trouble === "unheard" && this.#set({ trouble: "" }),
      () => this.#set({ trouble: "unheard" }),
    );
  }

  #rings(session, request) {
    const call = request.getHeader("X-Quartier-Call") ?? "";
    const auto = request.getHeader("X-Quartier-Answer") === "auto";
    // Another exchange than before: call control was started again, and what we had is nobody's any more.
    const exchange = request.getHeader("X-Quartier-Exchange") ?? "";
    if (this.#session && !auto && exchange === this.#exchange) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.#exchange = exchange;
    // The same call once more: what we had of it is gone, and nobody must hear two of it.
    this.#quiet();
    this.#session = session;
    const mine = (act) => (event) => this.#session === session && act(event);
    session.on("peerconnection", ({ peerconnection }) =>
      peerconnection.addEventListener("track", ({ track, streams }) => {
        this.#sound.srcObject = streams[0] ?? new MediaStream([track]);
        this.listen();
      }),
    );
    let gathering;
    session.on("icecandidate", ({ ready }) => (gathering ??= setTimeout(ready, GATHER)));
    session.on("confirmed", mine(() => log("connected")));
    session.on("accepted", mine(() => this.#set({ talk: "talking" })));
    const ends = mine(({ cause }) => {
      log(`the call is over (${cause})`);
      this.#over();
    });
    session.on("ended", ends);
    session.on("failed", ends);
    log(auto ? "a call comes back to us" : "a call comes in");
    this.#set({ talk: auto ? "connecting" : "ringing", call, muted: false });
    if (auto) this.#comesBack(session);
  }

  // False when there is no microphone.
  async #take(session) {
    const voice = await this.#microphone();
    if (!voice || this.#session !== session || session.isEnded()) {
      voice?.getTracks().forEach((track) => track.stop());
      return voice !== null;
    }
    this.#voice = voice;
    if (this.state.call && localStorage[MUTED] === this.state.call) this.mute(true);
    session.answer({ mediaStream: voice, pcConfig: { iceServers: this.#given.ice_servers ?? [] } });
    return true;
  }

  async #comesBack(session) {
    if (!(await this.#take(session)) && !session.isEnded()) session.terminate({ status_code: 480 });
  }

  #quiet() {
    for (const track of this.#voice?.getTracks() ?? []) track.stop();
    this.#voice = null;
    this.#sound.srcObject = null;
  }

  #over() {
    this.#quiet();
    this.#session = null;
    this.#set({ talk: "", call: "", muted: false });
  }

  async #microphone() {
    try {
      const voice = await navigator.mediaDevices.getUserMedia(VOICE);
      if (this.state.trouble) this.#set({ trouble: "" });
      return voice;
    } catch (error) {
      const trouble = TROUBLES[error.name] ?? "insecure";
      log(`no microphone (${trouble})`);
      this.#set({ trouble });
      return null;
    }
  }

  // A new password of the line, as often as it takes. False when nobody is signed in.
  async #renew() {
    for (let tries = 0; this.#wanted; tries += 1) {
      try {
        this.#given = await this.#ask();
        if (!this.#given) {
          log("signed out");
          this.#wanted = false;
          this.#set({ line: "off", trouble: "signed_out" });
          return false;
        }
        this.#ua?.set("authorization_user", this.#given.user);
        this.#ua?.set("password", this.#given.password);
        return true;
      } catch {
        await wait(WAITS[Math.min(tries, WAITS.length - 1)]);
      }
    }
    return false;
  }

  async #sayAgain() {
    this.#said = Date.now();
    const left = Date.parse(this.#given.expires_at) - Date.now();
    if (left > FRESH || (await this.#renew())) this.#ua?.register();
  }

  // The connection may be dead without anybody having said so.
  #again(why) {
    if (!this.#ua || !this.#wanted) return;
    log(`connecting again: ${why}`);
    this.#ua.transport.disconnect();
    this.#ua.transport.connect();
  }

  #set(changes) {
    Object.assign(this.state, changes);
    this.dispatchEvent(new Event("state"));
  }
}
