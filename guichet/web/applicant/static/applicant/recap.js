/* The recap where each thing is ticked: each tick is kept at once, and the counts follow. Without this file every button keeps
   the ticks of the page. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-final]");
  if (!form) return;
  const boxes = (root) => [...root.querySelectorAll("[data-tick]")];
  const done = (root) => boxes(root).filter((box) => box.checked).length;

  const count = () => {
    const line = form.querySelector("[data-ticking-count]");
    if (line) line.textContent = line.dataset.text.replace("{done}", done(form)).replace("{all}", boxes(form).length);
    for (const part of form.querySelectorAll("[data-tick-part]")) {
      const badge = part.querySelector("[data-tick-badge]");
      if (!badge) continue;
      const all = boxes(part).length;
      const complete = done(part) === all;
      badge.firstChild.textContent = `${done(part)}/${all}`;
      badge.classList.toggle("fr-badge--success", complete);
      badge.classList.toggle("fr-badge--no-icon", !complete);
      const button = part.querySelector("[data-tick-all]");
      if (button) button.hidden = complete;
    }
  };

  // One save at a time, and once more when something changed meanwhile.
  let saving = false;
  let again = false;
  const send = () => {
    const data = new FormData(form);
    data.delete("observations");
    data.set("action", "check");
    // Kept alive: leaving the page right after a tick does not lose it.
    const headers = { "X-Requested-With": "fetch" };
    return fetch(form.getAttribute("action"), { method: "POST", body: data, headers, keepalive: true });
  };
  const keep = async () => {
    if (saving) { again = true; return; }
    saving = true;
    form.dataset.saving = "";
    try {
      await send();
    } catch { /* no network: the next button sends every tick again */ }
    saving = false;
    if (again) { again = false; keep(); } else delete form.dataset.saving;
  };
  window.addEventListener("pagehide", () => { if (again) send(); });

  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick]")) return;
    count();
    keep();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tick-all]");
    if (!button) return;
    event.preventDefault();
    const part = button.closest("[data-tick-part]");
    for (const box of boxes(part)) box.checked = true;
    part.querySelector("h3").focus();
    count();
    keep();
  });
  window.addEventListener("pageshow", count);
})();
