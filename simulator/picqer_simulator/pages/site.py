"""Owns the web pages: which address shows what, which form does what, and who may send one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from picqer_simulator.core.errors import ApiError
from picqer_simulator.core.models import Wire
from picqer_simulator.core.queries import PAGE_SIZE, Query
from picqer_simulator.http.cross_site import is_cross_site
from picqer_simulator.http.runtime import Runtime
from picqer_simulator.pages import orders, requests, stock, webhooks

# All that no other site answers.
PREFIX = ""
PACKAGE = "picqer_simulator.pages"
STYLE = "/style.css"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    # Stricter ones make browsers hide where a form comes from.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


Ids = Mapping[str, int]


@dataclass(frozen=True)
class Page:
    """`view` gets the backstage, the query and the ids of the path; it answers what is shown."""

    path: str
    template: str
    view: Callable[..., Wire]


@dataclass(frozen=True)
class Form:
    """`submit` gets the simulator, the fields and the ids of the path; `page` is shown then."""

    path: str
    submit: Callable[..., object]
    page: Page
    done: str


ORDER = Page("/orders/<int:idorder>", "order.html", orders.show)
STOCK = Page("/stock", "stock.html", stock.show)
PAGES = (
    Page("/", "orders.html", orders.show_list),
    ORDER,
    STOCK,
    Page("/webhooks", "webhooks.html", webhooks.show),
    Page("/webhooks/deliveries/<int:iddelivery>", "delivery.html", webhooks.show_delivery),
    Page("/requests", "requests.html", requests.show),
)
FORMS = (
    Form("/orders/<int:idorder>/ship", orders.ship, ORDER, "shipped"),
    Form("/orders/<int:idorder>/cancel", orders.cancel, ORDER, "cancelled"),
    Form("/stock/change", stock.change, STOCK, "counted"),
)
# What the address of a page says after a form -> what the page says.
DONE = {
    "shipped": "Picked and shipped.",
    "cancelled": "The order is cancelled.",
    "counted": "The stock is changed.",
}


class Pages:
    """Answers people with a browser; no key is asked for, other sites' forms are refused."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        rules = [Rule(page.path, methods=["GET"], endpoint=page) for page in PAGES]
        rules += [Rule(form.path, methods=["GET", "POST"], endpoint=form) for form in FORMS]
        self._addresses = Map(rules, merge_slashes=False).bind("")
        self._templates = Environment(
            loader=PackageLoader(PACKAGE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._style = resources.files(PACKAGE).joinpath("style.css").read_bytes()

    def respond(self, request: Request) -> Response:
        if request.path == STYLE:
            return Response(self._style, content_type="text/css; charset=utf-8")
        try:
            response = self._respond(request)
        except ApiError as error:
            response = self._render("error.html", {"message": error.message}, error.status)
        except HTTPException as error:
            shown = {"message": error.description}
            response = self._render("error.html", shown, error.code or 404)
        response.headers.update(HEADERS)
        return response

    def _respond(self, request: Request) -> Response:
        found, ids = self._addresses.match(request.path, request.method)
        query = {name: value for name, value in request.args.items() if value}
        done = DONE.get(query.pop("done", ""))
        if isinstance(found, Page):
            return self._show(found, query, ids, done=done)
        if request.method != "POST":
            # The address of a form that was refused, opened again.
            return self._go_to(found.page, query, ids)
        if is_cross_site(request):
            raise Forbidden("Nothing was changed: the form came from another website.")
        return self._submit(found, query, request.form, ids)

    def _show(self, page: Page, query: Query, ids: Ids, **told: Any) -> Response:
        """`told` is what a form has led to: `done`, or `refused` and what was `entered`."""
        shown = page.view(self._runtime, query, **ids)
        outcome = {"done": None, "refused": None, "entered": {}} | told
        refused: ApiError | None = outcome["refused"]
        status = refused.status if refused else 200
        return self._render(page.template, {**shown, **outcome, "query": query}, status)

    def _submit(self, form: Form, query: Query, entered: Mapping[str, str], ids: Ids) -> Response:
        try:
            self._runtime.account.run(form.submit, entered, **ids)
        except ApiError as error:
            return self._show(form.page, query, ids, refused=error, entered=entered)
        return self._go_to(form.page, {**query, "done": form.done}, ids)

    def _go_to(self, page: Page, query: Query, ids: Ids) -> Response:
        return redirect(self._addresses.build(page, {**query, **ids}), 303)

    def _render(self, template: str, shown: Wire, status: int) -> Response:
        html = self._templates.get_template(template).render(shown, page_size=PAGE_SIZE)
        return Response(html, status, content_type="text/html; charset=utf-8")
