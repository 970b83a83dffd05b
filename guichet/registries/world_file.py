"""What the demonstration writes for a simulator: one JSON file, for every process, read again when it changes."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import BaseModel


class WorldFile[Shape: BaseModel, World]:
    """A file of ``PRIVATE_DIR``: its ``shape`` in JSON, and what ``read`` makes of it, kept while the file stays the same."""

    def __init__(self, name: str, shape: type[Shape], read: Callable[[Shape], World], built_in: World) -> None:
        self.name = name
        self._shape = shape
        self._read = read
        self._built_in = built_in
        self._known: dict[Path, tuple[tuple[int, int, int], World]] = {}

    @property
    def path(self) -> Path:
        return Path(settings.PRIVATE_DIR) / self.name

    def write(self, content: Shape) -> None:
        """Replaces the file in one go: a reader sees the old one or the new one, whole."""
        target = self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{self.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                dumped: dict[str, Any] = content.model_dump(mode="json")
                json.dump(dumped, stream, ensure_ascii=False, indent=1)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def read(self) -> World:
        """The world of the file; the built-in one when there is no file. ``pydantic.ValidationError`` on a broken one."""
        try:
            stamp = self.path.stat()
        except FileNotFoundError:
            return self._built_in
        state = (stamp.st_mtime_ns, stamp.st_size, stamp.st_ino)
        known = self._known.get(self.path)
        if known and known[0] == state:
            return known[1]
        world = self._read(self._shape.model_validate_json(self.path.read_bytes()))
        self._known[self.path] = (state, world)
        return world
