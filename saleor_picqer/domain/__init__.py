"""Pure decisions on plain dataclasses: no framework, no I/O, the standard library only."""
