"""From where a landscape is looked at, as a value, and where its points then stand on the screen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

AROUND = math.sqrt(2)  # half the diagonal of a map's ground, in the world's units
RISE = 0.75  # how high a landscape is, in the same units
LOWEST, HIGHEST = 15.0, 90.0  # degrees of elevation: flatter, ridges hide everything; 90 is the map itself
NEAREST, FARTHEST = 0.35, 2.0  # distances


class Camera(msgspec.Struct, frozen=True):
    """Where one stands: a value, so that it can be saved. Parallel lines stay parallel, so equal steps look equal."""

    azimuth: float = -60.0  # degrees about the upright axis; at −90 one looks along y, and x runs to the right
    elevation: float = 50.0  # degrees above the ground
    distance: float = 1.0  # 1: the landscape fills its place; twice as far, it is half as large

    def turned(self, right: float, up: float) -> Camera:
        """Gone `right` degrees about the landscape and `up` degrees higher, within the limits."""
        azimuth = (self.azimuth + right + 180) % 360 - 180
        elevation = min(max(self.elevation + up, LOWEST), HIGHEST)
        return Camera(azimuth, elevation, self.distance)

    def zoomed(self, factor: float) -> Camera:
        """`factor` times as near, within the limits."""
        return Camera(self.azimuth, self.elevation, min(max(self.distance / factor, NEAREST), FARTHEST))


@dataclass(frozen=True)
class Projection:
    """A camera before a place of the screen, given by its middle and size in px.

    The world's origin is the middle of the ground; z points up. A point's place on the screen is

        px = middle_x + unit · (along right),   py = middle_y − unit · (z cos e + away sin e − z_middle)

    where `away` is how far it lies from the viewer along the ground.
    """

    camera: Camera
    middle: tuple[float, float]
    size: tuple[float, float]

    @property
    def unit(self) -> float:
        """Px a unit of the world. The landscape fits at distance 1 from every side, so turning doesn't zoom."""
        high = 2 * AROUND * self.sin + RISE * self.cos
        return max(min(self.size[0] / (2 * AROUND), self.size[1] / high), 1e-3) / self.camera.distance

    @property
    def sin(self) -> float:
        return math.sin(math.radians(self.camera.elevation))

    @property
    def cos(self) -> float:
        return math.cos(math.radians(self.camera.elevation))

    @property
    def right(self) -> tuple[float, float]:
        """The ground's direction that runs to the right on the screen."""
        azimuth = math.radians(self.camera.azimuth)
        return -math.sin(azimuth), math.cos(azimuth)

    @property
    def away(self) -> tuple[float, float]:
        """The ground's direction that runs away from the viewer."""
        azimuth = math.radians(self.camera.azimuth)
        return -math.cos(azimuth), -math.sin(azimuth)

    @property
    def foot(self) -> float:
        """The py of the ground's middle."""
        return self.middle[1] + self.unit * RISE * self.cos / 2

    def project(self, world: NDArray[np.floating]) -> NDArray[np.float64]:
        """(N, 3) points of the world to (N, 3): px, py, and how far away along the ground."""
        (rx, ry), (ax, ay) = self.right, self.away
        axes = np.array([[rx, ax * self.sin, ax], [ry, ay * self.sin, ay], [0, self.cos, 0]])
        across, up, away = (np.asarray(world, np.float64) @ axes).T
        unit = self.unit
        return np.stack([self.middle[0] + unit * across, self.foot - unit * up, away], axis=1)
