"""Which user a server runs as that refuses to be root: the owner of its data folder."""

import os
import pwd
from collections.abc import Sequence
from pathlib import Path

_UNPRIVILEGED = "nobody"


def hand_over(*paths: Path) -> None:
    """Give new files to the user who shall run the server: ourselves, or "nobody" for root."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(_UNPRIVILEGED)
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)


def as_owner(folder: Path, command: Sequence[str]) -> list[str]:
    """Return the command that runs `command` as the folder's owner; only root can change users."""
    if os.geteuid() != 0:
        return list(command)
    owner = folder.stat()
    user = [f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    return ["setpriv", *user, *_capabilities(folder), "--pdeathsig=keep", *command]


def _capabilities(folder: Path) -> list[str]:
    """A checkout below a closed folder, e.g. root's home, is out of an ordinary user's reach."""
    if all(parent.stat().st_mode & 0o001 for parent in folder.parents):
        return []
    # access(2), by which PostgreSQL looks for its programs, heeds them only without the "fixup".
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*capability, "--securebits=+no_setuid_fixup"]
