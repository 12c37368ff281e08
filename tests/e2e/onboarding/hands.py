"""Somebody who uses the keyboard alone: no mouse is touched, every step is seen, axe looks at every page."""

import re
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .walk import Walk

Name = str | re.Pattern[str]
# The focus must be seen: an outline, a shadow or another background than without it.
SEEN = """one => {
    const parts = ['outlineStyle', 'outlineWidth', 'boxShadow', 'backgroundColor'];
    const shown = () => parts.map(part => getComputedStyle(one)[part]).join();
    const shape = one.closest('.govuk-radios__item, .govuk-checkboxes__item')?.querySelector('label');
    const around = () => shown() + (shape ? getComputedStyle(shape, '::before').boxShadow : '');
    const focused = around(); one.blur(); const plain = around(); one.focus();
    return focused !== plain
}"""


class Hands(Walk):
    """A walk by Tab, Enter, Space and letters."""

    def press(self, name: Name, role: str = "button") -> None:
        """Not here: that is the mouse."""
        raise AssertionError("by keyboard alone")

    def touch(self, name: str) -> None:
        """Not here: that is a finger."""
        raise AssertionError("by keyboard alone")

    def fill(self, **boxes: str) -> None:
        """Not here: that is no typing."""
        raise AssertionError("by keyboard alone")

    def to(self, target: Locator, what: Name) -> Locator:
        """Go on with the Tab key until the focus is there, and is seen there."""
        target.first.wait_for(state="attached")
        for _press in range(200):
            if target.first.evaluate("one => one === document.activeElement"):
                assert target.first.evaluate(SEEN), f"the focus on {what} is not seen"
                return target.first
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {what}")

    def on(self, name: Name, role: Any = "button") -> Locator:
        """To a button, a link or a box."""
        return self.to(self.page.get_by_role(role, name=name), name)

    def follow(self, name: Name, role: Any = "link") -> None:
        """To a link or button, and Enter; axe looks at what comes."""
        self.on(name, role)
        self.enter()

    def enter(self) -> None:
        """Enter; axe looks at what comes."""
        self.steps += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.check()

    def say(self, **boxes: str) -> None:
        """Type into boxes in place of what stands there, by their labels, _ for a space."""
        for label, text in boxes.items():
            self.to(self.page.get_by_label(label.replace("_", " ")), label)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)

    def date(self, label: str, day: date) -> None:
        """A day, typed part by part: month first, as this Chromium's own box has it whatever the page's language."""
        box = self.to(self.page.get_by_label(label), label)
        self.page.keyboard.type(day.strftime("%m%d%Y"))
        assert box.input_value() == day.isoformat()

    def choose(self, label: Name, begins: str) -> None:
        """One of a list, by the letters it begins with."""
        box = self.to(self.page.get_by_label(label), label)
        self.page.keyboard.type(begins)
        chosen = box.evaluate("one => one.selectedOptions[0].textContent")
        assert chosen.startswith(begins), (label, chosen)

    def tick(self, box: Locator, what: Name) -> None:
        """A box or a round one, by the space bar; within a group by its arrows where Tab stops at the first."""
        self.to(box, what)
        self.page.keyboard.press("Space")
        assert box.first.is_checked(), what

    def give_file(self, label: str, content: bytes, name: str) -> None:
        """Choose a file: Enter on its box opens the browser's own window."""
        self.page.wait_for_load_state()
        expect(self.to(self.page.get_by_label(label), label)).to_be_focused()
        with self.page.expect_file_chooser() as window:
            self.page.keyboard.press("Enter")
        window.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})


def skipped(page: Page) -> bool:
    """Whether the first Tab and Enter lead past the ways to the page itself."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    return bool(page.evaluate("document.activeElement.id === 'main'"))
