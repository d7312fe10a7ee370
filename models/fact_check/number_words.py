"""Words for numbers, units of time, currencies and months, in the languages of résumés."""

PERCENT = "%"


def _table(*rows: tuple[float, str]) -> dict[str, float]:
    return {word: value for value, words in rows for word in words.split()}


VALUES = _table(
    (1, "one eins eine einen un une uno una een um uma jeden"),
    (2, "two zwei deux dos twee dois duas dwa"),
    (3, "three drei trois tres tre drie três trzy"),
    (4, "four vier quatre cuatro quattro quatro cztery"),
    (5, "five fünf cinq cinco cinque vijf pięć"),
    (6, "six sechs seis zes sześć"),
    (7, "seven sieben sept siete sette zeven sete siedem"),
    (8, "eight acht huit ocho otto oito osiem"),
    (9, "nine neun nueve nove negen dziewięć"),
    (10, "ten zehn dix diez dieci tien dez dziesięć"),
    (11, "eleven elf onze once undici"),
    (12, "twelve zwölf douze doce dodici twaalf doze dwanaście"),
    (13, "thirteen dreizehn treize trece"),
    (14, "fourteen vierzehn quatorze catorce"),
    (15, "fifteen fünfzehn quinze quince quindici vijftien"),
    (16, "sixteen sechzehn seize"),
    (17, "seventeen siebzehn"),
    (18, "eighteen achtzehn"),
    (19, "nineteen neunzehn"),
    (20, "twenty zwanzig vingt veinte venti twintig vinte dwadzieścia"),
    (30, "thirty dreißig trente treinta trenta dertig trinta trzydzieści"),
    (40, "forty vierzig quarante cuarenta quaranta veertig quarenta"),
    (50, "fifty fünfzig cinquante cincuenta cinquanta vijftig cinquenta"),
    (60, "sixty sechzig soixante sesenta sessanta"),
    (70, "seventy siebzig setenta settanta"),
    (80, "eighty achtzig ochenta ottanta"),
    (90, "ninety neunzig noventa novanta"),
    (100, "hundred hundert cien ciento cento honderd"),
    (1000, "thousand tausend mille mil duizend tysiąc"),
)

MAGNITUDES = _table(
    (100, "hundred hundert"),
    (1000, "k thousand tausend mille mil duizend tsd"),
    (1_000_000, "m mm mn mio million millions millionen millones milioni miljoen"),
    (1_000_000_000, "b bn billion billions milliard milliards milliarden mrd"),
)

_UNITS = {
    "year": "year years yr yrs jahr jahre jahren an ans année années año años anno anni jaar ano anos lat",
    "month": "month months mos monat monate monaten mois mes meses mese mesi maand maanden mês miesięcy",
    "week": "week weeks woche wochen semaine semaines semana semanas settimane weken",
    "day": "day days d tag tage tagen jour jours día días giorni giorno dagen dia dias dni",
    "hour": "hour hours hr hrs h stunde stunden heure heures hora horas ore ora uur",
    "minute": "minute minutes min mins minuten minuto minutos minuti",
    "second": "second seconds sec secs sekunden seconde secondes ms millisecond milliseconds",
    "decade": "decade decades jahrzehnt jahrzehnte décennie décennies década décadas",
}
DURATIONS = {word: unit for unit, words in _UNITS.items() for word in words.split()}

_MONEY = {
    "usd": "$ usd dollar dollars",
    "eur": "€ eur euro euros",
    "gbp": "£ gbp pound pounds",
    "jpy": "¥ jpy yen",
    "inr": "₹ inr rupee rupees",
    "chf": "chf franken",
    "other": "aud cad nzd sgd zar pln brl mxn",
}
CURRENCIES = {word: currency for currency, words in _MONEY.items() for word in words.split()}

_MONTHS = (
    "january jan januar jänner janvier janv enero ene gennaio gen januari janeiro styczeń stycznia",
    "february feb februar février févr febrero febbraio febr februari fevereiro fev luty lutego",
    "march mar märz mär mars marzo maart março marzec marca",
    "april apr avril avr abril abr aprile kwiecień kwietnia",
    "may mai mayo maggio mag mei maio maj maja",
    "june jun juni juin junio giugno giu junho czerwiec czerwca",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca",
    "august aug août aout agosto ago augustus sierpień sierpnia",
    "september sep sept septembre septiembre settembre set setembro wrzesień września",
    "october oct oktober okt octobre octubre ottobre ott outubro out październik października",
    "november nov novembre noviembre novembro listopad listopada",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudzień grudnia",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
