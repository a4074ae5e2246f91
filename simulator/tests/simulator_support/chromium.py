"""Starts the system's Chromium without a window. Nothing is downloaded, nothing calls home."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

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
    """A browser with an empty `profile`, closed afterwards."""
    options = ChromeOptions()
    options.binary_location = binary
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    service = ChromeService(executable_path=driver)
    # The driver listens on this machine, whatever proxy the shell has set up.
    without_proxy = mock.patch.dict(os.environ, no_proxy="localhost,127.0.0.1")
    with without_proxy, Chrome(options=options, service=service) as browser:
        yield browser
