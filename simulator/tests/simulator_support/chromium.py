"""Starting the installed Chromium without a window and without network traffic of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-proxy-server",
    "--hide-scrollbars",
)


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def find_driver() -> str | None:
    return shutil.which("chromedriver")


@contextmanager
def chromium(binary: str, driver: str, profile: Path) -> Iterator[Chrome]:
    """Start a browser with an empty `profile` and close the browser afterwards."""
    options = ChromeOptions()
    options.binary_location = binary
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    service = ChromeService(executable_path=driver)
    # The driver listens on this machine, so a proxy of the shell must not apply.
    without_proxy = mock.patch.dict(os.environ, no_proxy="localhost,127.0.0.1")
    with without_proxy, Chrome(options=options, service=service) as browser:
        yield browser


@contextmanager
def chromium_or_skip(profile: Path) -> Iterator[Chrome]:
    """Start the installed browser; skip the test where there is none.

    With the environment variable PICQER_BROWSER=required, as in CI, the test fails instead.
    """
    binary, driver = find_browser(), find_driver()
    if binary is None or driver is None:
        words = "no Chromium with its driver found: apt-get install chromium chromium-driver"
        is_required = os.environ.get("PICQER_BROWSER") == "required"
        (pytest.fail if is_required else pytest.skip)(words)
    with chromium(binary, driver, profile) as browser:
        yield browser
