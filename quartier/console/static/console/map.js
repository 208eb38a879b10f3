// The map of the console: our own hexagons, no tiles, no outside request. The list beside it says the same.
const box = document.getElementById("map");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const words = box.dataset;

// All that is served: where somebody waits, and where somebody is free.
const bounds = (features) => {
  const all = features.flatMap((one) => one.geometry.coordinates[0]);
  if (all.length === 0) return [[2.5, 49.5], [6.4, 51.5]];
  const lons = all.map((one) => one[0]);
  const lats = all.map((one) => one[1]);
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
};

const hatch = () => {
  const size = 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.strokeStyle = colour("--danger");
  pen.lineWidth = 3;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
};

// A label and a number stand in the middle of a hexagon.
const middles = (collection) => ({
  type: "FeatureCollection",
  features: collection.features
    .filter((one) => one.properties.waiting > 0)
    .map((one) => {
      const ring = one.geometry.coordinates[0].slice(0, -1);
      const middle = [0, 1].map((axis) => ring.reduce((sum, corner) => sum + corner[axis], 0) / ring.length);
      const name = one.properties.name.split(",")[0];
      return { type: "Feature", geometry: { type: "Point", coordinates: middle }, properties: { ...one.properties, short: name } };
    }),
});

const layers = () => [
  { id: "ground", type: "background", paint: { "background-color": colour("--ground") } },
  { id: "land", type: "fill", source: "land", paint: { "fill-color": colour("--cell"), "fill-antialias": false } },
  {
    id: "free", type: "fill", source: "areas", filter: ["all", [">", ["get", "free"], 0], ["==", ["get", "waiting"], 0]],
    paint: { "fill-color": colour("--link"), "fill-opacity": 0.35 },
  },
  { id: "waiting", type: "fill", source: "areas", filter: ["all", [">", ["get", "waiting"], 0], ["!", ["get", "nobody"]]], paint: { "fill-color": colour("--plate") } },
  { id: "helped", type: "line", source: "areas", filter: [">", ["get", "helped"], 0], paint: { "line-color": colour("--lamp-edge"), "line-width": 2 } },
  { id: "nobody", type: "fill", source: "areas", filter: ["get", "nobody"], paint: { "fill-pattern": "hatch" } },
  { id: "nobody-edge", type: "line", source: "areas", filter: ["get", "nobody"], paint: { "line-color": colour("--danger"), "line-width": 3 } },
  { id: "chosen", type: "line", source: "areas", filter: ["==", ["get", "area"], ""], paint: { "line-color": colour("--ink"), "line-width": 3 } },
  {
    id: "count", type: "symbol", source: "middles",
    layout: { "text-field": ["to-string", ["get", "waiting"]], "text-font": ["sans-serif"], "text-size": 15, "symbol-sort-key": ["-", ["get", "waiting"]] },
    paint: { "text-color": ["case", ["get", "nobody"], colour("--ink"), colour("--on-plate")], "text-halo-color": ["case", ["get", "nobody"], colour("--surface"), colour("--plate")], "text-halo-width": 2 },
  },
  {
    id: "names", type: "symbol", source: "middles",
    layout: { "text-field": ["get", "short"], "text-font": ["sans-serif"], "text-size": 13, "text-anchor": "top", "text-offset": [0, 1.1] },
    paint: { "text-color": colour("--ink"), "text-halo-color": colour("--surface"), "text-halo-width": 2 },
  },
];

const read = async (query = "") => {
  const answer = await fetch(words.source + query, { redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};
// Whoever comes back from a board sees the map as they left it.
const KEPT = "map-view";
const kept = () => {
  try {
    const { center, zoom } = JSON.parse(sessionStorage.getItem(KEPT));
    return [center.lng, center.lat, zoom].every(Number.isFinite) ? { center, zoom } : null;
  } catch {
    return null;
  }
};
const isBack = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";

const draw = async () => {
  const [gl, land, areas] = await Promise.all([import(words.library), read("?land=1"), read()]);
  gl.setWorkerUrl(words.worker);
  const wait = box.querySelector(".map-wait");
  const canvas = document.createElement("div");
  canvas.className = "map-canvas";
  box.append(canvas);
  const map = new gl.Map({
    container: canvas,
    style: { version: 8, sources: {}, layers: [] },
    ...((isBack() && kept()) || {
      bounds: bounds(areas.features.length ? areas.features : land.features),
      fitBoundsOptions: { padding: 50, maxZoom: 12 },
    }),
    maxZoom: 14,
    minZoom: 5,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    locale: { "NavigationControl.ZoomIn": words.zoomIn, "NavigationControl.ZoomOut": words.zoomOut },
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
  });
  map.addControl(new gl.NavigationControl({ showCompass: false }));
  map.touchZoomRotate.disableRotation();
  map.on("moveend", () => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ center: map.getCenter(), zoom: map.getZoom() }));
    } catch {
      // A browser that keeps nothing begins with all that is served.
    }
  });
  const dress = () => {
    for (const layer of map.getStyle().layers) map.removeLayer(layer.id);
    if (map.hasImage("hatch")) map.removeImage("hatch");
    map.addImage("hatch", hatch());
    for (const layer of layers()) map.addLayer(layer);
  };
  map.on("load", () => {
    map.addSource("land", { type: "geojson", data: land });
    map.addSource("areas", { type: "geojson", data: areas });
    map.addSource("middles", { type: "geojson", data: middles(areas) });
    dress();
    map.once("idle", () => {
      wait?.remove();
      box.dataset.ready = "yes";
    });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
  for (const layer of ["waiting", "nobody", "free"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    map.on("click", layer, (event) => {
      const area = event.features[0].properties.area;
      map.setFilter("chosen", ["==", ["get", "area"], area]);
      location.assign(`${words.board}?area=${area}`);
    });
  }
  // Nothing moves but the counts: the view stays where somebody put it.
  box.addEventListener("live:changed", async () => {
    const fresh = await read().catch(() => null);
    if (!fresh || !map.getSource("areas")) return;
    map.getSource("areas").setData(fresh);
    map.getSource("middles").setData(middles(fresh));
  });
};

draw().catch(() => {
  const told = document.createElement("p");
  told.className = "soft";
  told.textContent = words.failed;
  box.replaceChildren(told);
});
