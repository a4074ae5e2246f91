"""Which Saleor the tests run inside. Only the harness asks."""

from importlib.metadata import version

import saleor


def saleor_version() -> str:
    """Full version, "3.23.28"; the release on PyPI calls itself "dev"."""
    return version("saleor") if saleor.__version__ == "dev" else saleor.__version__


# Release line, "2.10" or "3.23".
LINE = saleor_version().rpartition(".")[0]

IS_SALEOR_3 = LINE.startswith("3.")
