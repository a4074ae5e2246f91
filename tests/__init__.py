"""A package, so that `tests` means ours: a dependency of Saleor 2.10 ships one of that name."""
