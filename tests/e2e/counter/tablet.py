"""What a test does at a tablet: by touch or by keyboard, counting touches, and looking at every screen it comes by."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.cast import PIN
from tests.e2e.conftest import Counter
from tests.e2e.pictures import picture
from tests.e2e.server import ROOT, Server

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
COVER = "Who is using this?"
DANGER = "Is anyone in danger right now?"

# Whatever can be touched, and how large it is; what is not shown does not count, a label counts for its box.
SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select')]
    .map(one => one.closest('label') ?? one)
    .filter(one => one.offsetParent !== null && !one.closest('[hidden]') && !one.classList.contains('govuk-skip-link'))
    .map(one => [one.textContent.trim() || one.name, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44).map(([name, box]) => `${name} ${box.width}x${box.height}`)"""


# What moves on a screen by itself, once it has been drawn. What a touch moves within half a second does not count, nor
# what police did since, which may need room: that no tap lands then is tested apart (test_taps.py).
SHIFTS = """(() => {
    window.shifts = [];
    let drawn = Infinity;
    const wait = () => requestAnimationFrame(() => requestAnimationFrame(() => { drawn = performance.now() }));
    new MutationObserver(changes => {
        const news = change => [...change.addedNodes].some(node => node.id === 'main') || change.target.closest?.('[data-live]');
        if (changes.some(news)) { drawn = Infinity; wait() }
    }).observe(document, {childList: true, subtree: true});
    new PerformanceObserver(list => {
        for (const one of list.getEntries())
            if (!one.hadRecentInput && one.startTime > drawn)
                window.shifts.push(one.value.toFixed(4) + ' ' + one.sources.map(source => source.node?.outerHTML?.slice(0, 120)));
    }).observe({type: 'layout-shift', buffered: true});
})()"""

# What does not fit a screen whose text is twice as large: wider than it, or cut off.
TOO_WIDE = """() => [
    ...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
    ...[...document.querySelectorAll('body *')]
        .filter(one => one.offsetParent !== null && !one.closest('.govuk-visually-hidden, .govuk-skip-link'))
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1
            || (getComputedStyle(one).overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1))
        .map(one => one.outerHTML.slice(0, 120)),
]"""
ZOOMED = {"danger", "contact", "receipt-read"}
USUAL, TWICE = {"width": 768, "height": 1024}, {"width": 384, "height": 512}


class Tablet(Counter):
    """A tablet that is used by touch, or by keyboard alone."""

    def __init__(self, browser: Browser, server: Server, secret: str, *, keyboard: bool = False) -> None:
        super().__init__(browser, server, secret)
        self.server = server
        self.keyboard = keyboard
        self.touches = 0

    def prepare(self) -> None:
        """Look out for what moves, from the first page on."""
        self.context.add_init_script(SHIFTS)

    def choose(self, answer: str, *, exact: bool = False) -> None:
        """Touch a button, or reach it by the Tab key and press Enter."""
        self.touches += 1
        button = self.page.locator("#main, .always").get_by_role("button", name=answer, exact=exact).first
        button.wait_for()
        self._press(button)

    def follow(self, name: str) -> None:
        """Touch a link inside the text."""
        self.touches += 1
        self._press(self.page.get_by_role("link", name=name).first)

    def write(self, label: str, words: str) -> None:
        """Type into a box."""
        box = self.page.get_by_label(label).first
        box.wait_for()
        if not self.keyboard:
            box.fill(words)
            return
        self._reach(box)
        self.page.keyboard.type(words)

    def pick(self, name: str, value: str) -> None:
        """One of the answers side by side, or a tick, by the name of its box."""
        box = self.page.locator(f"#main input[name={name}][value={value}]")
        box.wait_for(state="attached")
        if not self.keyboard:
            box.check()
            return
        # Of answers side by side only one is in the way of the Tab key; the arrows lead to the others.
        self._reach(self.page.locator(f"#main input[name={name}]"))
        for _step in range(8):
            if box.is_checked():
                return
            checks = box.get_attribute("type") == "checkbox"
            focused = box.evaluate("one => one === document.activeElement")
            self.page.keyboard.press("Space" if focused else "Tab" if checks else "ArrowDown")
        raise AssertionError("the keyboard does not choose it")

    def _press(self, target: Any) -> None:
        if not self.keyboard:
            self.still()
            target.tap()
            return
        self._reach(target)
        self.page.keyboard.press("Enter")

    def _reach(self, target: Any) -> None:
        for _step in range(80):
            if target.evaluate_all("all => all.includes(document.activeElement)"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("the keyboard does not reach it")

    def at(self, heading: str) -> None:
        """Wait for the screen with this question."""
        expect(self.page.locator("h1").filter(has_text=heading).first).to_be_visible(timeout=20_000)

    def begin(self, initials: str = "AB", pin: str = PIN) -> None:
        """Tile and PIN; touches are counted from here."""
        self.choose(initials)
        self.page.get_by_label("PIN").fill(pin)
        self.choose("Continue")
        self.page.locator("h1").filter(has_not_text="PIN").first.wait_for()
        self.touches = 0

    def alert(self) -> None:
        """Two taps."""
        self.choose("Urgent help")
        self.choose("Send to the police desk (not 999)")
        self.at("Has 999 been rung?")

    def to_words(self, wish: str = "Police now", connected: str = "Not known") -> None:
        """From *What would they like?* to their own words."""
        self.choose(wish)
        self.choose("Yes, they agree")
        self.at("connected with the person")
        self.choose(connected)
        self.at("How may they be reached?")
        self.choose("Skip")
        self.at("Where are they")
        self.choose("Skip")
        self.at("In their own words")

    def to_receipt(self) -> None:
        """From their own words to the receipt."""
        self.choose("Skip")
        self.to_told_receipt()

    def to_told_receipt(self) -> None:
        """From what staff were told to the receipt."""
        self.at("What you were told")
        self.choose("Skip")
        self.at("Support for them")
        self.choose("Continue")
        self.at("Reference")

    def sees(self, text: str) -> None:
        """Wait until the screen shows `text`."""
        self.page.get_by_text(text).filter(visible=True).first.wait_for()

    def at_cover_within(self, seconds: float) -> None:
        """Wait for the cover without touching anything."""
        expect(self.page.locator("h1").filter(has_text=COVER)).to_be_visible(timeout=seconds * 1000)

    def beside(self, secret: str) -> "Tablet":
        """Another tablet."""
        assert self.context.browser is not None
        return Tablet(self.context.browser, self.server, secret)

    def looked_at(self, name: str = "", *, whole: bool = True) -> None:
        """What holds for every screen: no violation that axe finds, nothing too small to hit, nothing that moves by itself,
        and with text twice as large everything is there, without scrolling sideways. A picture of it."""
        heading = self.page.locator("h1").first.text_content()
        covered = "is-cover" in (self.page.locator("body").get_attribute("class") or "")
        # Help is there always; the cover's button wherever the cover is not.
        assert self.page.locator(".always [data-help]").count() == 1, heading
        assert self.page.locator(".always [data-cover]").count() == int(not covered), heading
        assert self.page.evaluate("window.shifts.splice(0)") == [], heading
        faults_of(self.page)
        if name:
            self._picture(name, USUAL["width"], USUAL["height"], whole=whole)
        self.page.set_viewport_size(TWICE)  # type: ignore[arg-type]
        assert self.page.evaluate(TOO_WIDE) == [], heading
        if name in ZOOMED:
            self._picture(f"{name}-200-percent", TWICE["width"], TWICE["height"], whole=True)
        self.page.set_viewport_size(USUAL)  # type: ignore[arg-type]
        self.page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => window.shifts.splice(0))"
        )

    def _picture(self, name: str, width: int, height: int, *, whole: bool) -> None:
        # A taller glass and not a stitched picture: the bar at the bottom stays at the bottom.
        needed = int(self.page.evaluate("document.documentElement.scrollHeight")) if whole else height
        self.page.set_viewport_size({"width": width, "height": max(height, needed)})
        picture(self.page, f"counter-{name}")


def faults_of(page: Page) -> None:
    """Fails with what axe finds, or with what is smaller than 44 pixels."""
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
        " 'best-practice']})).violations"
        ".map(one => one.id + ': ' + one.nodes.map(node => node.target + ' ' + node.html).join(' | '))"
    )
    assert found == [], page.locator("h1").first.text_content()
    assert page.evaluate(SMALL) == [], page.locator("h1").first.text_content()


__all__ = ["COVER", "DANGER", "Path", "Tablet", "faults_of"]
