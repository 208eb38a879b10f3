// The film of the maps: a slider, a button, and one picture after the other. Without it the last picture stands.
"use strict";
(() => {
  const stage = document.getElementById("stage");
  const film = JSON.parse(document.getElementById("film").textContent);
  const slider = document.getElementById("slider");
  const button = document.getElementById("play");
  const when = document.getElementById("when");
  const count = new Intl.NumberFormat(document.documentElement.lang);
  const last = film.when.length - 1;

  // The letters of each hexagon, picture by picture: "A3B" is "AAAB".
  const spread = (runs) => {
    const letters = [];
    for (const [, letter, times] of runs.matchAll(/(\D)(\d*)/g)) {
      for (let n = Number(times || 1); n; n--) letters.push(letter);
    }
    return letters;
  };
  const shows = [...stage.querySelectorAll("[data-policy]")].map((figure, place) => ({
    letters: film.policies[place].letters.map(spread),
    counts: film.policies[place].counts,
    layers: [...figure.querySelectorAll("[data-layer]")],
    numbers: [...figure.querySelectorAll("[data-count]")],
    cursor: figure.querySelector("[data-cursor]"),
  }));

  const draw = (picture) => {
    for (const show of shows) {
      const paths = show.layers.map(() => []);
      film.at.forEach((at, part) => {
        film.shapes[show.letters[part][picture]].forEach((shape, layer) => {
          if (shape) paths[layer].push("M", at, film.hexagons[shape]);
        });
      });
      show.layers.forEach((layer, place) => layer.setAttribute("d", paths[place].join("")));
      for (const number of show.numbers) {
        number.textContent = count.format(show.counts[number.dataset.count][picture]);
      }
      const x = (film.strip * picture) / last;
      show.cursor.setAttribute("d", `M${x} 0V${film.tall}`);
    }
    when.textContent = film.when[picture];
    slider.value = picture;
    slider.setAttribute("aria-valuetext", film.when[picture]);
  };

  let playing = 0;
  const stop = () => {
    clearInterval(playing);
    playing = 0;
    button.textContent = button.dataset.play;
  };
  const play = () => {
    if (Number(slider.value) >= last) draw(0);
    button.textContent = button.dataset.stop;
    // The whole film takes twenty seconds, however many pictures it has.
    playing = setInterval(() => {
      draw(Math.min(last, Number(slider.value) + 1));
      if (Number(slider.value) >= last) stop();
    }, Math.max(60, 20000 / last));
  };
  button.addEventListener("click", () => (playing ? stop() : play()));
  slider.addEventListener("input", () => {
    stop();
    draw(Number(slider.value));
  });
  document.getElementById("controls").hidden = false;
  draw(Number(slider.value));
})();
