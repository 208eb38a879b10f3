// How well two people hear each other, from what the browser counts: sound that was lost, sound that came unevenly, and
// the way there and back. Two directions are known: what we hear, and what the line says it heard of us; the weaker
// one counts.
const SAMPLE_INTERVAL = 5000; // ms
const REPORT_INTERVAL = 30_000; // ms
const FIRST_REPORT = 9000; // ms: a short call is measured too
const SHOWN_SAMPLES = 3; // the lamp shows the mean of the last ones: one bad moment is not a bad line
const WEAK = { loss: 3, jitter: 40, delay: 400 }; // %, ms, ms
const BAD = { loss: 8, jitter: 100, delay: 800 };

const reaches = (sample, limits) => Object.entries(limits).some(([name, limit]) => (sample[name] ?? 0) >= limit);

// `good`, `weak` or `bad`, for { loss, jitter, delay }; a delay that nobody knows is null.
export const judge = (sample) => (reaches(sample, BAD) ? "bad" : reaches(sample, WEAK) ? "weak" : "good");

const known = (samples, name) => samples.map((one) => one[name]).filter((value) => value !== null);
const mean = (values) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null);
const bounded = (value, most) => Math.min(most, Math.max(0, value));

// What happened since the counters before. A stream that began anew, as after a hand-over, has counters of its own.
const sampleOf = (stats, before) => {
  const losses = [];
  const jitters = [];
  let delay = null;
  for (const one of stats.values()) {
    if (one.type === "inbound-rtp" && one.kind === "audio") {
      const last = before.get(one.id);
      const isSame = last?.ssrc === one.ssrc && last.received <= one.packetsReceived;
      const received = one.packetsReceived - (isSame ? last.received : 0);
      const lost = bounded(one.packetsLost - (isSame ? last.lost : 0), Infinity);
      before.set(one.id, { ssrc: one.ssrc, received: one.packetsReceived, lost: one.packetsLost });
      // Somebody who is on hold is sent nothing: that is no loss.
      if (received > 0) losses.push((100 * lost) / (received + lost));
      if (received > 0 && one.jitter !== undefined) jitters.push(one.jitter * 1000);
    } else if (one.type === "remote-inbound-rtp" && one.kind === "audio") {
      if (one.fractionLost !== undefined) losses.push(100 * one.fractionLost);
      if (one.jitter !== undefined) jitters.push(one.jitter * 1000);
      if (one.roundTripTime !== undefined) delay = Math.max(delay ?? 0, one.roundTripTime * 1000);
    } else if (one.type === "candidate-pair" && one.state === "succeeded" && one.nominated) {
      if (one.currentRoundTripTime !== undefined) delay = Math.max(delay ?? 0, one.currentRoundTripTime * 1000);
    }
  }
  if (!losses.length) return null;
  return {
    loss: bounded(Math.max(...losses), 100),
    jitter: bounded(Math.max(0, ...jitters), 10_000),
    delay: delay === null ? null : bounded(delay, 10_000),
  };
};

const rounded = (value) => (value === null ? "" : value.toFixed(2));

// The means and the worst of some samples, as the console keeps them.
export const summary = (samples) => {
  const fields = { samples: samples.length };
  for (const [name, unit] of [["loss", "pct"], ["jitter", "ms"], ["delay", "ms"]]) {
    const values = known(samples, name);
    fields[`${name}_mean_${unit}`] = rounded(mean(values));
    fields[`${name}_worst_${unit}`] = rounded(values.length ? Math.max(...values) : null);
  }
  return fields;
};

// Measures one call until `stop`. `shown({ level, loss, jitter, delay })` after each sample; `report(fields)` now and
// then, with what was measured since the time before.
export class QualityWatch {
  #connection;
  #shown;
  #report;
  #before = new Map();
  #last = [];
  #unreported = [];
  #timer;
  #due;

  constructor(connection, shown, report, interval = SAMPLE_INTERVAL) {
    this.#connection = connection;
    this.#shown = shown;
    this.#report = report;
    this.#due = Date.now() + FIRST_REPORT;
    this.#timer = setInterval(() => this.sample(), interval);
  }

  async sample() {
    const stats = await this.#connection.getStats().catch(() => null);
    const sample = stats && sampleOf(stats, this.#before);
    if (!sample || !this.#timer) return;
    this.#last = [...this.#last, sample].slice(-SHOWN_SAMPLES);
    this.#unreported.push(sample);
    const now = Object.fromEntries(["loss", "jitter", "delay"].map((name) => [name, mean(known(this.#last, name))]));
    this.#shown({ level: judge(now), ...now });
    if (Date.now() >= this.#due) this.#send();
  }

  #send() {
    this.#due = Date.now() + REPORT_INTERVAL;
    if (this.#unreported.length) this.#report(summary(this.#unreported));
    this.#unreported = [];
  }

  stop() {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#send();
  }
}
