"""Dutch and Polish words for ads."""

from local.adzuna.words.model import Language, combine, parse_trades

DUTCH = Language(
    trades=parse_trades("""
        it-jobs | IT vacatures
        | Softwareontwikkelaar, Data engineer, Systeembeheerder, Java-ontwikkelaar, DevOps engineer
        | Python, Java, Kubernetes, SQL, Azure, C#, Linux

        sales-jobs | Sales vacatures
        | Accountmanager, Verkoopmedewerker binnendienst, Commercieel medewerker
        | acquisitie, offertes, relatiebeheer, CRM

        healthcare-nursing-jobs | Zorg vacatures
        | Verpleegkundige, Verzorgende IG, Doktersassistent
        | zorgplannen, medicatie, wondzorg, rapportage

        engineering-jobs | Techniek vacatures
        | Werktuigbouwkundig engineer, Monteur, Servicetechnicus
        | AutoCAD, storingsanalyse, hydrauliek, NEN 3140

        logistics-warehouse-jobs | Logistiek vacatures
        | Orderpicker, Heftruckchauffeur, Transportplanner
        | WMS, voorraadbeheer, heftruckcertificaat

        admin-jobs | Administratieve vacatures
        | Administratief medewerker, Receptionist, Financieel medewerker
        | Excel, facturatie, agendabeheer, Exact
    """),
    titles=("{role}", "{role} (m/v)", "Senior {role}", "{role} {town}", "{role} - {skill}", "Medior {role}"),
    companies=combine(
        "Van der Leeuw, Noordzij, De Waterlinie, Kastanjehof, Oosterbaan, Molenvliet, Duinrand",
        "B.V., Groep, Uitzendbureau, Techniek, Zorg, Logistiek, N.V.",
    ),
    openings=(
        "Voor onze vestiging in {town} zoekt {company} een enthousiaste {role}.",
        "Wil jij als {role} het verschil maken? Bij {company} krijg je daar alle ruimte voor.",
        "Onze opdrachtgever in {town} is op zoek naar versterking: een {role} met ervaring.",
    ),
    sentences=(
        "Je werkt dagelijks met {skill} en {other} en overlegt veel met collega's van andere afdelingen.",
        "Wat vragen wij: minimaal {years} jaar ervaring in een soortgelijke functie en kennis van {skill}.",
        "Ervaring met {third} is een pluspunt; heb je die niet, dan leiden wij je op.",
        "Wij bieden een goed salaris, 26 vakantiedagen, een pensioenregeling en reiskostenvergoeding.",
        "Je bent nauwkeurig, neemt initiatief en blijft rustig wanneer het even druk is.",
        "De procedure bestaat uit twee gesprekken, waarvan het tweede op locatie in {town}.",
        "Daarnaast houd je je bezig met {third}, het bijwerken van dossiers en het inwerken van nieuwkomers.",
        "Ons team bestaat uit {years}0 mensen en werkt al jaren voor vaste klanten in de regio.",
        "Solliciteren kan met een korte motivatie en je cv; wij reageren binnen een week.",
    ),
    remote="Deze functie kan volledig remote vanuit huis worden uitgevoerd.",
    districts=("Centrum", "Noord", "Zuid", "Oude Stad", "Stationsgebied"),
    quarters=("Bedrijvenpark", "Marktplein"),
)
POLISH = Language(
    trades=parse_trades("""
        it-jobs | Praca IT
        | Programista Java, Inżynier danych, Administrator systemów, Programista Python, Tester
        oprogramowania
        | Python, Java, SQL, Docker, AWS, Spring, Linux

        sales-jobs | Praca w sprzedaży
        | Przedstawiciel handlowy, Doradca klienta, Kierownik sprzedaży
        | negocjacje, obsługa klienta, CRM, oferty

        healthcare-nursing-jobs | Praca w służbie zdrowia
        | Pielęgniarka, Fizjoterapeuta, Opiekun medyczny
        | opieka nad pacjentem, dokumentacja medyczna, rehabilitacja

        engineering-jobs | Praca dla inżynierów
        | Konstruktor, Automatyk, Inżynier jakości
        | AutoCAD, PLC, ISO 9001, SolidWorks

        logistics-warehouse-jobs | Praca w logistyce
        | Magazynier, Kierowca, Spedytor
        | wózki widłowe, inwentaryzacja, planowanie tras

        admin-jobs | Praca w administracji
        | Specjalista ds. administracji, Księgowa, Recepcjonistka
        | Excel, faktury, korespondencja, archiwizacja
    """),
    titles=(
        "{role}",
        "{role} (K/M)",
        "Starszy {role}",
        "{role} - {town}",
        "{role} ({skill})",
        "Młodszy {role}",
    ),
    companies=combine(
        "Jesionowa, Nowy Brzeg, Zielony Most, Kamienica, Wisłoujście, Polna Droga",
        "Sp. z o.o., S.A., Grupa, Serwis, Doradztwo, Logistyka",
    ),
    openings=(
        "{company} zatrudni do oddziału {town} osobę na stanowisko: {role}.",
        "Dla naszego klienta z miasta {town} poszukujemy kandydata na stanowisko {role}.",
        "Chcesz rozwijać się jako {role}? Dołącz do zespołu {company}.",
    ),
    sentences=(
        "Zakres obowiązków: codzienna praca z narzędziami {skill} oraz {other} i kontakt z innymi działami.",
        "Wymagania: co najmniej {years} lata doświadczenia na podobnym stanowisku i znajomość {skill}.",
        "Mile widziana znajomość {third}, ale zapewniamy pełne szkolenie na koszt firmy.",
        "Oferujemy umowę o pracę, prywatną opiekę medyczną, kartę sportową i elastyczne godziny.",
        "Cenimy dokładność, samodzielność i dobrą atmosferę w zespole, także w trudniejszych dniach.",
        "Rekrutacja obejmuje dwie rozmowy, z których druga odbywa się w siedzibie firmy.",
        "Do zadań należy również {third}, prowadzenie dokumentacji i wdrażanie nowych osób.",
        "Nasz zespół liczy {years}0 osób i od lat obsługuje stałych klientów w całym regionie.",
        "Prosimy o przesłanie CV wraz z klauzulą o przetwarzaniu danych na potrzeby rekrutacji.",
    ),
    remote="Praca w pełni zdalna (remote) z dowolnego miejsca w kraju.",
    districts=("Śródmieście", "Stare Miasto", "Północ", "Dworzec"),
    quarters=("Park Przemysłowy", "Rynek"),
)
