/* Suggestions of addresses and communes while one types: a combobox after the ARIA pattern. Without this file the
   «Rechercher» button gives the same suggestions as a list to choose from. */
(() => {
  "use strict";
  let counter = 0;

  const setUp = (input) => {
    if (input.dataset.ready) return;
    input.dataset.ready = "1";
    const group = input.closest("[data-address]");
    const list = document.createElement("ul");
    list.id = `suggestions-${++counter}`;
    list.className = "address-suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.listLabel || "");
    list.hidden = true;
    input.after(list);
    const said = document.createElement("p");
    said.className = "fr-sr-only";
    said.setAttribute("aria-live", "polite");
    list.after(said);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("autocomplete", "off");

    let found = [];
    let active = -1;
    let turn = 0;
    let timer = null;

    const close = () => { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = (index) => {
      active = index;
      [...list.children].forEach((item, place) => item.setAttribute("aria-selected", place === index ? "true" : "false"));
      if (index >= 0) { input.setAttribute("aria-activedescendant", list.children[index].id); list.children[index].scrollIntoView({ block: "nearest" }); }
      else input.removeAttribute("aria-activedescendant");
    };
    const choose = (index) => {
      const choice = found[index];
      close();
      for (const [part, value] of Object.entries(choice)) {
        const target = group.querySelector(`[data-address-part="${part}"]`);
        if (target) target.value = value || "";
      }
      if (input.dataset.keeps) input.value = choice[input.dataset.keeps];
      const details = group.querySelector("details");
      if (details) details.open = true;
      said.textContent = choice.label;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const show = () => {
      list.replaceChildren(...found.map((choice, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = choice.label;
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(index); });
        return item;
      }));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", found.length ? "true" : "false");
      said.textContent = found.length ? `${found.length} ${input.dataset.found || ""}` : input.dataset.none || "";
      active = -1;
    };
    const ask = async () => {
      const mine = ++turn;
      const text = input.value.trim();
      if (text.length < 3) { found = []; close(); return; }
      let response;
      try {
        response = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
      } catch { return; }
      if (!response.ok || mine !== turn) return;
      const answer = await response.json();
      found = answer.suggestions;
      show();
      if (answer.message) said.textContent = answer.message;
    };

    input.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(ask, 200); });
    input.addEventListener("blur", () => window.setTimeout(close, 150));
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") { event.preventDefault(); mark((active + 1) % found.length); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark((active - 1 + found.length) % found.length); }
      else if (event.key === "Enter" && active >= 0) { event.preventDefault(); choose(active); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
    });
  };

  const all = () => document.querySelectorAll("input[data-suggest]").forEach(setUp);
  all();
  document.addEventListener("guichet:refreshed", all);
})();
