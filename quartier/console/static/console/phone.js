// The telephone in this browser: tells the line that it is there, rings, answers, is muted. It knows nothing of the
// page around it (`line.js` does). When the page goes away it says no goodbye: call control then calls again.
//
// `state`: line  off | connecting | ready
//          talk  "" | ringing | connecting | talking, with `call`, the name of that call
//          muted; voiceless: on a call, without any microphone; language of the caller; keys that were sent, keysRefused;
//          quality, as `call_quality.js` shows it
//          trouble  "" | denied | missing | taken | insecure | unheard | signed_out | microphone_gone | output_gone
//                   | reconnecting | asleep_in_call | taken_elsewhere
// Every change is an event `state`.
import { isPluggedIn, openMicrophone, routeOutput, troubleOf } from "./audio_devices.js";
import { QualityWatch } from "./call_quality.js";
import { UA, WebSocketInterface } from "./vendor/jssip/jssip.min.js";

const WAITS = [1000, 2000, 5000, 10_000]; // ms between tries to be given a password
const GATHER = 300; // ms to find ways through the network, once there is one
const FRESH = 600_000; // ms: a password that ends sooner is renewed first
// Seconds that the line remembers us, and ms after which we say again that we are here. A page that nobody looks at
// is woken once a minute at most.
const KNOWN = 180;
const SAY_AGAIN = 45_000;
const JUST_SEEN = 5000; // ms: the same when somebody looks at the page again
const ASLEEP = 150_000; // ms: a clock that jumps by so much belongs to a computer that slept
// ms: the same in a call, where browsers let the clock of a hidden page go. After so long call control has given the
// caller to somebody else.
const ASLEEP_IN_CALL = 20_000;
const RECONNECTING = 3000; // ms without the line before the page speaks of it
const RACE = 2500; // ms after an answer in which the line may say that somebody else was first
const KEY = { transportType: "RFC2833", duration: 160, interToneGap: 70 };
const MAX_KEYS_SHOWN = 24;
const SILENT = { muted: false, voiceless: false, keys: "", keysRefused: false, quality: null };
const NO_CALL = { talk: "", call: "", language: "", ...SILENT };

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
  state = { line: "off", trouble: "", ...NO_CALL };
  #ask;
  #sound;
  #report;
  #watch = null;
  #answeredAt = 0;
  #unheardOf = 0;
  #ua = null;
  #session = null;
  #exchange = "";
  #voice = null;
  #given = null;
  #wanted = false;
  #tick = Date.now();
  #said = 0;

  // `ask()` gives what the line has given us: uri, user, password, wss_url, ice_servers, expires_at; or null when
  // nobody is signed in any more. `sound`: an audio element. `report(call, fields)`: how well a call is heard.
  constructor(ask, sound, report) {
    super();
    this.#ask = ask;
    this.#sound = sound;
    this.#report = report;
    addEventListener("online", () => this.#again("the network is back"));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#devicesChanged());
    document.addEventListener("visibilitychange", () => document.hidden || this.#lookAgain(JUST_SEEN));
    setInterval(() => this.#lookAgain(), 5000);
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
      clearTimeout(this.#unheardOf);
      this.#unheardOf = 0;
      this.#set({ line: "ready", ...(this.state.trouble === "reconnecting" && { trouble: "" }) });
    });
    this.#ua.on("unregistered", () => this.#isAway());
    this.#ua.on("disconnected", () => this.#isAway());
    this.#ua.on("registrationFailed", async ({ cause }) => {
      log(`the line does not let us in (${cause}); again`);
      await wait(WAITS[1]);
      if (cause === "Request Timeout") this.#again("the line did not answer");
      else if (this.#wanted && (await this.#renew())) this.#ua.register();
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
    clearTimeout(this.#unheardOf);
    this.#over();
    this.#set({ line: "off", trouble: "" });
    log("off the line");
  }

  // Ask for the microphone before anybody waits for it; in a call, speak with what there is now. True when there is one.
  async tryVoice() {
    if (this.#voice) return this.#changeVoice();
    const allowed = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    if (!this.state.trouble && allowed?.state === "granted" && devices.some(({ kind }) => kind === "audioinput")) return true;
    const voice = await this.#microphone();
    voice?.getTracks().forEach((track) => track.stop());
    return voice !== null;
  }

  async answer() {
    if (this.state.talk !== "ringing" || !this.#session) return;
    this.#answeredAt = Date.now();
    this.#set({ talk: "connecting" });
    // Without a microphone it goes on ringing: there may be time to plug it in.
    if ((await this.#take(this.#session)) || !this.#session) return;
    this.#answeredAt = 0;
    this.#set({ talk: "ringing" });
  }

  mute(on) {
    for (const track of this.#voice?.getAudioTracks() ?? []) track.enabled = !on;
    if (on) localStorage[MUTED] = this.state.call;
    else localStorage.removeItem(MUTED);
    this.#set({ muted: Boolean(this.#voice) && on });
  }

  // A key to the other side, as an event of RFC 4733: rtpengine hands it on to the carrier.
  press(key) {
    if (this.state.talk !== "talking" || !/^[0-9*#]$/.test(key)) return;
    if (!this.#canPress()) {
      this.#set({ keysRefused: true });
      return;
    }
    this.#session.sendDTMF(key, KEY);
    this.#set({ keys: (this.state.keys + key).slice(-MAX_KEYS_SHOWN), keysRefused: false });
  }

  // Firefox does not say whether keys can be sent: then what was agreed on says it.
  #canPress() {
    const { dtmf } = this.#sender() ?? {};
    return dtmf?.canInsertDTMF ?? (Boolean(dtmf) && /telephone-event/i.test(this.#session.connection.remoteDescription?.sdp));
  }

  // The operator has chosen another microphone or ear: a call that goes on moves there.
  async changeDevices() {
    const isHeard = await routeOutput(this.#sound);
    if (this.state.trouble === "output_gone" && isHeard) this.#set({ trouble: "" });
    if (this.#voice && this.#session) await this.#changeVoice();
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
    // What was said of the call before is read by now.
    const trouble = ["asleep_in_call", "taken_elsewhere"].includes(this.state.trouble) ? "" : this.state.trouble;
    // The same call once more: what we had of it is gone, and nobody must hear two of it.
    this.#quiet();
    this.#session = session;
    const mine = (act) => (event) => this.#session === session && act(event);
    session.on("peerconnection", ({ peerconnection }) =>
      peerconnection.addEventListener("track", ({ track, streams }) => {
        this.#sound.srcObject = streams[0] ?? new MediaStream([track]);
        routeOutput(this.#sound);
        this.listen();
      }),
    );
    let gathering;
    session.on("icecandidate", ({ ready }) => (gathering ??= setTimeout(ready, GATHER)));
    session.on("confirmed", mine(() => log("connected")));
    session.on("accepted", mine(() => this.#talks(call)));
    const ends = mine(({ cause, originator }) => {
      log(`the call is over (${cause})`);
      const isRace = this.#answeredAt > 0 && Date.now() - this.#answeredAt < RACE;
      this.#over();
      // Pressed, and gone in the same breath: two pages answered at once, or the caller has hung up.
      if (isRace && originator === "remote") this.#set({ trouble: "taken_elsewhere" });
    });
    session.on("ended", ends);
    session.on("failed", ends);
    log(auto ? "a call comes back to us" : "a call comes in");
    const language = request.getHeader("X-Quartier-Language") ?? "";
    this.#set({ ...NO_CALL, talk: auto ? "connecting" : "ringing", call, language, trouble });
    if (auto) this.#comesBack(session);
  }

  // False when there is no microphone.
  async #take(session) {
    const voice = await this.#microphone();
    if (!voice || this.#session !== session || session.isEnded()) {
      voice?.getTracks().forEach((track) => track.stop());
      return voice !== null;
    }
    this.#use(voice);
    if (this.state.call && localStorage[MUTED] === this.state.call) this.mute(true);
    session.answer({ mediaStream: voice, pcConfig: { iceServers: this.#given.ice_servers ?? [] } });
    return true;
  }

  async #comesBack(session) {
    if (!(await this.#take(session)) && !session.isEnded()) session.terminate({ status_code: 480 });
  }

  #talks(call) {
    this.#answeredAt &&= Date.now();
    this.#set({ talk: "talking" });
    this.#watch = new QualityWatch(
      this.#session.connection,
      (quality) => this.#set({ quality }),
      (fields) => this.#report(call, fields),
    );
  }

  #sender() {
    return this.#session?.connection?.getSenders().find(({ track }) => track?.kind === "audio");
  }

  // A microphone may be pulled out in the middle of a call: a track that ends by itself says so.
  #use(voice) {
    this.#voice = voice;
    const [track] = voice.getAudioTracks();
    track?.addEventListener("ended", async () => {
      if (this.#voice !== voice) return;
      log("the microphone is gone");
      this.#set({ voiceless: true });
      if (await this.#changeVoice()) this.#set({ trouble: "microphone_gone" });
    });
  }

  // Speak with the microphone that is chosen now, or with any. False when there is none.
  async #changeVoice() {
    const session = this.#session;
    const before = this.#voice;
    const voice = await this.#microphone();
    if (!voice || this.#session !== session || this.#voice !== before) {
      voice?.getTracks().forEach((track) => track.stop());
      return false;
    }
    const [track] = voice.getAudioTracks();
    track.enabled = !this.state.muted;
    await this.#sender()?.replaceTrack(track);
    this.#use(voice);
    if (this.state.voiceless) this.#set({ voiceless: false });
    before?.getTracks().forEach((one) => one.stop());
    return true;
  }

  // A headset was plugged in or out. What the operator has chosen is used again as soon as it is back.
  async #devicesChanged() {
    const isHeard = (await isPluggedIn("audiooutput")) && (await routeOutput(this.#sound));
    if (!isHeard) await this.#sound.setSinkId?.("").catch(() => {});
    if (!this.#session || this.state.talk === "ringing") return;
    if (!isHeard && !this.state.voiceless) this.#set({ trouble: "output_gone" });
    else if (this.state.trouble === "output_gone") this.#set({ trouble: "" });
    const isBack = ["microphone_gone", "missing"].includes(this.state.trouble) && (await isPluggedIn("audioinput"));
    if (isBack && this.#voice) await this.#changeVoice();
  }

  #quiet() {
    this.#watch?.stop();
    this.#watch = null;
    for (const track of this.#voice?.getTracks() ?? []) track.stop();
    this.#voice = null;
    this.#sound.srcObject = null;
  }

  #over() {
    this.#quiet();
    this.#session = null;
    this.#answeredAt = 0;
    this.#set(NO_CALL);
  }

  async #microphone() {
    try {
      const voice = await openMicrophone();
      if (this.state.trouble) this.#set({ trouble: "" });
      return voice;
    } catch (error) {
      const trouble = troubleOf(error);
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

  // Every few seconds, and as soon as somebody looks at the page. A clock that jumps belongs to a computer that slept.
  #lookAgain(saysAgain = SAY_AGAIN) {
    const slept = Date.now() - this.#tick;
    this.#tick = Date.now();
    if (slept > (this.#session ? ASLEEP_IN_CALL : ASLEEP)) this.#wakes();
    else if (this.#ua?.isRegistered() && Date.now() - this.#said > saysAgain) this.#sayAgain();
  }

  // What we had of a call is nobody's any more: call control has passed the caller on meanwhile.
  #wakes() {
    if (this.#session && this.state.talk !== "ringing") {
      this.#session.terminate();
      this.#set({ trouble: "asleep_in_call" });
    }
    this.#again("this computer was asleep");
  }

  #isAway() {
    if (!this.#wanted) return;
    this.#set({ line: "connecting" });
    this.#unheardOf ||= setTimeout(() => {
      if (this.#wanted && this.state.line !== "ready" && !this.state.trouble) this.#set({ trouble: "reconnecting" });
    }, RECONNECTING);
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
