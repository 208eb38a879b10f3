// A prompt in one's own voice: recorded here, heard once, then sent as the line plays it (8 kHz, one channel, 16 bits).
const RATE = 8000;
const LONGEST = 90_000;
const box = document.querySelector("[data-recorder]");
let running = null;

const wav = (samples) => {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, words) => [...words].forEach((letter, place) => view.setUint8(at + place, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((value, place) => view.setInt16(44 + place * 2, Math.max(-1, Math.min(1, value)) * 32767, true));
  return new Blob([view], { type: "audio/wav" });
};

const forTheLine = async (recorded) => {
  const context = new AudioContext();
  const heard = await context.decodeAudioData(await recorded.arrayBuffer());
  context.close();
  const slow = new OfflineAudioContext(1, Math.max(1, Math.floor(heard.duration * RATE)), RATE);
  const source = new AudioBufferSourceNode(slow, { buffer: heard });
  source.connect(slow.destination);
  source.start();
  return wav((await slow.startRendering()).getChannelData(0));
};

const record = async (row) => {
  const part = (name) => row.querySelector(`[data-${name}]`);
  part("said").textContent = "";
  let voice;
  try {
    voice = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    part("said").textContent = error.name === "NotFoundError" ? box.dataset.none : box.dataset.refused;
    return;
  }
  running?.stop();
  const recorder = new MediaRecorder(voice);
  const parts = [];
  const began = Date.now();
  const clock = setInterval(() => {
    part("time").textContent = `${Math.floor((Date.now() - began) / 1000)} s`;
    if (Date.now() - began > LONGEST) recorder.stop();
  }, 250);
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", async () => {
    clearInterval(clock);
    running = null;
    voice.getTracks().forEach((track) => track.stop());
    part("stop").hidden = true;
    part("record").hidden = false;
    row.sound = await forTheLine(new Blob(parts, { type: recorder.mimeType }));
    const player = part("tried").querySelector("audio");
    URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(row.sound);
    part("tried").hidden = false;
    part("keep").focus();
  });
  running = recorder;
  recorder.start();
  part("record").hidden = true;
  part("tried").hidden = true;
  part("time").textContent = "";
  part("stop").hidden = false;
  part("stop").focus();
};

const keep = async (row) => {
  const form = row.querySelector("form");
  const said = row.querySelector("[data-said]");
  const data = new FormData(form);
  data.append("sound", row.sound, "said.wav");
  said.textContent = box.dataset.sending;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.ok) location.reload();
    else said.textContent = answer.status === 422 ? await answer.text() : box.dataset.failed;
  } catch {
    said.textContent = box.dataset.failed;
  }
};

box.addEventListener("click", (event) => {
  const row = event.target.closest("[data-prompt]");
  if (!row) return;
  if (event.target.closest("[data-record]")) record(row);
  else if (event.target.closest("[data-stop]")) running?.stop();
  else if (event.target.closest("[data-keep]")) keep(row);
});
