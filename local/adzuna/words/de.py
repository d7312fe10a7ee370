"""German words for ads."""

from local.adzuna.words.model import Language, combine, parse_trades

GERMAN = Language(
    trades=parse_trades("""
        it-jobs | IT-Stellen
        | Softwareentwickler, Backend-Entwickler, Data Engineer, Systemadministrator, DevOps Engineer,
        Frontend-Entwickler, IT-Projektleiter, Softwarearchitekt, Fachinformatiker
        | Java, Python, Kubernetes, SAP, C#, PostgreSQL, Linux, TypeScript, Azure, Docker

        engineering-jobs | Ingenieurstellen
        | Konstrukteur, Elektroingenieur, Projektingenieur, Versuchsingenieur, Qualitätsingenieur
        | CAD, SPS-Programmierung, FMEA, CATIA, Normenkunde, Messtechnik

        healthcare-nursing-jobs | Stellen im Gesundheitswesen
        | Pflegefachkraft, Medizinische Fachangestellte, Physiotherapeut, Altenpfleger
        | Grundpflege, Dokumentation, Wundversorgung, Dienstplanung, Patientenaufnahme

        accounting-finance-jobs | Buchhaltungs- & Finanzstellen
        | Bilanzbuchhalter, Controller, Steuerfachangestellter, Lohnbuchhalter
        | DATEV, HGB, Monatsabschlüsse, Excel, Kostenrechnung

        sales-jobs | Vertriebsstellen
        | Vertriebsmitarbeiter im Außendienst, Key Account Manager, Verkaufsberater
        | Kundenpflege, Angebotserstellung, Verhandlung, CRM-Systeme

        logistics-warehouse-jobs | Logistik- & Lagerstellen
        | Fachkraft für Lagerlogistik, Berufskraftfahrer, Disponent, Kommissionierer
        | Staplerschein, Wareneingang, Tourenplanung, SAP WM

        trade-construction-jobs | Handwerks- & Baustellen
        | Elektroniker, Anlagenmechaniker, Bauleiter, Tischler
        | VOB, Gebäudetechnik, Aufmaß, Montage

        hospitality-catering-jobs | Gastronomie- & Hotelstellen
        | Koch, Servicekraft, Hotelfachfrau, Küchenhilfe
        | HACCP, Menüplanung, Gästebetreuung, Schichtleitung

        teaching-jobs | Lehrstellen
        | Erzieher, Dozent für Informatik, Sozialpädagoge
        | Elternarbeit, Unterrichtsplanung, Gruppenleitung

        admin-jobs | Verwaltungsstellen
        | Sachbearbeiter, Assistenz der Geschäftsführung, Bürokaufmann
        | MS Office, Terminplanung, Korrespondenz, Rechnungsprüfung
    """),
    titles=(
        "{role} (m/w/d)",
        "{role} (m/w/d)",
        "{role} (w/m/d) in {town}",
        "Senior {role} (m/w/d)",
        "Junior {role} (m/w/d)",
        "{role} (m/w/d) - {skill}",
        "{role} in Teilzeit (m/w/d)",
        "Erfahrener {role} (m/w/d)",
    ),
    companies=combine(
        "Lindhorst, Brückner & Weil, Rotenfels, Hagenbach, Talheimer, Nordwerk, Wiesengrund, Albrecht Söhne, "
        "Kupferkanne, Osterfeld, Grünthal, Marwede, Steinlach",
        "GmbH, AG, GmbH & Co. KG, Personalservice, Technik GmbH, Gruppe, Logistik GmbH, e. V., Kliniken",
    ),
    openings=(
        "Für unseren Standort {town} suchen wir zum nächstmöglichen Zeitpunkt Verstärkung als {role}.",
        "{company} ist ein inhabergeführtes Unternehmen aus {town}, das seit {years} Jahrzehnten wächst.",
        "Im Auftrag unseres Kunden in {town} besetzen wir die Stelle {role} in unbefristeter Anstellung.",
        "Sie möchten als {role} Verantwortung übernehmen? Dann sind Sie bei {company} richtig.",
    ),
    sentences=(
        "Ihre Aufgaben: Sie arbeiten mit {skill} und {other} und stimmen sich mit den Fachabteilungen ab.",
        "Ihr Profil: abgeschlossene Ausbildung oder Studium und mindestens {years} Jahre Berufserfahrung.",
        "Sichere Kenntnisse in {skill} setzen wir voraus, Erfahrung mit {third} ist von Vorteil.",
        "Wir bieten 30 Tage Urlaub, flexible Arbeitszeiten, ein Jobticket und betriebliche Altersvorsorge.",
        "Sie arbeiten selbstständig, behalten auch an vollen Tagen den Überblick und teilen Ihr Wissen gern.",
        "Die Einarbeitung dauert drei Monate und wird von einer festen Ansprechperson begleitet.",
        "Unser Team von {years}0 Kolleginnen und Kollegen freut sich auf Bewerbungen mit Gehaltsvorstellung.",
        "Zu Ihrem Bereich gehören auch {third}, die Pflege der Unterlagen und die Anleitung Neuer.",
        "Gute Deutschkenntnisse in Wort und Schrift sowie grundlegendes Englisch runden Ihr Profil ab.",
        "Schwerbehinderte Menschen werden bei gleicher Eignung bevorzugt berücksichtigt.",
        "Die Vergütung richtet sich nach Tarif; Zuschläge und Überstunden werden vollständig bezahlt.",
        "Kostenlose Parkplätze, eine Kantine und kurze Wege machen den Arbeitstag in {town} angenehm.",
    ),
    remote="Die Stelle kann vollständig remote im Homeoffice ausgeübt werden.",
    districts=("Altstadt", "Neustadt", "Nord", "Süd", "Westend", "Am Hafen"),
    quarters=("Bahnhofsviertel", "Gewerbepark", "Marktplatz"),
)
