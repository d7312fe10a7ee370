"""The 19 countries that Adzuna covers: names as ads give them, web hosts, languages and levels of pay."""

from dataclasses import dataclass

from local.adzuna.places import europe, world
from local.adzuna.places.model import Town


@dataclass(frozen=True, slots=True)
class Country:
    """`pay` is how a yearly salary here compares, in local currency, with one in euro in Germany."""

    code: str
    name: str
    language: str
    site: str
    pay: float

    @property
    def towns(self) -> tuple[Town, ...]:
        """The towns in which its jobs are."""
        return europe.TOWNS.get(self.code) or world.TOWNS[self.code]


COUNTRIES = {
    country.code: country
    for country in (
        Country("at", "Österreich", "de", "www.adzuna.at", 1.0),
        Country("au", "Australia", "en", "www.adzuna.com.au", 1.9),
        Country("be", "België", "nl", "www.adzuna.be", 1.0),
        Country("br", "Brasil", "pt", "www.adzuna.com.br", 1.7),
        Country("ca", "Canada", "en", "www.adzuna.ca", 1.5),
        Country("ch", "Schweiz", "de", "www.adzuna.ch", 1.8),
        Country("de", "Deutschland", "de", "www.adzuna.de", 1.0),
        Country("es", "España", "es", "www.adzuna.es", 0.65),
        Country("fr", "France", "fr", "www.adzuna.fr", 0.8),
        Country("gb", "UK", "en", "www.adzuna.co.uk/jobs", 0.85),
        Country("in", "India", "en", "www.adzuna.in", 18.0),
        Country("it", "Italia", "it", "www.adzuna.it", 0.65),
        Country("mx", "México", "es", "www.adzuna.com.mx", 6.5),
        Country("nl", "Nederland", "nl", "www.adzuna.nl", 1.05),
        Country("nz", "New Zealand", "en", "www.adzuna.co.nz", 1.8),
        Country("pl", "Polska", "pl", "www.adzuna.pl", 2.4),
        Country("sg", "Singapore", "en", "www.adzuna.sg", 1.5),
        Country("us", "US", "en", "www.adzuna.com", 1.8),
        Country("za", "South Africa", "en", "www.adzuna.co.za", 8.0),
    )
}
