"""How the story is told on a terminal: chapters, steps with progress and durations."""

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
    """One line of the story while it is being done."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(escape(title), total=None, detail="")
        self.notes: list[str] = []

    def show(self, detail: str, done: int = 0, total: int | None = None) -> None:
        """Say how far it is; with `total` as a bar."""
        self._progress.update(self._task, detail=escape(detail), completed=done, total=total)
        self._progress.refresh()

    def spin(self) -> None:
        """Show that we are alive."""
        self._progress.refresh()

    def rest(self, seconds: float) -> None:
        """Sleep, visibly alive."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.spin()
            time.sleep(FRAME_SECONDS)

    def note(self, text: str) -> None:
        """Add a line below the step, for when it is done."""
        self.notes.append(text)

    def ask(self, text: str) -> None:
        """Ask whoever watches for something, now."""
        self._progress.console.print(f"[bold yellow]→ {escape(text)}", highlight=False)


class Narrator:
    """Tells the story on `console`; where that is no terminal, steps appear when they are done.

    `check` raises as soon as something that the story needs has died.
    """

    def __init__(self, console: Console, check: Callable[[], None]) -> None:
        self.console = console
        self._check = check

    def chapter(self, title: str) -> None:
        self.console.print()
        self.console.print(f"[bold cyan]{escape(title)}")

    def say(self, text: str) -> None:
        self.console.print(Padding(Text(text, "dim"), (0, 0, 0, 2), expand=False))

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        started = time.monotonic()
        mark = "[bold red]✗[/]"
        with _progress(self.console) as progress:
            step = Step(progress, title)
            try:
                yield step
                mark = "[bold green]✓[/]"
            finally:
                progress.stop()
                duration = f"[dim]{time.monotonic() - started:.1f} s[/]"
                self.console.print(f"{mark} {escape(title)}  {duration}", highlight=False)
                for note in step.notes:
                    self.say(note)

    def wait[T](
        self, step: Step, probe: Callable[[], T], done: Callable[[T], bool], seconds: float
    ) -> T:
        """Return the first finding that is `done`, or the last one when the time is over."""
        deadline = time.monotonic() + seconds
        while not done(found := probe()) and time.monotonic() < deadline:
            self._check()
            step.rest(PROBE_SECONDS)
        return found


class _BarOfCounted(ProgressColumn):
    """Only where the number of things is known, so that a narrow terminal has room for words."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = BarColumn(bar_width=20)

    def render(self, task: Task) -> RenderableType:
        return self._bar.render(task) if task.total else ""


def _progress(console: Console) -> Progress:
    """Drawn only when a step says so: a drawing thread beside `fork` is asking for trouble."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        _BarOfCounted(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[detail]}", table_column=Column(no_wrap=True, ratio=1)),
        console=console,
        auto_refresh=False,
        transient=True,
        expand=True,
        disable=not console.is_interactive,
    )
