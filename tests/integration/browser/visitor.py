"""Staff at a browser, with the app in the dashboard's frame or at an own address."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from axe_selenium_python import Axe
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select
from selenium.webdriver.support.wait import WebDriverWait

from saleor_picqer.dashboard.pages import BASE
from tests.integration.browser.dashboard_stand_in import StandIn
from tests.integration.support.shop import PASSWORD

# Width of the card on the page of an order, in pixels.
CARD = 344
# Seconds that an answer may take on a busy machine.
PATIENCE = 20


class Visitor:
    """A person at the page, acting by visible words."""

    def __init__(self, browser: Chrome, saleor: str, dashboard: StandIn) -> None:
        self.browser = browser
        self.saleor = saleor
        self.dashboard = dashboard
        # Clicks since the page was opened, that one included.
        self.clicks = 0

    # --- ways in

    def open_in_dashboard(
        self,
        path: str,
        token: str,
        *,
        version: str = "v3.23.27",
        theme: str = "light",
        **query: str,
    ) -> None:
        """Open a page in the frame; the person gets this token."""
        self._width(1000)
        self.clicks = 1
        self.browser.get(self.dashboard.url)
        handshake = {"token": token, "version": 1, "dashboardVersion": version}
        # The dashboard's own query string comes first, with what anybody may have written there.
        forged = {"saleorApiUrl": f"{self.dashboard.url}/graphql/", "orderId": "forged"}
        own = {"domain": "shop.example", "saleorApiUrl": f"{self.saleor}/graphql/", "theme": theme}
        address = f"{self.saleor}{BASE}{path}?{urlencode(forged)}&{urlencode(own | query)}"
        self._call("show(arguments[0], arguments[1])", address, handshake)
        self.browser.switch_to.frame(self.browser.find_element(By.ID, "app"))

    def open_alone(self, path: str, **query: str) -> None:
        """Open a page at its own address, in no frame."""
        self._width(1000)
        self.clicks = 1
        self.browser.get(f"{self.saleor}{BASE}{path}?{urlencode(query)}")

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill in the form of Saleor 2.10."""
        self.wait_for(lambda: self.browser.find_elements(By.ID, "email"))
        for name, value in (("email", email), ("password", password)):
            entry = self.browser.find_element(By.ID, name)
            entry.clear()
            entry.send_keys(value)
        self.press("Sign in")
        self.clicks = 1

    # --- reading

    @property
    def heading(self) -> str:
        # In one step: the page may be drawn anew at any moment.
        return str(
            self.script("[...document.querySelectorAll('h1')].map(one => one.innerText)[0] ?? ''")
        )

    @property
    def text(self) -> str:
        return " ".join(self.browser.find_element(By.TAG_NAME, "body").text.split())

    @property
    def result(self) -> str:
        """Return what a screen reader is told."""
        return self.browser.find_element(By.CSS_SELECTOR, "[role=status]").text

    def wait_for_text(self, words: str) -> None:
        self.wait_for(lambda: words in self.text, f"{words!r} in the page")

    def wait_for(self, check: Callable[[], Any], what: str = "") -> None:
        """Wait until the check holds; raise AssertionError with what the page shows instead."""
        try:
            waiting = WebDriverWait(self.browser, PATIENCE, poll_frequency=0.1)
            waiting.until(lambda _: bool(check()))
        except TimeoutException as error:
            log = self.browser.get_log("browser")  # type: ignore[no-untyped-call]
            message = f"not found: {what}. The page shows: {self.text}. {log}"
            raise AssertionError(message) from error

    def links(self) -> dict[str, str]:
        found = self.browser.find_elements(By.TAG_NAME, "a")
        return {link.text: str(link.get_attribute("href")) for link in found}

    def script(self, code: str) -> Any:
        return self.browser.execute_script(f"return {code}")

    def fetched(self) -> list[str]:
        """Return the addresses requested by the page, the page included."""
        return list(
            self.script(
                "[location.href, ...performance.getEntriesByType('resource').map(one => one.name)]"
            )
        )

    def origins(self) -> set[str]:
        return {"{0.scheme}://{0.netloc}".format(urlsplit(one)) for one in self.fetched()}

    def questions(self) -> int:
        """Return the number of requests to GraphQL."""
        return sum(urlsplit(one).path == "/graphql/" for one in self.fetched())

    def wait_for_two_looks(self) -> None:
        """Wait until the page has been drawn anew at least once."""
        questions = self.questions()
        self.wait_for(lambda: self.questions() >= questions + 2, "two more looks")

    def scrolls_sideways(self, width: int) -> bool:
        """Return whether the page does not fit into a width in pixels."""
        self._width(width)
        return bool(self.script("document.documentElement.scrollWidth > innerWidth"))

    def barriers(self, theme: str) -> list[str]:
        """Return what axe-core calls serious or critical about the page in a theme."""
        self.browser.execute_script(f"document.documentElement.dataset.theme = {theme!r}")
        axe = Axe(self.browser)
        axe.inject()
        found = axe.run()["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes']]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    # --- acting

    def press(self, words: str) -> None:
        self._click(self.button(words))

    def press_labelled(self, label: str) -> None:
        """Press the button, or tick the checkbox, with this name for screen readers."""
        self._click(self.browser.find_element(By.CSS_SELECTOR, f'[aria-label="{label}"]'))

    def follow(self, words: str) -> None:
        """Follow a link that leads to another page of the app."""
        self.browser.find_element(By.LINK_TEXT, words).click()

    def unfold(self, words: str) -> None:
        # By keyboard: a click misses what moves while other parts of the page are loading.
        summary = self.browser.find_element(By.XPATH, f"//summary[normalize-space()='{words}']")
        summary.send_keys(Keys.ENTER)
        self.clicks += 1

    def tick(self, words: str) -> None:
        """Tick the checkbox beside the given words."""
        self._click(self.browser.find_element(By.XPATH, f"//label[normalize-space()='{words}']"))

    def fill(self, label: str, text: str) -> None:
        """Write a text into a field, or choose it from a list."""
        entry = self.field(label)
        if entry.tag_name != "select":
            entry.clear()
        entry.send_keys(text)

    def _click(self, element: WebElement) -> None:
        element.click()
        self.clicks += 1

    def press_by_keyboard(self, words: str) -> None:
        """Go to the button by the Tab key alone, and press Enter."""
        for _ in range(20):
            self.browser.switch_to.active_element.send_keys(Keys.TAB)
            if self.browser.switch_to.active_element.text == words:
                self.browser.switch_to.active_element.send_keys(Keys.ENTER)
                return
        raise AssertionError(f"no button {words!r} is reached by the Tab key")

    def button_is_shown(self, words: str) -> bool:
        return self.button(words).is_displayed()

    def button(self, words: str) -> WebElement:
        return self.browser.find_element(By.XPATH, f"//button[normalize-space()='{words}']")

    def can_press(self, words: str) -> bool:
        """Return whether a press of the button has an effect."""
        return self.button(words).get_attribute("aria-disabled") != "true"

    def has_button(self, words: str) -> bool:
        path = f"//button[normalize-space()='{words}']"
        return bool(self.browser.find_elements(By.XPATH, path))

    def set_up_button(self) -> WebElement:
        """Return the button of the overview that leads to the set-up of the first channel."""
        return self.browser.find_element(By.CSS_SELECTOR, "button[id^=set-up-]")

    def field(self, words: str) -> WebElement:
        """Return the field with the given label, found as a screen reader finds fields."""
        found = self._field(words)
        assert found is not None, f"there is no field {words!r}"
        return found

    def has_field(self, words: str) -> bool:
        return self._field(words) is not None

    def choose(self, words: str, option: str) -> None:
        Select(self.field(words)).select_by_visible_text(option)

    def options(self, words: str) -> list[str]:
        return [option.text for option in Select(self.field(words)).options]

    def _field(self, words: str) -> WebElement | None:
        fields = self.browser.find_elements(By.CSS_SELECTOR, "input, select")
        try:
            return next((one for one in fields if one.accessible_name == words), None)
        except StaleElementReferenceException:  # the page has just put others in their place
            return None

    # --- the dashboard around the page

    def dashboard_says(self, kind: Any, **payload: Any) -> None:
        self.dashboard_sends({"type": kind, "payload": payload})

    def dashboard_sends(self, message: Any) -> None:
        """Send a message to the page; the message may be malformed."""
        self._call_outside("frame.contentWindow.postMessage(arguments[0], '*')", message)

    def other_frame_says(self, kind: str, **payload: Any) -> None:
        """Send a message from another frame of the dashboard, which is of another origin."""
        self._call_outside("forge(arguments[0])", {"type": kind, "payload": payload})

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """Return type and payload of what the page has sent to the dashboard."""
        self.browser.switch_to.default_content()
        found = json.loads(self.browser.execute_script("return JSON.stringify(received)"))
        self.browser.switch_to.frame(self.browser.find_element(By.ID, "app"))
        return [(one["type"], one["payload"]) for one in found]

    def redirect(self) -> dict[str, Any]:
        """Wait until the page asks the dashboard to open an address, and return what it asks."""

        def found() -> list[dict[str, Any]]:
            return [payload for kind, payload in self.messages() if kind == "redirect"]

        self.wait_for(found, "a redirect")
        (payload,) = found()
        return payload

    def _call_outside(self, code: str, message: Any) -> None:
        self.browser.switch_to.default_content()
        self._call(code, message)
        self.browser.switch_to.frame(self.browser.find_element(By.ID, "app"))

    def _call(self, code: str, *arguments: Any) -> None:
        self.browser.execute_script(code, *arguments)

    def _width(self, width: int) -> None:
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
