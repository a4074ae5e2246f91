"""The GraphQL examples in the documents are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import parse, validate

DOCUMENTS = Path(__file__).resolve().parents[3] / "docs"
BLOCK = re.compile(r"^ *```graphql\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(example, id=f"{page.stem}-{number}")
    for page in sorted(DOCUMENTS.glob("**/*.md"))
    for number, example in enumerate(BLOCK.findall(page.read_text()))
]


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="only the tests are copied to other hosts")
@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_valid(example: str) -> None:
    from saleor.graphql.api import schema

    assert validate(schema, parse(example)) == []
