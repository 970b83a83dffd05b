/* Shows, for each document of a complement request, only what the chosen answer needs. Without this file everything shows. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-answer]")) {
    const apply = () => {
      const chosen = form.querySelector("input[name=choice]:checked");
      for (const part of form.querySelectorAll("[data-for-choice]")) part.hidden = !chosen || part.dataset.forChoice !== chosen.value;
    };
    form.addEventListener("change", (event) => { if (event.target.name === "choice") apply(); });
    apply();
  }
})();
