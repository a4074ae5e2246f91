"""The plugin's part of the schema in GraphQL's schema definition language.

`schema.graphql` beside this module is what `print_schema` returns on every line of Saleor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any, Final

from graphene.utils.str_converters import to_camel_case
from graphql import GraphQLEnumType, GraphQLInputObjectType
from graphql.language.printer import print_ast
from graphql.utils.ast_from_value import ast_from_value

from saleor_picqer.graphql.api import MUTATIONS, QUERIES

SCHEMA_FILE: Final = Path(__file__).with_name("schema.graphql")

_to_ast: Final[Callable[[Any, Any], Any]] = ast_from_value
_PREFIXES: Final = ("Picqer", "TriggerPicqer")


def print_schema(schema: Any) -> str:
    """Return the definitions of the plugin's types and root fields in Saleor's composed schema."""
    types = schema.get_type_map()
    ours = [types[name] for name in sorted(types) if name.startswith(_PREFIXES)]
    definitions = [
        _extension(types["Query"], QUERIES),
        _extension(types["Mutation"], MUTATIONS),
        *map(_definition, ours),
    ]
    return "\n\n".join(definitions) + "\n"


def _extension(root: Any, parts: Iterable[Any]) -> str:
    """Print the plugin's fields of a root type of Saleor."""
    names = sorted(to_camel_case(name) for part in parts for name in part._meta.fields)
    return _block(f"extend type {root.name} ", (_field(name, root.fields[name]) for name in names))


def _definition(kind: Any) -> str:
    if isinstance(kind, GraphQLEnumType):
        values = (f"{_description(value)}{value.name}" for value in kind.values)
        return _description(kind) + _block(f"enum {kind.name} ", values)
    if isinstance(kind, GraphQLInputObjectType):
        conditions = map(_argument, kind.fields, kind.fields.values())
        return _description(kind) + _block(f"input {kind.name} ", conditions)
    return _description(kind) + _block(
        f"type {kind.name} ", map(_field, kind.fields, kind.fields.values())
    )


def _field(name: str, field: Any) -> str:
    return f"{_description(field)}{name}{_arguments(field.args)}: {field.type}"


def _arguments(arguments: Mapping[str, Any]) -> str:
    if not arguments:
        return ""
    return _block("", map(_argument, arguments, arguments.values()), "()")


def _argument(name: str, argument: Any) -> str:
    default = argument.default_value
    value = "" if default is None else f" = {print_ast(_to_ast(default, argument.type))}"
    return f"{_description(argument)}{name}: {argument.type}{value}"


def _description(part: Any) -> str:
    text = part.description
    if not text:
        return ""
    lines = f"\n{text}\n" if "\n" in text else text
    return f'"""{lines}"""\n'


def _block(head: str, parts: Iterable[str], brackets: str = "{}") -> str:
    body = "\n".join(indent(part, "  ") for part in parts)
    return f"{head}{brackets[0]}\n{body}\n{brackets[1]}"
