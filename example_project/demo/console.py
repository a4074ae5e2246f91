"""The demo's output on a terminal: headings, and steps with progress and duration."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

PROBE_SECONDS = 0.5
FRAME_SECONDS = 0.1


class Step:
    """A running step: a line on the terminal, and notes for the end of the step."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(escape(title), total=None, detail="")
        self.notes: list[str] = []

    def show(self, detail: str, done: int = 0, total: int | None = None) -> None:
        """Show how far the step is, as a bar if `total` is known."""
        self._progress.update(self._task, detail=escape(detail), completed=done, total=total)
        self._progress.refresh()

    def spin(self) -> None:
        """Draw the next frame of the spinner."""
        self._progress.refresh()

    def rest(self, seconds: float) -> None:
        """Sleep while the spinner turns."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.spin()
            time.sleep(FRAME_SECONDS)

    def note(self, text: str) -> None:
        """Add a line below the step, printed when the step ends."""
        self.notes.append(text)

    def ask(self, text: str) -> None:
        """Print a request to the user at once."""
        self._progress.console.print(f"[bold yellow]→ {escape(text)}", highlight=False)


class DemoConsole:
    """Headings and steps on a console. Without a terminal, a step is printed when it ends.

    `check` raises an exception as soon as a service of the demo has ended.
    """

    def __init__(self, console: Console, check: Callable[[], None]) -> None:
        self.rich = console
        self._check = check

    def heading(self, title: str) -> None:
        """Print a heading after an empty line."""
        self.rich.print()
        self.rich.print(f"[bold cyan]{escape(title)}")

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show a step while the `with` block runs, then the duration and the notes."""
        started = time.monotonic()
        mark = "[bold red]✗[/]"
        with _progress(self.rich) as progress:
            step = Step(progress, title)
            try:
                yield step
                mark = "[bold green]✓[/]"
            finally:
                progress.stop()
                duration = f"[dim]{time.monotonic() - started:.1f} s[/]"
                self.rich.print(f"{mark} {escape(title)}  {duration}", highlight=False)
                for note in step.notes:
                    self.rich.print(Padding(Text(note, "dim"), (0, 0, 0, 2), expand=False))

    def wait[T](
        self, step: Step, probe: Callable[[], T], done: Callable[[T], bool], seconds: float
    ) -> T:
        """Probe until a result is `done`, and return the last result. Give up after `seconds`."""
        deadline = time.monotonic() + seconds
        while not done(found := probe()) and time.monotonic() < deadline:
            self._check()
            step.rest(PROBE_SECONDS)
        return found


class _OptionalBarColumn(ProgressColumn):
    """A progress bar for steps with a known total; other steps keep the room for text."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = BarColumn(bar_width=20)

    def render(self, task: Task) -> RenderableType:
        return self._bar.render(task) if task.total else ""


def _progress(console: Console) -> Progress:
    """Build the progress display of one step."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        _OptionalBarColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[detail]}", table_column=Column(no_wrap=True, ratio=1)),
        console=console,
        # A drawing thread could hold a lock while the demo forks a service.
        auto_refresh=False,
        transient=True,
        expand=True,
        disable=not console.is_interactive,
    )
