"""The web pages: routes, forms, templates and cross-site checks."""

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

# The pages answer all paths that neither the API nor the control routes have.
PREFIX = ""
PACKAGE = "picqer_simulator.pages"
STYLE = "/style.css"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    # With a stricter policy, browsers hide the origin of forms from the cross-site check.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


Ids = Mapping[str, int]


@dataclass(frozen=True)
class Page:
    """A page. `view` takes the runtime, the query and the path's ids, and returns the data."""

    path: str
    template: str
    view: Callable[..., Wire]


@dataclass(frozen=True)
class Form:
    """A form. `submit` takes the account, the fields and the path's ids; `page` is shown next."""

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
# Value of the query parameter `done` after a form -> message on the page.
DONE = {
    "shipped": "Picked and shipped.",
    "cancelled": "The order is cancelled.",
    "counted": "The stock is changed.",
}


class Pages:
    """Answer requests of browsers, without an API key."""

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
        """Return a page, the style sheet or an error page."""
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
        """Show a page or submit a form."""
        found, ids = self._addresses.match(request.path, request.method)
        query = {name: value for name, value in request.args.items() if value}
        done = DONE.get(query.pop("done", ""))
        if isinstance(found, Page):
            return self._show(found, query, ids, done=done)
        if request.method != "POST":
            # Reloading a refused form requests the form's address with GET.
            return self._go_to(found.page, query, ids)
        if is_cross_site(request):
            raise Forbidden("Nothing was changed: the form came from another website.")
        return self._submit(found, query, request.form, ids)

    def _show(self, page: Page, query: Query, ids: Ids, **told: Any) -> Response:
        """Render a page; `told` holds the outcome of a form."""
        shown = page.view(self._runtime, query, **ids)
        outcome = {"done": None, "refused": None, "entered": {}} | told
        refused: ApiError | None = outcome["refused"]
        status = refused.status if refused else 200
        return self._render(page.template, {**shown, **outcome, "query": query}, status)

    def _submit(self, form: Form, query: Query, entered: Mapping[str, str], ids: Ids) -> Response:
        """Submit a form; show the page again with an error if the form is refused."""
        try:
            self._runtime.account.run(form.submit, entered, **ids)
        except ApiError as error:
            return self._show(form.page, query, ids, refused=error, entered=entered)
        return self._go_to(form.page, {**query, "done": form.done}, ids)

    def _go_to(self, page: Page, query: Query, ids: Ids) -> Response:
        """Redirect to a page."""
        return redirect(self._addresses.build(page, {**query, **ids}), 303)

    def _render(self, template: str, shown: Wire, status: int) -> Response:
        """Render a template."""
        html = self._templates.get_template(template).render(shown, page_size=PAGE_SIZE)
        return Response(html, status, content_type="text/html; charset=utf-8")
