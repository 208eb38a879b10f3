// Answers the challenge of a form's <input type="hidden" name="proof" data-proof="…">: looks for the number
// whose SHA-256 is the one asked for. The looking happens in a worker, which is this same file, so that typing
// stays smooth; it begins when somebody begins to fill in the form. A form sent before the number is found
// waits for it a little while, then goes without: the form works all the same, and a human looks at it first.

const WAIT = 8_000;
const ENCODER = new TextEncoder();

const inWorker = typeof document === "undefined";

async function solve(challenge) {
  const [, , salt, difficulty, target] = challenge.split(".");
  for (let number = 0; number <= Number(difficulty); number += 1) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", ENCODER.encode(`${salt}.${number}`)));
    // The first four bytes tell nearly every wrong number.
    if (target.startsWith(hex(digest.subarray(0, 4))) && hex(digest) === target) return number;
  }
  return null;
}

function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

function answer(input) {
  return new Promise((resolve) => {
    const worker = new Worker(import.meta.url, { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data !== null) input.value = `${input.dataset.proof}.${data}`;
      worker.terminate();
      resolve();
    };
    worker.onerror = resolve;
    worker.postMessage(input.dataset.proof);
  });
}

function prepare(input) {
  const form = input.form;
  let found;
  const start = () => (found ??= answer(input));
  form.addEventListener("input", start, { once: true });
  form.addEventListener("focusin", start, { once: true });
  form.addEventListener("submit", async (event) => {
    if (input.value || form.dataset.proofWaited) return;
    event.preventDefault();
    const button = event.submitter;
    form.setAttribute("aria-busy", "true");
    await Promise.race([start(), new Promise((resolve) => setTimeout(resolve, WAIT))]);
    form.removeAttribute("aria-busy");
    form.dataset.proofWaited = "yes";
    form.requestSubmit(button);
  });
  // Back from the next page: the answer is used up, and the browser may have kept it.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

if (inWorker) {
  self.onmessage = async ({ data }) => self.postMessage(await solve(data));
} else if (globalThis.crypto?.subtle && globalThis.Worker) {
  document.querySelectorAll("input[data-proof]").forEach(prepare);
}
