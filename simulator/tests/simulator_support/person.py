"""A user of the simulator's pages who reads, follows links, fills in fields and presses buttons."""

from __future__ import annotations

import base64
from pathlib import Path

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

# Widths of the two screens in pixels.
DESKTOP = 1100
PHONE = 390
# Seconds that a page may take to load.
PATIENCE = 20


class Person:
    """A user who finds elements by visible words; raise NoSuchElementException without a match."""

    def __init__(self, browser: Chrome, url: str) -> None:
        self.browser = browser
        self.url = url
        self.use_screen(DESKTOP)
        self.open("/")

    def use_phone(self) -> None:
        """Make the browser's window as wide as a phone."""
        self.use_screen(PHONE)

    def use_screen(self, width: int) -> None:
        """Make the browser's window `width` pixels wide."""
        self._width = width
        screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width == PHONE}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    def open(self, path: str) -> None:
        self.browser.get(f"{self.url}{path}")

    def follow(self, link: str) -> None:
        self._leave_by(self.browser.find_element(By.LINK_TEXT, link))

    def press(self, words: str) -> None:
        self._leave_by(self._find(f"//button[normalize-space()='{words}']"))

    def unfold(self, summary: str) -> None:
        self._find(f"//summary[normalize-space()='{summary}']").click()

    def fill(self, label: str, value: str) -> None:
        field = self._field(label)
        field.clear()
        field.send_keys(value)

    def value_of(self, label: str) -> str:
        return self._field(label).get_property("value")

    def row(self, words: str) -> list[str]:
        """Return the cells of the first table row that contains `words`."""
        row = self._find(f"//tbody/tr[contains(normalize-space(), '{words}')]")
        return [_words(cell) for cell in row.find_elements(By.XPATH, "./*")]

    def read(self, role: str) -> str:
        """Return the text of the element with this ARIA role."""
        return _words(self._find(f"//*[@role='{role}']"))

    @property
    def heading(self) -> str:
        return _words(self._find("//h1"))

    @property
    def text(self) -> str:
        return _words(self._find("//main"))

    @property
    def scrolls_sideways(self) -> bool:
        """Return whether the page is wider than the screen."""
        # A page may still be laid out for a moment after it has loaded.
        WebDriverWait(self.browser, PATIENCE).until(lambda _: self._page_width <= self._width)
        needed: int = self.browser.execute_script("return document.documentElement.scrollWidth")
        return needed > self._width

    @property
    def _page_width(self) -> int:
        width: int = self.browser.execute_script("return document.documentElement.clientWidth")
        return width

    def take_picture(self, path: Path) -> None:
        """Save a PNG of the whole page."""
        wanted = {"format": "png", "captureBeyondViewport": True}
        shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", wanted)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _leave_by(self, element: WebElement) -> None:
        """Click, and wait until the next page has replaced the current page."""
        page = self.browser.find_element(By.TAG_NAME, "html")
        element.click()
        # Between two pages, ChromeDriver may answer with an error of its own about the old page.
        left = WebDriverWait(self.browser, PATIENCE, ignored_exceptions=[WebDriverException])
        left.until(staleness_of(page))
        WebDriverWait(self.browser, PATIENCE).until(
            lambda browser: browser.execute_script("return document.readyState") == "complete"
        )

    def _field(self, label: str) -> WebElement:
        found = self._find(f"//label[contains(normalize-space(), '{label}')]")
        return self.browser.find_element(By.ID, found.get_attribute("for"))

    def _find(self, xpath: str) -> WebElement:
        return self.browser.find_element(By.XPATH, xpath)


def _words(element: WebElement) -> str:
    """Return the element's text with every line break as a space."""
    return " ".join(element.text.split())
