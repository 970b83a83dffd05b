// Comforts, none of which anything depends on.

// French punctuation never begins a line.
if (document.documentElement.lang === "fr") {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("textarea, script, style, pre, code") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const better = node.data.replace(/ (?=[:;!?»])/g, "\u00a0").replace(/« /g, "«\u00a0");
    if (better !== node.data) node.data = better;
  }
}

// An error summary takes the focus, so that it is read first.
document.getElementById("erreurs")?.focus();

// The language links of the header keep what was typed: they press the language button of the page's form.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-language]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const button = document.querySelector(`form button[name="_language"][value="${link.dataset.language}"]`);
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});
