"""The plugin is configured as the dashboard does it, and Picqer learns where to send its events."""

from example_project import catalogue, people
from example_project.demo.errors import StoryStoppedError
from example_project.demo.scene import Scene
from example_project.demo.shop import Refusal
from example_project.demo.stage import START_SECONDS

NEEDED_EVENTS = ("orders.status_changed", "picklists.closed", "products.free_stock_changed")
WRONG_KEY = "this-key-opens-nothing"


def refuse_wrong_key(scene: Scene) -> None:
    with scene.narrator.step("The plugin's settings are saved with a wrong API key") as step:
        refusals = _configure(scene, WRONG_KEY)
        step.note(f"refused: {_words(refusals)}")
    fields = [refusal.field for refusal in refusals]
    scene.checks.equal("Wrong API key refused", "apiKey", ", ".join(map(str, fields)))


def configure(scene: Scene) -> None:
    with scene.narrator.step("The settings are saved with the right key, the plugin is on"):
        if refusals := _configure(scene, scene.stage.account.api_key):
            raise StoryStoppedError(f"The settings were refused: {_words(refusals)}")


def expect_hooks(scene: Scene) -> None:
    """At the shop's public address, whether Picqer can reach that or not.

    The worker's first task: it may have to finish starting.
    """
    with scene.narrator.step("The webhooks are registered in Picqer") as step:
        events = scene.wait(
            step,
            lambda: scene.stage.account.active_hooks(scene.stage.public_url),
            lambda found: set(NEEDED_EVENTS) <= set(found),
            START_SECONDS,
        )
        step.note(", ".join(events))
    missing = set(NEEDED_EVENTS) - set(events)
    scene.checks.equal("Webhooks missing", "none", ", ".join(sorted(missing)) or "none")


def _configure(scene: Scene, api_key: str) -> list[Refusal]:
    settings = {
        "endpoint": scene.stage.account.endpoint,
        "api_key": api_key,
        "storefront": catalogue.SHOP_NAME,
        "contact_email": people.OWNER.email,
        "shipping_methods": catalogue.PARCEL.name,
        "default_vat_rate": "9",
    }
    return scene.dashboard.configure_picqer(settings)


def _words(refusals: list[Refusal]) -> str:
    return "; ".join(map(str, refusals)) or "nothing"
