"""Problems of a run: one for each cause."""

from __future__ import annotations

import json

from saleor_picqer.domain.run_problems import MAX_CAUSES, MAX_NAMED, RunProblems


def texts(problems: RunProblems) -> list[str]:
    return [str(problem) for problem in problems]


def test_products_with_the_same_cause_are_one_problem() -> None:
    problems = RunProblems()

    new = [problems.add("No VAT group of 8 %.", sku) for sku in ("BEANS", "TEA")]
    problems.add("The name is too long.", "MUG")
    problems.add("Another channel sends the products.")

    assert new == [True, False]
    assert texts(problems) == [
        'SKUs "BEANS", "TEA": No VAT group of 8 %.',
        'SKU "MUG": The name is too long.',
        "Another channel sends the products.",
    ]


def test_products_are_added_after_the_problems_were_saved() -> None:
    """A run goes on in another worker."""
    problems = RunProblems()
    problems.add("No VAT group of 8 %.", "BEANS")

    loaded = RunProblems.load(json.loads(json.dumps(problems.dump())))
    is_new = loaded.add("No VAT group of 8 %.", "TEA")

    assert not is_new
    assert texts(loaded) == ['SKUs "BEANS", "TEA": No VAT group of 8 %.']


def test_many_products_are_counted_and_the_first_named() -> None:
    problems = RunProblems()

    for number in range(10_000):
        problems.add("No VAT group of 8 %.", f"SKU-{number}")

    (text,) = texts(problems)
    assert text.startswith('10000 SKUs, such as "SKU-0", ')
    assert text.endswith(f'"SKU-{MAX_NAMED - 1}": No VAT group of 8 %.')


def test_causes_have_a_limit() -> None:
    problems = RunProblems()

    new = sum(problems.add(f"Cause {number}.", "BEANS") for number in range(MAX_CAUSES + 12))

    assert new == MAX_CAUSES + 12
    assert len(texts(problems)) == MAX_CAUSES
