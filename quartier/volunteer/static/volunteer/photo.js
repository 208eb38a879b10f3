// A photograph of a receipt is made smaller before it is sent, or kept for later: a tenth of the data, and the same to read.
// What cannot be drawn here goes as it is; the server says whether it can take it.
const LONGEST = 1600; // pixels
const SMALL = 300000; // bytes; below, nothing is gained
const box = document.querySelector("input[type=file][name=receipt]");

const smaller = async (file) => {
  const drawn = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(drawn.width * scale);
  canvas.height = Math.round(drawn.height * scale);
  canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return made && made.size < file.size ? new File([made], "receipt.jpg", { type: "image/jpeg" }) : file;
};

box?.addEventListener("change", async () => {
  const held = new DataTransfer();
  for (const file of box.files) {
    held.items.add(file.size < SMALL ? file : await smaller(file).catch(() => file));
  }
  box.files = held.files;
});
