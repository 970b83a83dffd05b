/* Counts down what is left of the ten minutes. The page says the hour itself; this only spares a look at the clock. */
const box = document.querySelector("[data-seconds]");
if (box) {
  const shown = box.querySelector("[data-countdown]");
  const said = box.querySelector("[data-warning]");
  const end = performance.now() + Number(box.dataset.seconds) * 1000;
  let warned = false;
  const tick = () => {
    const left = Math.max(Math.round((end - performance.now()) / 1000), 0);
    shown.textContent = `${shown.dataset.text} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    shown.hidden = false;
    if (left <= 120 && left > 0 && !warned) { warned = true; said.textContent = said.dataset.text; }
    if (left === 0) { said.textContent = said.dataset.over; shown.textContent = said.dataset.over; return; }
    window.setTimeout(tick, 1000);
  };
  tick();
}
