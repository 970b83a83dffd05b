/* Counts down what is left of the ten minutes, in a line that stays in sight. The page says the hour itself: this only spares a
   look at the clock. At the end, a button leads to another slot; what was typed is kept. */
const box = document.querySelector("[data-seconds]");
if (box) {
  const shown = box.querySelector("[data-countdown]");
  const way = box.querySelector("[data-end]");
  const said = document.querySelector("[data-warning]");
  const end = performance.now() + Number(box.dataset.seconds) * 1000;
  let warned = false;
  const tick = () => {
    const left = Math.max(Math.round((end - performance.now()) / 1000), 0);
    if (left <= 120 && left > 0 && !warned) { warned = true; said.textContent = said.dataset.text; box.dataset.short = ""; }
    if (left === 0) {
      said.textContent = said.dataset.over;
      shown.textContent = shown.dataset.over;
      box.dataset.short = "";
      way.disabled = false;
      way.hidden = false;
      return;
    }
    shown.textContent = `${shown.dataset.text} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    window.setTimeout(tick, 1000);
  };
  box.hidden = false;
  tick();
}
