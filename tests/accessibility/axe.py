"""Is a page for everyone? axe's rules, 320 pixels wide, the keyboard alone.

``assert_accessible(page)`` on every page and every state of it (error, empty, recap), in both languages.
"""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320  # WCAG 1.4.10: content reflows at 320 CSS pixels

axe = Axe()


def assert_accessible(page: Page, *, but: tuple[str, ...] = ()) -> None:
    """No violation of axe's rules. ``but`` names rules that do not apply to this very page; say why beside."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {rule: {"enabled": False} for rule in but}}
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    found = axe.run(page, options=options).response["violations"]
    assert not found, f"{page.url} is not accessible:\n" + "\n".join(_told(violation) for violation in found)


def _told(violation: dict[str, Any]) -> str:
    where = "\n".join(f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in violation["nodes"][:4])
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{where}"


TOO_WIDE = """width => {
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.width && box.right > width + 1 && getComputedStyle(element).visibility !== "hidden") {
      let holder = element.parentElement, scrolls = false;
      for (; holder && holder !== document.body; holder = holder.parentElement)
        if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(holder).overflowX)) { scrolls = true; break; }
      if (!scrolls) found.push(element.outerHTML.slice(0, 150));
    }
  }
  return { scroll: document.scrollingElement.scrollWidth, found: found.slice(0, 5) };
}"""


def assert_fits(page: Page, width: int = NARROW) -> None:
    """Nothing scrolls sideways in a window of this width."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    measured = page.evaluate(TOO_WIDE, width)
    if before:
        page.set_viewport_size(before)
    assert measured["scroll"] <= width, f"{page.url} is {measured['scroll']} px wide at {width} px:\n" + "\n".join(
        measured["found"]
    )


REACHABLE = """() => {
  const seen = element => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (style.visibility === "hidden" || !element.checkVisibility() || element.closest("[inert]")) return false;
    return box.width || box.height;
  };
  let number = 0;
  const groups = new Set();
  const wanted = [];
  for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
    if (element.disabled || element.type === "hidden" || element.tabIndex < 0 || !seen(element)) continue;
    if (element.type === "radio") {
      const key = `${element.form?.id}/${element.name}`;
      const checked = document.querySelector(`input[type=radio][name="${CSS.escape(element.name)}"]:checked`);
      if (groups.has(key) || (checked && checked !== element)) continue;
      groups.add(key);
    }
    element.dataset.keyboard = String(++number);
    wanted.push(element.outerHTML.slice(0, 120));
  }
  return wanted;
}"""
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const told = [element, element.nextElementSibling, element.parentElement].filter(Boolean).flatMap(one =>
    [getComputedStyle(one), getComputedStyle(one, "::before"), getComputedStyle(one, "::after")]);
  return {
    number: element.dataset.keyboard || null,
    html: element.outerHTML.slice(0, 120),
    shown: told.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0),
  };
}"""


def assert_keyboard(page: Page, *, at_most: int = 200) -> None:
    """Everything that can be acted on is reached by the Tab key, in a finite number of steps, and shows its focus."""
    wanted = page.evaluate(REACHABLE)
    page.evaluate("() => { document.activeElement?.blur(); window.getSelection()?.removeAllRanges(); }")
    reached: set[str] = set()
    ends = 0  # a page that begins in its summary of errors is walked past its end, and again from its beginning
    for _ in range(at_most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        ends += focused is None
        if ends == 2 or len(reached) >= len(wanted):
            break
        if focused is None:
            continue
        assert focused["shown"], f"{page.url}: the focus does not show on {focused['html']}"
        if focused["number"]:
            reached.add(focused["number"])
    missed = [html for number, html in enumerate(wanted, 1) if str(number) not in reached]
    assert not missed, f"{page.url}: not reached by the keyboard:\n" + "\n".join(missed)
