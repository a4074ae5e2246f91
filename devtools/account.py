"""Choose the user for servers that refuse to run as root: the owner of the data folder."""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from pathlib import Path

# The user without rights, which every Linux system has.
_UNPRIVILEGED_UID = 65534


def hand_over(*paths: Path) -> None:
    """Give new files to the server's user: an unprivileged user if we are root."""
    if os.geteuid() == 0:
        user = pwd.getpwuid(_UNPRIVILEGED_UID)
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)


def as_owner(folder: Path, command: Sequence[str]) -> list[str]:
    """Return a command that runs `command` as the owner of the folder."""
    # Only root can change users.
    if os.geteuid() != 0:
        return list(command)
    owner = folder.stat()
    user = [f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    return ["setpriv", *user, *_capabilities(folder), "--pdeathsig=keep", *command]


def _capabilities(folder: Path) -> list[str]:
    """Return options of `setpriv` that let the user enter all parent folders."""
    # A checkout may lie below a closed folder, e.g. in the home of root.
    if all(parent.stat().st_mode & 0o001 for parent in folder.parents):
        return []
    # PostgreSQL looks for its programs with access(2), which ignores capabilities with the "fixup".
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*capability, "--securebits=+no_setuid_fixup"]
