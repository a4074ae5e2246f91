"""What Saleor 2.10.1 needs to run on Python 3.12 with Django 3.2 and current libraries.

Import it first in the settings module, before `saleor.settings`. Each entry puts back a name that
Saleor, or a library that it pins, imports and that a newer release has dropped. Nothing else of
Saleor is changed.
"""

import django.forms.boundfield
import django.forms.forms
import PIL.Image


def apply() -> None:
    """Put the dropped names back; calling it again changes nothing."""
    # saleor.account.i18n takes BoundField from where Django kept it until 3.1.
    django.forms.forms.BoundField = django.forms.boundfield.BoundField
    # django-versatileimagefield resizes with a filter that Pillow 10 renamed.
    PIL.Image.ANTIALIAS = PIL.Image.LANCZOS


apply()
