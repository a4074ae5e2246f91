"""The plugin's GraphQL API for settings and shipping methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.integration.support.api import Api, Json

CHOICE = "value label name alone"
SETTINGS = f"""
query ($channel: String, $names: [String!]) {{
  picqerSettings(channel: $channel) {{
    channel active webhookAddress state
    settings(names: $names) {{
      name label help group kind required value isSet default
      choices {{ {CHOICE} }} keys {{ {CHOICE} }} choicesProblem
    }}
  }}
}}
"""
UPDATE = """
mutation ($channel: String, $input: PicqerSettingsInput!) {
  picqerUpdateSettings(channel: $channel, input: $input) {
    settings { active settings { name value isSet } }
    warning
    errors { field setting code message }
  }
}
"""
CHECK = """
mutation ($channel: String) {
  picqerCheckConnection(channel: $channel) {
    connection { account user missingRights limit remaining events missingEvents }
    errors { field setting code message }
  }
}
"""
_METHOD = "id name zone isCollectionPoint isMarked isHandled"
METHODS = f"""
query ($channel: String) {{ picqerShippingMethods(channel: $channel) {{ {_METHOD} }} }}
"""
CHOOSE = f"""
mutation ($channel: String, $ids: [ID!]!, $handled: Boolean!) {{
  picqerUpdateShippingMethods(channel: $channel, ids: $ids, handled: $handled) {{
    shippingMethods {{ {_METHOD} }}
    errors {{ field setting code message }}
  }}
}}
"""


class SettingsApi:
    """Calls the queries and mutations in one channel; errors of payloads are returned."""

    def __init__(self, api: Api, channel: str) -> None:
        self.api = api
        self.channel = channel

    def read(self, *names: str) -> Json:
        return self._ask(SETTINGS, names=list(names) or None)

    def setting(self, name: str) -> Json:
        """Return a setting, with its choices."""
        (found,) = self.read(name)["settings"]
        return found

    def update(
        self, values: Mapping[str, str] | None = None, *, active: bool | None = None
    ) -> Json:
        settings = [{"name": name, "value": value} for name, value in (values or {}).items()]
        return self.send({"active": active, "settings": settings})

    def send(self, wanted: Json) -> Json:
        return self._ask(UPDATE, input=wanted)

    def check(self) -> Json:
        return self._ask(CHECK)

    def methods(self) -> dict[str, Json]:
        """Return the shipping methods by name."""
        return {one["name"]: one for one in self._ask(METHODS)}

    def choose(self, *ids: str, handled: bool) -> Json:
        return self._ask(CHOOSE, ids=list(ids), handled=handled)

    def _ask(self, document: str, **variables: Any) -> Any:
        answer = self.api.raw(document, channel=self.channel, **variables)
        assert "errors" not in answer, answer["errors"]
        (found,) = answer["data"].values()
        return found
