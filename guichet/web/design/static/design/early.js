// Runs before the page is drawn: says that JavaScript is there, and picks the dark theme without a flash.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  if (window.matchMedia("(prefers-color-scheme: dark)").matches) root.setAttribute("data-fr-theme", "dark");
})();
