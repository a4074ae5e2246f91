"""The installed Saleor. Only the support modules ask."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import saleor

if TYPE_CHECKING:
    from tests.integration.support.shop import Shop


def saleor_version() -> str:
    """Return the full version, "3.23.28"."""
    return version("saleor") if saleor.__version__ == "dev" else saleor.__version__


# Release line, "2.10" or "3.23".
LINE = saleor_version().rpartition(".")[0]

IS_SALEOR_3 = LINE.startswith("3.")


def create_shop() -> Shop:
    """Create the shop in the database, with the rows needed by the installed line of Saleor."""
    # Django's settings import this module, so models cannot be imported at its top.
    if IS_SALEOR_3:
        from tests.integration.support.saleor3_shop import Saleor3Shop

        return Saleor3Shop()
    from tests.integration.support.saleor2_shop import Saleor2Shop

    return Saleor2Shop()
