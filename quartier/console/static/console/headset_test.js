// "Try my headset": choose microphone and ear, see how loud one is, hear a tone, hear oneself. Nothing leaves this
// browser. Words stand in the attributes of the dialog, so that nobody has to tell colours apart.
import { canChooseOutput, chooseDevice, chosenDevice, listDevices, openMicrophone, routeOutput, troubleOf } from "./audio_devices.js";

const RECORDED = 3000; // ms
const LOOK_INTERVAL = 100; // ms
const REMEMBERED_LEVELS = 20; // one speaks with pauses: the loudest of two seconds counts
// dB under the loudest that there is: what is heard well, and what is heard at all.
const WELL = -40;
const HEARD = -58;
const dialog = () => document.getElementById("line-headset");
const part = (name) => dialog().querySelector(`[data-headset=${name}]`);

let voice = null;
let context = null;
let looking = 0;
let levels = [];
let changed = () => {};

const say = (name, words) => {
  const place = part(name);
  if (place.textContent !== words) place.textContent = words;
};

const trouble = (what) => {
  for (const one of dialog().querySelectorAll("[data-headset-trouble]")) {
    one.hidden = one.dataset.headsetTrouble !== what;
  }
};

// In dB, of samples between -1 and 1.
export const loudness = (samples) => {
  const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
  return 10 * Math.log10(Math.max(power, 1e-10));
};

export const levelWord = (decibels) => (decibels > WELL ? "well" : decibels > HEARD ? "low" : "nothing");

const look = (ear) => {
  const samples = new Float32Array(ear.fftSize);
  looking = setInterval(() => {
    ear.getFloatTimeDomainData(samples);
    levels = [...levels, loudness(samples)].slice(-REMEMBERED_LEVELS);
    part("meter").value = Math.min(100, Math.max(0, (levels.at(-1) + 70) * 1.6));
    if (levels.length < REMEMBERED_LEVELS) return;
    say("level", dialog().dataset[levelWord(Math.max(...levels))]);
  }, LOOK_INTERVAL);
};

const quiet = () => {
  clearInterval(looking);
  levels = [];
  voice?.getTracks().forEach((track) => track.stop());
  voice = null;
};

const fill = async (name, kind) => {
  const list = part(name);
  const usual = list.options[0];
  const devices = await listDevices(kind);
  list.replaceChildren(usual);
  for (const [place, one] of devices.entries()) {
    if (one.deviceId === "default" || one.deviceId === "communications") continue;
    list.append(new Option(one.label || `${place + 1}`, one.deviceId));
  }
  list.value = chosenDevice(kind);
  if (list.selectedIndex < 0) list.value = "";
};

const hearOneself = async () => {
  quiet();
  say("level", dialog().dataset.waiting);
  try {
    const opened = await openMicrophone();
    if (!dialog().open || voice) {
      opened.getTracks().forEach((track) => track.stop());
      return;
    }
    voice = opened;
  } catch (error) {
    say("level", "");
    trouble(troubleOf(error));
    return;
  }
  trouble("");
  voice.getTracks()[0].addEventListener("ended", () => voice && hearOneself());
  context ??= new AudioContext();
  context.resume();
  const ear = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(voice).connect(ear);
  look(ear);
};

const showDevices = async () => {
  // Names are known once the microphone is allowed.
  await fill("microphone", "audioinput");
  part("choose-output").hidden = !canChooseOutput;
  part("no-output").hidden = canChooseOutput;
  if (canChooseOutput) await fill("output", "audiooutput");
  // Firefox lists no ear before one was chosen in a window of its own.
  part("ask-output").hidden = part("output").length > 1 || !("selectAudioOutput" in navigator.mediaDevices);
};

const begun = async () => {
  if (!navigator.mediaDevices) {
    trouble("insecure");
    return;
  }
  await hearOneself();
  await showDevices();
};

// Play what `connect(destination)` connects, where the operator wants to hear it, until `ends`.
const play = async (connect, ends) => {
  context ??= new AudioContext();
  await context.resume();
  const out = context.createMediaStreamDestination();
  const player = new Audio();
  player.srcObject = out.stream;
  if (!(await routeOutput(player))) trouble("output_gone");
  await player.play();
  connect(out);
  await ends();
  player.pause();
  player.srcObject = null;
};

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const tone = () =>
  play(
    (out) =>
      [523.25, 659.25].forEach((frequency, place) => {
        const note = new OscillatorNode(context, { frequency });
        const volume = new GainNode(context, { gain: 0.2 });
        note.connect(volume).connect(out);
        note.start(context.currentTime + place * 0.6);
        note.stop(context.currentTime + place * 0.6 + 0.5);
      }),
    () => wait(1300),
  );

const echo = async () => {
  if (!voice) return;
  const recorder = new MediaRecorder(voice);
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const ended = new Promise((done) => recorder.addEventListener("stop", done));
  say("echo-said", dialog().dataset.recording);
  recorder.start();
  await wait(RECORDED);
  recorder.stop();
  await ended;
  const recorded = await context.decodeAudioData(await new Blob(parts, { type: recorder.mimeType }).arrayBuffer());
  say("echo-said", dialog().dataset.playing);
  const source = new AudioBufferSourceNode(context, { buffer: recorded });
  const over = new Promise((done) => source.addEventListener("ended", done));
  await play(
    (out) => {
      source.connect(out);
      source.start();
    },
    () => over,
  );
  say("echo-said", dialog().dataset.played);
};

const busy = async (button, work) => {
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    console.info(`headset: ${error.message}`);
    say("echo-said", dialog().dataset.failed);
  } finally {
    button.disabled = false;
  }
};

const askOutput = async () => {
  const { deviceId } = await navigator.mediaDevices.selectAudioOutput().catch(() => ({ deviceId: "" }));
  if (!deviceId) return;
  chooseDevice("audiooutput", deviceId);
  await showDevices();
  changed();
};

// `deviceChanged()`: a call that goes on moves to what was chosen.
export const begin = (deviceChanged) => {
  const box = dialog();
  if (!box) return;
  changed = deviceChanged;
  // The event of opening is not everywhere: the attribute is.
  new MutationObserver(() => (box.open ? begun() : quiet())).observe(box, { attributeFilter: ["open"] });
  box.addEventListener("change", async ({ target }) => {
    const kind = { microphone: "audioinput", output: "audiooutput" }[target.dataset.headset];
    if (!kind) return;
    chooseDevice(kind, target.value);
    changed();
    if (kind === "audioinput") await hearOneself();
  });
  box.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    const what = button?.dataset.headset;
    if (what === "tone") busy(button, tone);
    else if (what === "echo") busy(button, echo);
    else if (what === "ask-output") busy(button, askOutput);
    else if (what === "again") begun();
  });
  navigator.mediaDevices?.addEventListener("devicechange", () => box.open && showDevices());
  addEventListener("pagehide", quiet);
};
