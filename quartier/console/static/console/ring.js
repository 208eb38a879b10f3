// A call rings: two soft low notes, a falling third, every three seconds; a phone trembles too. Browsers let nothing
// sound before somebody has touched the page: then the lamp and the title of the window are all there is.
const NOTES = [440, 349.23];
const EVERY = 3000;
let context = null;
let ringing = 0;

const note = (hertz, from) => {
  const tone = new OscillatorNode(context, { type: "triangle", frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.22, from + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.001, from + 0.75);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + 0.8);
};

export const once = () => {
  context ??= new AudioContext();
  context.resume();
  NOTES.forEach((hertz, place) => note(hertz, context.currentTime + place * 0.45));
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 120, 200]);
};

export const start = () => {
  if (ringing) return;
  once();
  ringing = setInterval(once, EVERY);
};

export const stop = () => {
  clearInterval(ringing);
  ringing = 0;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(0);
};
