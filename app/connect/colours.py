"""A brand's colour as the pages use it: always readable, whatever the brand chose."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

DEFAULT = "#2f5bea"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_LIGHT_PAGE, _DARK_PAGE = "#ffffff", "#1b1e24"
"""The cards' backgrounds in `link-page.css`."""
_TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3."""

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accent:
    """The brand's own colour, what is written on it, and the nearest to it that can be read on each page."""

    fill: str
    on_fill: str
    on_light: str
    on_dark: str


def accent_of(colour: str | None) -> Accent:
    """The accent of a brand; what is no `#rrggbb` is as none."""
    fill = colour.lower() if colour and _HEX.fullmatch(colour) else DEFAULT
    return Accent(
        fill=fill,
        on_fill=max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, fill)),
        on_light=_readable(fill, _LIGHT_PAGE),
        on_dark=_readable(fill, _DARK_PAGE),
    )


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    low, high = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (high + 0.05) / (low + 0.05)


def _readable(colour: str, page: str) -> str:
    """The colour, darkened on a light page or lightened on a dark one until it can be read."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    step = -0.01 if _luminance(_rgb(page)) > 0.5 else 0.01
    for moved in range(101):
        level = min(1.0, max(0.0, lightness + moved * step))
        found = _hex(colorsys.hls_to_rgb(hue, level, saturation))
        if contrast(found, page) >= _TEXT_CONTRAST:
            return found
    raise AssertionError("black or white can be read on any page")


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
