"""Make Saleor 2.10.1 run on Python 3.12 with Django 3.2 and current libraries.

Import this module first in the settings, before `saleor.settings`. Each entry restores a name that
a newer release of a library has dropped and that Saleor still imports. Saleor itself is unchanged.
"""

from __future__ import annotations

import django.forms.boundfield
import django.forms.forms
import PIL.Image


def apply() -> None:
    """Restore the dropped names. A second call changes nothing."""
    # saleor.account.i18n imports BoundField from the module that held it until Django 3.1.
    django.forms.forms.BoundField = django.forms.boundfield.BoundField
    # django-versatileimagefield resizes with a filter that Pillow 10 renamed.
    PIL.Image.ANTIALIAS = PIL.Image.LANCZOS


apply()
