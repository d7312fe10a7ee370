"""Places on the globe: a point as people send it, and the squares of the job table around it. Pure."""

import math
import re
from dataclasses import dataclass
from typing import Self

from models.job import CELLS_A_DEGREE, CELLS_AROUND

NEAR_KM = 50
"""The radius where none is said."""

EARTH_KM = 6371.0
KM_A_DEGREE = math.pi * EARTH_KM / 180
LATITUDE_MAX = 90.0
LONGITUDE_MAX = 180.0
ROWS = 180 * CELLS_A_DEGREE

_NUMBER = r"\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*"
_POINT = re.compile(f"{_NUMBER},{_NUMBER}", re.ASCII)

DISTANCE = (
    "%(earth)s * 2 * asin(sqrt(least(1, power(sin(radians({j}.latitude - %(latitude)s) / 2), 2)"
    " + cos(radians(%(latitude)s)) * cos(radians({j}.latitude))"
    " * power(sin(radians({j}.longitude - %(longitude)s) / 2), 2))))"
)
"""SQL: how many kilometres lie between a job `{j}` and the point of the parameters, on a sphere."""


@dataclass(frozen=True)
class Point:
    """Degrees north and east."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        """Return it as `parse` reads it."""
        return f"{self.latitude:.6f},{self.longitude:.6f}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `latitude,longitude`; ValueError where it is no point of the globe."""
        found = _POINT.fullmatch(text)
        if found is None:
            raise ValueError("must be latitude,longitude in degrees, such as 51.5,-0.12")
        point = cls(float(found[1]), float(found[2]))
        if abs(point.latitude) > LATITUDE_MAX or abs(point.longitude) > LONGITUDE_MAX:
            raise ValueError("must be a latitude of at most 90 and a longitude of at most 180 degrees")
        return point

    def cells(self, radius_km: float) -> list[int]:
        """Return the numbers of the squares that a circle around it may touch."""
        height = radius_km / KM_A_DEGREE
        low = max(math.floor((self.latitude - height + LATITUDE_MAX) * CELLS_A_DEGREE), 0)
        high = min(math.floor((self.latitude + height + LATITUDE_MAX) * CELLS_A_DEGREE), ROWS)
        columns = self._columns(height)
        return [row * CELLS_AROUND + column for row in range(low, high + 1) for column in columns]

    def _columns(self, height: float) -> list[int]:
        """Return the columns of squares within so many degrees of a great circle, east and west."""
        # where the circle is widest in degrees of longitude, which is nearer to the pole than its middle
        reach = math.sin(math.radians(height))
        narrow = math.cos(math.radians(self.latitude))
        if abs(self.latitude) + height >= LATITUDE_MAX or reach >= narrow:
            return list(range(CELLS_AROUND + 1))
        width = math.degrees(math.asin(reach / narrow))
        west = math.floor((self.longitude - width + LONGITUDE_MAX) * CELLS_A_DEGREE)
        east = math.floor((self.longitude + width + LONGITUDE_MAX) * CELLS_A_DEGREE)
        columns = [column % CELLS_AROUND for column in range(west, east + 1)]
        # a longitude of just 180 has a column of its own
        return sorted({*columns, CELLS_AROUND} if CELLS_AROUND - 1 in columns or 0 in columns else columns)
