/* The week refreshes itself every 10 seconds or so, and a slot is read as it is selected. Nothing that is selected or focused is
   lost: only the cells that changed are replaced. Without this file links and a button do the same. */
const area = document.querySelector("[data-refresh]");
const status = document.querySelector("[data-changed]");
const form = document.getElementById("choix");
let etag = "";
let selected = area?.querySelector("[data-part=panel]").dataset.selected || "";
let turn = 0;
let timer = null;

const address = () => {
  const query = new URLSearchParams({ semaine: area.dataset.week });
  if (selected) query.set("plage", selected);
  if (area.dataset.party) query.set("personnes", area.dataset.party);
  return query;
};

const say = (text) => {
  status.textContent = "";
  window.setTimeout(() => { status.textContent = text; }, 50);
};

const mark = () => {
  // Both shapes of the week hold each slot; the one that shows is checked.
  if (!selected) return;
  for (const input of area.querySelectorAll("input[name=plage]")) {
    if (input.value === selected && input.offsetParent !== null) input.checked = true;
  }
};

const replacePanel = (fresh) => {
  const panel = area.querySelector("[data-part=panel]");
  if (panel.innerHTML === fresh.innerHTML) return;
  const inside = panel.contains(document.activeElement);
  const lost = panel.dataset.selectedState === "free" && fresh.dataset.selectedState && fresh.dataset.selectedState !== "free";
  panel.replaceWith(fresh);
  if (lost) say(status.dataset.changed);
  if (inside) { (fresh.querySelector("button[name], a") || fresh).focus(); }
};

const replaceCells = (fresh) => {
  const before = [...area.querySelectorAll("[data-part=grid] [data-cell][data-state]")];
  const after = [...fresh.querySelectorAll("[data-cell][data-state]")];
  const same = before.length === after.length && before.every((cell, place) => cell.dataset.cell === after[place].dataset.cell);
  if (!same) {
    const focused = document.activeElement?.id;
    const scrolled = area.querySelector(".booking-week")?.scrollTop || 0;
    area.querySelector("[data-part=grid]").replaceWith(fresh);
    const week = area.querySelector(".booking-week");
    if (week) week.scrollTop = scrolled;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    return;
  }
  before.forEach((cell, place) => {
    if (cell.dataset.state === after[place].dataset.state) return;
    const held = cell.contains(document.activeElement);
    cell.replaceWith(after[place]);
    // The slot one was on is gone: to what says so, beside the nearest ones.
    if (!held) return;
    const panel = area.querySelector("[data-part=panel]");
    (after[place].matches("a") ? after[place] : panel.offsetParent ? panel : document.getElementById("semaine")).focus();
  });
};

const refresh = async () => {
  const mine = ++turn;
  const query = address();
  query.set("vue", "grille");
  let answer;
  try {
    answer = await fetch(`?${query}`, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
  } catch { return; } // no network: the next time
  if (mine !== turn || answer.status === 304 || !answer.ok) return;
  etag = answer.headers.get("ETag") || "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const grid = page.querySelector("[data-part=grid]");
  const panel = page.querySelector("[data-part=panel]");
  if (mine !== turn || !grid || !panel) return;
  panel.tabIndex = -1;
  replacePanel(panel);
  replaceCells(grid);
  mark();
};

const again = () => {
  window.clearTimeout(timer);
  timer = window.setTimeout(async () => {
    if (!document.hidden) await refresh();
    again();
  }, 8000 + Math.random() * 4000);
};

if (area && status && form) {
  document.querySelector("[data-live]").hidden = false;
  area.querySelector("[data-part=panel]").tabIndex = -1;
  mark();
  area.addEventListener("change", async (event) => {
    if (event.target.name !== "plage") return;
    selected = event.target.value;
    window.history.replaceState(null, "", `?${address()}`);
    await refresh();
    say(status.dataset.picked);
    again();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { refresh(); again(); } });
  again();
}
