"""Send a product to Picqer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from saleor_picqer.domain.catalogue import CatalogueEntry
from saleor_picqer.domain.mapping.products import (
    ProductRequest,
    changes_since,
    product_changes,
    product_request,
)
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.domain.skus import compare_key, normalize
from saleor_picqer.errors import (
    AccountSetupError,
    DataError,
    InvalidRequestError,
    NotFoundError,
    RefusedError,
    SettingsError,
    UnknownVatGroupError,
)
from saleor_picqer.sync.ports import Context

# Errors that concern a single product, such as a tax rate that Picqer has no VAT group for.
ABOUT_ONE_PRODUCT: Final = (
    AccountSetupError,
    DataError,
    RefusedError,
    SettingsError,
    UnknownVatGroupError,
)


class Pushed(StrEnum):
    """What became of a product."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def push_variant(
    context: Context,
    variant: Variant,
    remote: RemoteProduct | None,
    entry: CatalogueEntry | None = None,
) -> Pushed:
    """Send a variant, given the product with the SKU in Picqer's complete list.

    Takes no request for an equal product, 1 for a different or missing one, and 1 for an image.
    Takes up to 3 more for a product that was created since Picqer's products were listed, or whose
    SKU has changed. `entry` is read if it is not given. Raises errors of `ABOUT_ONE_PRODUCT` and
    transient ones; what has arrived before is saved.
    """
    entry = entry or entries(context, [variant])[variant.pk]
    if remote is None and entry.remote_id is not None:
        remote = context.picqer.products.find_id(entry.remote_id)
        entry = entry if remote is not None else replace(entry, remote_id=None)
    return _Push(context, variant, entry).run(remote)


def push_known(context: Context, variant: Variant, entry: CatalogueEntry) -> Pushed:
    """Send what has changed since the last push, without asking what Picqer has.

    Takes 1 request for a change, 1 for a new product and 1 or 2 for an image; otherwise none.
    """
    return _Push(context, variant, entry).run(None)


def entries(context: Context, variants: Collection[Variant]) -> Mapping[str, CatalogueEntry]:
    """Return what was sent of the variants, in one statement; a blank entry for a new variant."""
    pks = [variant.pk for variant in variants]
    return {pk: CatalogueEntry(pk) for pk in pks} | dict(context.catalogue.get(pks))


def record_created(context: Context, variant: Variant, request: ProductRequest, id_: int) -> None:
    """Save a product created in Picqer by another way, such as an order."""
    context.links.products.link({normalize(variant.sku): id_})
    context.catalogue.save(
        CatalogueEntry(variant.pk, request.code, id_, sent_digests=request.digests)
    )


def build_request(context: Context, variant: Variant) -> ProductRequest:
    """Map a variant as `product_request` does, with the channel's settings."""
    return product_request(
        variant, context.settings.product_policy, context.picqer.reference.vat_group
    )


class _Push:
    """A variant on the way to Picqer; `entry` is the saved row."""

    def __init__(self, context: Context, variant: Variant, entry: CatalogueEntry) -> None:
        self._context = context
        self._variant = variant
        self._entry = entry
        self._request = build_request(context, variant)

    def run(self, remote: RemoteProduct | None) -> Pushed:
        if remote is None and self._entry.remote_id is None and not self._request.active:
            # Nothing is created only to be hidden.
            return Pushed.UNCHANGED
        try:
            outcome, remote = self._send(remote)
        except NotFoundError:
            if self._entry.remote_id is None:
                raise
            # Picqer cannot delete products, but an account can be set up anew.
            self._entry = CatalogueEntry(self._variant.pk)
            outcome, remote = self._send(None)
        self._add_image(remote)
        return outcome

    def _send(self, remote: RemoteProduct | None) -> tuple[Pushed, RemoteProduct | None]:
        linked = self._entry.remote_id
        if linked is None:
            return self._create() if remote is None else self._adopt(remote)
        # A product of Picqer's that has only the same SKU is another one.
        if remote is None or remote.id != linked:
            return self._update(linked, None)
        return self._update(linked, remote)

    def _create(self) -> tuple[Pushed, RemoteProduct | None]:
        products = self._context.picqer.products
        try:
            created = products.create(self._request)
        except InvalidRequestError:
            # Picqer refuses a code that it has: typed in by hand, or sent by a killed worker.
            existing = products.find(self._request.code)
            if existing is None:
                raise
            adopted = self._adopt(existing)
            # What the shop knows of the SKU's stock may be of a variant that was deleted.
            self._context.readings.request([existing.id])
            return adopted
        self._save(created.id)
        return Pushed.CREATED, created

    def _adopt(self, remote: RemoteProduct) -> tuple[Pushed, RemoteProduct | None]:
        """Take over a product that Picqer has under the SKU."""
        owner = self._context.catalogue.owners([remote.id]).get(remote.id)
        if owner is not None and owner != self._variant.pk:
            if self._context.shop.catalogue.existing([owner]):
                # Its SKU has changed in Saleor, and Picqer does not know yet.
                self._context.catalogue.touch([owner])
                raise DataError(
                    f'In Picqer, SKU "{self._variant.sku}" still belongs to another product of'
                    " Saleor, whose new SKU is sent first."
                )
            self._context.catalogue.forget(owner)
        return self._update(remote.id, remote)

    def _update(
        self, remote_id: int, remote: RemoteProduct | None
    ) -> tuple[Pushed, RemoteProduct | None]:
        sent = self._entry.sent_digests
        if remote is None:
            changes = changes_since(self._request, sent)
        else:
            changes = product_changes(self._request, remote, sent)
        former = {self._entry.sku, remote.code if remote else ""} - {""}
        if changes:
            remote = self._context.picqer.products.update(remote_id, changes)
        if {compare_key(code) for code in former} - {compare_key(self._request.code)}:
            # Its stock counts for another SKU from now on.
            self._context.readings.request([remote_id])
        self._save(remote_id)
        return (Pushed.UPDATED if changes else Pushed.UNCHANGED), remote

    def _add_image(self, remote: RemoteProduct | None) -> None:
        """Upload an image unless Picqer has an image. Raises DataError for a broken file."""
        image, id_ = self._variant.image, self._entry.remote_id
        if not (image and id_) or self._entry.image or not self._context.settings.product_images:
            return
        products = self._context.picqer.products
        if remote is None or not remote.has_image:
            # Read first: a broken file costs no request.
            content = self._context.shop.catalogue.image(image)
            remote = remote or products.find_id(id_)
            if remote is None or not remote.has_image:
                products.add_image(id_, content)
        self._entry = replace(self._entry, image=image)
        self._context.catalogue.save(self._entry)

    def _save(self, remote_id: int) -> None:
        before, code = self._entry, self._request.code
        digests = self._request.digests
        self._entry = replace(before, sku=code, remote_id=remote_id, sent_digests=digests)
        if self._entry == before and not before.retired:
            return
        if before.sku and compare_key(before.sku) != compare_key(code):
            # Another product may get the former SKU.
            self._context.links.products.unlink(before.sku)
        if before.remote_id != remote_id or before.sku != code:
            self._context.links.products.link({normalize(self._variant.sku): remote_id})
        self._context.catalogue.save(self._entry)
