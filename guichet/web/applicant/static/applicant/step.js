/* A step of a draft: the server says which questions show. This only asks it again as answers change, so that nobody has to
   press «Mettre à jour». Without this file the button does the same. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-live]");
  if (!form) return;

  const body = () => form.querySelector("[data-step-body]");
  const status = document.getElementById("step-status");
  let asked = 0;
  let timer = null;
  let submitting = false;

  const parts = (root) => {
    const found = new Map();
    const walk = (node) => {
      for (const child of node.children) {
        if (child.dataset.part) found.set(child.dataset.part, child);
        else walk(child);
      }
    };
    walk(root);
    return found;
  };

  // Keeps what is on the page and in use; adds, removes and refreshes only what the server changed.
  const sync = (shown, wanted) => {
    const before = parts(shown);
    const after = parts(wanted);
    let changed = 0;
    for (const [key, element] of before) {
      if (!after.has(key)) { element.remove(); changed += 1; }
    }
    let previous = null;
    for (const [key, element] of after) {
      const current = shown.contains(before.get(key)) ? before.get(key) : null;
      if (!current) {
        const added = document.importNode(element, true);
        if (previous) previous.after(added);
        else {
          const parent = element.parentElement.dataset.partList
            ? shown.querySelector(`[data-part-list="${element.parentElement.dataset.partList}"]`) || shown
            : shown;
          parent.prepend(added);
        }
        previous = added;
        changed += 1;
        continue;
      }
      if (current.dataset.signature !== element.dataset.signature) {
        if (!current.contains(document.activeElement)) {
          const fresh = document.importNode(element, true);
          current.replaceWith(fresh);
          previous = fresh;
          changed += 1;
          continue;
        }
      } else if (current.querySelector("[data-part]") || element.querySelector("[data-part]")) {
        changed += sync(current, element);
      }
      previous = current;
    }
    return changed;
  };

  const ask = async () => {
    const turn = ++asked;
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    data.delete("ephoto"); // a number is confirmed by its own button
    data.set("action", form.dataset.live || "preview");
    let response;
    try {
      response = await fetch(form.getAttribute("action"), { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    } catch { return; } // no network: saving will say so
    if (!response.ok || turn !== asked || submitting) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const wanted = page.querySelector("[data-step-body]");
    if (!wanted) return;
    const changed = sync(body(), wanted);
    document.dispatchEvent(new CustomEvent("guichet:refreshed"));
    if (changed && status) { status.textContent = ""; window.setTimeout(() => { status.textContent = status.dataset.changed; }, 50); }
  };

  form.addEventListener("change", (event) => {
    if (event.target.closest("[data-quiet]") || event.target.type === "file") return;
    asked += 1; // an answer still under way knows nothing of this change: it must not undo it
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 120);
  });

  // A total follows as one types.
  form.addEventListener("input", (event) => {
    const section = event.target.closest(".guichet-section");
    if (event.target.type !== "text" || !section || !section.querySelector(".guichet-total")) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 500);
  });

  // A double click sends once; the button pressed stays in the request.
  form.addEventListener("submit", (event) => {
    if (submitting) { event.preventDefault(); return; }
    submitting = true;
    window.setTimeout(() => { submitting = false; }, 8000);
  });
  window.addEventListener("pageshow", () => { submitting = false; });
})();
