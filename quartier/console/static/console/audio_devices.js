// Which microphone this browser speaks with and where it is heard: chosen by the operator, remembered here alone.
const KEYS = { audioinput: "quartier.microphone", audiooutput: "quartier.output" };
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const TROUBLES = {
  NotAllowedError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "taken",
  AbortError: "taken",
};

export const canChooseOutput = "setSinkId" in HTMLMediaElement.prototype;

// What stands in the way of a microphone, in one word that the page has a sentence for.
export const troubleOf = (error) => TROUBLES[error.name] ?? "insecure";

export const chosenDevice = (kind) => localStorage[KEYS[kind]] ?? "";

export const chooseDevice = (kind, id) => {
  if (id) localStorage[KEYS[kind]] = id;
  else localStorage.removeItem(KEYS[kind]);
};

// Without permission a browser names no device, and some list one without a name in place of all.
export const listDevices = async (kind) => {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return all.filter((one) => one.kind === kind && one.deviceId);
};

export const isPluggedIn = async (kind) => {
  const id = chosenDevice(kind);
  return !id || (await listDevices(kind)).some((one) => one.deviceId === id);
};

// The chosen microphone, or any other where it is not plugged in. Raises what `getUserMedia` raises.
export const openMicrophone = () => {
  const id = chosenDevice("audioinput");
  return navigator.mediaDevices.getUserMedia({ audio: id ? { ...VOICE, deviceId: { ideal: id } } : VOICE });
};

// Let an audio element, or another with `setSinkId`, be heard in the chosen place. False when that is not plugged in:
// it is then heard where the system says.
export const routeOutput = async (element) => {
  const id = chosenDevice("audiooutput");
  if (!canChooseOutput) return true;
  try {
    if ((element.sinkId ?? "") !== id) await element.setSinkId(id);
    return true;
  } catch {
    await element.setSinkId("").catch(() => {});
    return false;
  }
};
