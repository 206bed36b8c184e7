"""Every scene that is played, by name. `SLOW` ones wait for a time-out and are left to the proof."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from types import ModuleType

from tests.browser import guards, modes, troubles, walks
from tests.browser.scene import Scene

Play = Callable[[Scene], Awaitable[None]]

SLOW = frozenset({"troubles.timed_out"})


def _scenes(module: ModuleType) -> dict[str, Play]:
    """The module's own public functions that need nothing but a scene."""
    short = module.__name__.rpartition(".")[2]
    return {
        f"{short}.{name}": function
        for name, function in vars(module).items()
        if inspect.iscoroutinefunction(function)
        and function.__module__ == module.__name__
        and _takes_a_scene_only(function)
    }


def _takes_a_scene_only(function: Play) -> bool:
    given = list(inspect.signature(function).parameters.values())
    needed = [parameter.name for parameter in given if parameter.default is parameter.empty]
    return needed == ["scene"] and not function.__name__.startswith("_")


SCENES: dict[str, Play] = {
    name: play for module in (walks, modes, troubles, guards) for name, play in _scenes(module).items()
}
