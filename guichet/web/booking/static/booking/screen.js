/* The screen asks again every five seconds; new calls are read aloud by screen readers and, if somebody asked for it, rung.
   Without this file the page reloads itself. */
const screen = document.querySelector("[data-screen]");
const said = document.querySelector("[data-said]");
const sound = document.querySelector("[data-sound]");
let etag = "";
let ring = null; // made by a press of the button only: browsers want it so, and so do we

const called = () => [...screen.querySelectorAll("[data-call]")].map((one) => one.dataset.call);

const bell = () => {
  if (!ring) return;
  for (const [start, pitch] of [[0, 660], [0.25, 880]]) {
    const tone = ring.createOscillator();
    const volume = ring.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.2, ring.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, ring.currentTime + start + 0.4);
    tone.connect(volume).connect(ring.destination);
    tone.start(ring.currentTime + start);
    tone.stop(ring.currentTime + start + 0.4);
  }
};

const refresh = async () => {
  let answer;
  try {
    answer = await fetch("?vue=appels", { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
  } catch { return; } // no network: the next time
  if (answer.status === 304 || !answer.ok) return;
  etag = answer.headers.get("ETag") || "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-calls]");
  if (!fresh) return;
  const before = new Set(called());
  screen.querySelector("[data-calls]").replaceWith(fresh);
  const news = [...fresh.querySelectorAll("[data-call]")].filter((one) => !before.has(one.dataset.call));
  for (const one of news) one.classList.add("screen-new");
  if (!news.length) return;
  said.textContent = news.map((one) => one.innerText.replace(/\s+/g, " ")).join(". ");
  bell();
};

if (screen && said) {
  window.setInterval(refresh, 5000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}
if (sound) {
  sound.parentElement.hidden = false;
  sound.addEventListener("click", () => {
    const on = sound.getAttribute("aria-pressed") !== "true";
    sound.setAttribute("aria-pressed", String(on));
    ring = on ? new AudioContext() : null;
    bell();
  });
}
