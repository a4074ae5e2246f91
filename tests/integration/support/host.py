"""The Saleor that the tests run inside. Only the support modules ask."""

from importlib.metadata import version

import saleor


def saleor_version() -> str:
    """Return the full version, "3.23.28"."""
    return version("saleor") if saleor.__version__ == "dev" else saleor.__version__


# Release line, "2.10" or "3.23".
LINE = saleor_version().rpartition(".")[0]

IS_SALEOR_3 = LINE.startswith("3.")
