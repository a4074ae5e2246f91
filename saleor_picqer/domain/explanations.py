"""Where an order is, or why it is not sent: the answer to staff who ask for one order.

The answer follows from the state machine that leads the worker, so that the two never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple


class Code(StrEnum):
    """Answers to "where is this order?"; the values are the codes for programs."""

    # Not to be sent
    DELETED = "deleted"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"
    NOTHING_TO_SHIP = "nothing_to_ship"
    METHOD_NOT_HANDLED = "method_not_handled"
    PLACED_TOO_EARLY = "placed_too_early"
    SKIPPED_BY_STAFF = "skipped_by_staff"
    SKIPPED = "skipped"
    # Stopped by the channel
    NOT_SET_UP = "not_set_up"
    SWITCHED_OFF = "switched_off"
    INVALID_SETTINGS = "invalid_settings"
    COPIED_DATABASE = "copied_database"
    PICQER_SILENT = "picqer_silent"
    # To be sent later
    WAITS_FOR_CONFIRMATION = "waits_for_confirmation"
    WAITS_FOR_PAYMENT = "waits_for_payment"
    POSTPONED = "postponed"
    FAILED = "failed"
    DUE = "due"
    BUSY = "busy"
    # In Picqer
    CONCEPT = "concept"
    PROCESSED = "processed"
    COMPLETED = "completed"
    CANCELLED_IN_PICQER = "cancelled_in_picqer"
    IN_OTHER_ACCOUNT = "in_other_account"


class CodeText(NamedTuple):
    """What a code says of an order, and what to do; the latter is empty where nothing helps."""

    title: str
    advice: str = ""


_PUSH: Final = "Push the order to send it all the same."

CODE_TEXTS: Final[Mapping[Code, CodeText]] = {
    Code.DELETED: CodeText("The order no longer exists in Saleor."),
    Code.DRAFT: CodeText(
        "The order is still a draft.", "Complete the draft; the order is then sent."
    ),
    Code.CANCELLED: CodeText("The order was cancelled, or has expired, before it was sent."),
    Code.FULFILLED: CodeText("The order was fulfilled in Saleor before it was sent."),
    Code.NOTHING_TO_SHIP: CodeText("The order has nothing to ship."),
    Code.METHOD_NOT_HANDLED: CodeText(
        "Picqer does not handle the order's shipping method.",
        "Mark the method, or name it in the settings; later orders are then sent. To send this"
        " one, push it.",
    ),
    Code.PLACED_TOO_EARLY: CodeText(
        "The order was placed before Picqer took over the channel's orders.", _PUSH
    ),
    Code.SKIPPED_BY_STAFF: CodeText(
        "Staff have skipped the order.", "Push the order to have it sent."
    ),
    Code.SKIPPED: CodeText("The order is skipped.", _PUSH),
    Code.NOT_SET_UP: CodeText(
        "The Picqer plugin is not set up for the order's channel.",
        "Enter the plugin's settings for the channel, and switch the plugin on.",
    ),
    Code.SWITCHED_OFF: CodeText(
        "The Picqer plugin is switched off in the order's channel.",
        "Switch the plugin on; orders that were placed meanwhile are then sent.",
    ),
    Code.INVALID_SETTINGS: CodeText(
        "The plugin cannot work with its settings in the order's channel.",
        "Correct the setting; waiting orders are then sent.",
    ),
    Code.COPIED_DATABASE: CodeText(
        "The plugin was switched on at another public address, so it sends nothing.",
        "Run `manage.py picqer confirm-address` if this is the shop, and not a copy.",
    ),
    Code.PICQER_SILENT: CodeText(
        "Picqer has not answered several times in a row, so all orders of the channel wait.",
        "The plugin tries again by itself. Retry a failed order to try at once.",
    ),
    Code.WAITS_FOR_CONFIRMATION: CodeText(
        "The order is not confirmed yet.",
        f'Confirm the order, as the setting "Send orders when" asks. {_PUSH}',
    ),
    Code.WAITS_FOR_PAYMENT: CodeText(
        "The order is not paid yet.",
        f'The setting "Send orders when" asks for the payment. {_PUSH}',
    ),
    Code.POSTPONED: CodeText(
        "The last attempt at the order failed, and the next one waits.",
        "The plugin tries again by itself. Once the cause is mended, retry the order.",
    ),
    Code.FAILED: CodeText(
        "The plugin has given the order up.", "Mend the cause, then retry the order."
    ),
    Code.DUE: CodeText(
        "The order waits for a worker.",
        "If this lasts for more than a few minutes, check that Celery's workers and celery beat"
        " run.",
    ),
    Code.BUSY: CodeText("A worker is busy with the order."),
    Code.CONCEPT: CodeText("The order is a concept in Picqer."),
    Code.PROCESSED: CodeText("Picqer's warehouse has the order."),
    Code.COMPLETED: CodeText("Picqer has shipped the order."),
    Code.CANCELLED_IN_PICQER: CodeText("The order is cancelled in Picqer."),
    Code.IN_OTHER_ACCOUNT: CodeText(
        "The order is in another Picqer account than the channel now uses.",
        "Finish the order in that account, or push it to send it to the account of the channel.",
    ),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where an order is, or why it is not sent."""

    code: Code
    # A sentence for staff, what they can do (may be empty), and further sentences.
    title: str
    advice: str = ""
    details: tuple[str, ...] = field(default=())
    # When the plugin goes on by itself; None for at once, or for never.
    until: datetime | None = None

    @classmethod
    def of(cls, code: Code, *details: str, until: datetime | None = None) -> Explanation:
        """Return the explanation in the usual words of a code; empty details are left out."""
        text = CODE_TEXTS[code]
        return cls(code, text.title, text.advice, tuple(filter(None, details)), until)


def describe_time(moment: datetime) -> str:
    """Return a point in time for staff, with its time zone."""
    return f"{moment:%Y-%m-%d %H:%M %Z}"
