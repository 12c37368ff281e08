"""Pictures of the screens, made by the tests that reach them: into var/screens, or into docs/screens by `make pictures`."""

import os

from playwright.sync_api import Page

from .server import ROOT

FOLDER = ROOT / "docs" / "screens" if os.environ.get("ANI_PICTURES") else ROOT / "var" / "screens"


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """A picture of what `page` shows now; `whole` takes all of it and not only what fits the screen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole, animations="disabled")
