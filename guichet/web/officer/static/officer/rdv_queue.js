/* The queue refreshes itself every ten seconds or so, unless somebody is on one of its buttons. Without this file a link does. */
const area = document.querySelector("[data-queue]");
const status = document.querySelector("[data-waiting]");

const refresh = async () => {
  if (document.hidden || area.contains(document.activeElement)) return;
  let answer;
  try {
    answer = await fetch(window.location.href, { cache: "no-store" });
  } catch { return; } // no network: the next time
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-queue]");
  if (!fresh || area.contains(document.activeElement)) return;
  const before = area.dataset.queue;
  area.innerHTML = fresh.innerHTML;
  area.dataset.queue = fresh.dataset.queue;
  if (before !== fresh.dataset.queue) status.textContent = area.querySelector("h2").textContent;
};

if (area && status) window.setInterval(refresh, 10000);
