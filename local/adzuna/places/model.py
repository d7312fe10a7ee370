"""What a place is to the ad generator, and how the place tables are read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """A town with the areas above it; coordinates in degrees, `postcode` the beginning of its postcodes."""

    region: str
    county: str
    name: str
    latitude: float
    longitude: float
    postcode: str


def parse_towns(table: str) -> tuple[Town, ...]:
    """Read one town a line: `region | county | town | latitude | longitude | postcode`."""
    towns = []
    for line in table.strip().splitlines():
        region, county, name, latitude, longitude, postcode = (cell.strip() for cell in line.split("|"))
        towns.append(Town(region, county, name, float(latitude), float(longitude), postcode))
    return tuple(towns)
