"""Towns of the European countries that Adzuna covers, with areas named as their people name them."""

from local.adzuna.places.model import parse_towns

TOWNS = {
    "gb": parse_towns("""
        London | Central London | Holborn | 51.5174 | -0.1180 | WC1
        London | East London | Stratford | 51.5416 | -0.0033 | E15
        London | South East London | Greenwich | 51.4826 | -0.0077 | SE10
        North West England | Greater Manchester | Manchester | 53.4808 | -2.2426 | M
        North West England | Merseyside | Liverpool | 53.4084 | -2.9916 | L
        Yorkshire And The Humber | West Yorkshire | Leeds | 53.8008 | -1.5491 | LS
        Yorkshire And The Humber | South Yorkshire | Sheffield | 53.3811 | -1.4701 | S
        West Midlands | Birmingham | Edgbaston | 52.4569 | -1.9290 | B15
        East Midlands | Nottinghamshire | Nottingham | 52.9548 | -1.1581 | NG
        South West England | Bristol | Clifton | 51.4561 | -2.6223 | BS8
        South East England | Surrey | Guildford | 51.2362 | -0.5704 | GU1
        South East England | Berkshire | Reading | 51.4543 | -0.9781 | RG1
        South East England | Oxfordshire | Oxford | 51.7520 | -1.2577 | OX
        Eastern England | Cambridgeshire | Cambridge | 52.2053 | 0.1218 | CB
        North East England | Tyne & Wear | Newcastle Upon Tyne | 54.9783 | -1.6178 | NE
        Scotland | Edinburgh | Leith | 55.9760 | -3.1660 | EH6
        Scotland | Glasgow | Kelvinside | 55.8830 | -4.3000 | G12
        Wales | Cardiff County | Cardiff | 51.4816 | -3.1791 | CF
        Northern Ireland | Belfast | Titanic Quarter | 54.6060 | -5.9100 | BT3
    """),
    "de": parse_towns("""
        Berlin | Mitte | Tiergarten | 52.5145 | 13.3501 | 10785
        Berlin | Friedrichshain-Kreuzberg | Kreuzberg | 52.4970 | 13.4030 | 10961
        Bayern | Oberbayern | München | 48.1372 | 11.5755 | 80
        Bayern | Mittelfranken | Nürnberg | 49.4521 | 11.0767 | 90
        Bayern | Schwaben | Augsburg | 48.3705 | 10.8978 | 86
        Hamburg | Hamburg-Mitte | Altstadt | 53.5503 | 9.9998 | 20095
        Hessen | Darmstadt | Frankfurt am Main | 50.1109 | 8.6821 | 60
        Nordrhein-Westfalen | Köln | Bonn | 50.7374 | 7.0982 | 53
        Nordrhein-Westfalen | Düsseldorf | Essen | 51.4556 | 7.0116 | 45
        Nordrhein-Westfalen | Arnsberg | Dortmund | 51.5136 | 7.4653 | 44
        Baden-Württemberg | Stuttgart | Böblingen | 48.6813 | 9.0088 | 71
        Baden-Württemberg | Karlsruhe | Mannheim | 49.4875 | 8.4660 | 68
        Sachsen | Leipzig | Markkleeberg | 51.2756 | 12.3690 | 04
        Niedersachsen | Region Hannover | Hannover | 52.3759 | 9.7320 | 30
        Bremen | Bremen-Stadt | Neustadt | 53.0700 | 8.7900 | 28
    """),
    "fr": parse_towns("""
        Île-de-France | Paris | 2e Arrondissement | 48.8676 | 2.3410 | 75002
        Île-de-France | Paris | 13e Arrondissement | 48.8290 | 2.3600 | 75013
        Île-de-France | Hauts-de-Seine | Puteaux | 48.8847 | 2.2390 | 92
        Île-de-France | Yvelines | Versailles | 48.8049 | 2.1204 | 78
        Auvergne-Rhône-Alpes | Rhône | Villeurbanne | 45.7719 | 4.8902 | 69
        Auvergne-Rhône-Alpes | Isère | Grenoble | 45.1885 | 5.7245 | 38
        Occitanie | Haute-Garonne | Toulouse | 43.6047 | 1.4442 | 31
        Occitanie | Hérault | Montpellier | 43.6108 | 3.8767 | 34
        Nouvelle-Aquitaine | Gironde | Bordeaux | 44.8378 | -0.5792 | 33
        Nouvelle-Aquitaine | Deux-Sèvres | Niort | 46.3239 | -0.4588 | 79
        Pays de la Loire | Loire-Atlantique | Nantes | 47.2184 | -1.5536 | 44
        Bretagne | Ille-et-Vilaine | Rennes | 48.1173 | -1.6778 | 35
        Hauts-de-France | Nord | Lille | 50.6292 | 3.0573 | 59
        Grand Est | Bas-Rhin | Strasbourg | 48.5734 | 7.7521 | 67
        Provence-Alpes-Côte d'Azur | Alpes-Maritimes | Antibes | 43.5808 | 7.1239 | 06
        Provence-Alpes-Côte d'Azur | Bouches-du-Rhône | Aubagne | 43.2927 | 5.5703 | 13
    """),
    "at": parse_towns("""
        Wien | 1. Bezirk | Innere Stadt | 48.2082 | 16.3738 | 1010
        Steiermark | Graz-Stadt | Graz | 47.0707 | 15.4395 | 80
        Oberösterreich | Linz-Stadt | Linz | 48.3069 | 14.2858 | 40
        Salzburg | Flachgau | Wals | 47.7840 | 12.9690 | 50
        Tirol | Innsbruck-Land | Hall in Tirol | 47.2810 | 11.5070 | 60
    """),
    "be": parse_towns("""
        Brussel | Brussel-Hoofdstad | Elsene | 50.8333 | 4.3667 | 1050
        Vlaanderen | Antwerpen | Mechelen | 51.0259 | 4.4776 | 28
        Vlaanderen | Oost-Vlaanderen | Gent | 51.0543 | 3.7174 | 90
        Vlaanderen | Vlaams-Brabant | Leuven | 50.8798 | 4.7005 | 30
        Wallonië | Luik | Verviers | 50.5891 | 5.8624 | 48
    """),
    "ch": parse_towns("""
        Zürich | Bezirk Zürich | Oerlikon | 47.4080 | 8.5430 | 8050
        Bern | Bern-Mittelland | Köniz | 46.9240 | 7.4150 | 30
        Basel-Stadt | Stadt Basel | Gundeldingen | 47.5420 | 7.5950 | 40
        Genf | Stadt Genf | Plainpalais | 46.1980 | 6.1410 | 12
        Waadt | Lausanne | Renens | 46.5360 | 6.5880 | 10
    """),
    "es": parse_towns("""
        Comunidad de Madrid | Área Metropolitana | Alcobendas | 40.5475 | -3.6420 | 28
        Cataluña | Barcelona | Sabadell | 41.5463 | 2.1086 | 08
        Comunidad Valenciana | Valencia | Paterna | 39.5030 | -0.4410 | 46
        Andalucía | Sevilla | Dos Hermanas | 37.2836 | -5.9221 | 41
        Andalucía | Málaga | Marbella | 36.5101 | -4.8824 | 29
        País Vasco | Bizkaia | Bilbao | 43.2630 | -2.9350 | 48
        Aragón | Zaragoza | Utebo | 41.7140 | -0.9960 | 50
        Galicia | A Coruña | Santiago de Compostela | 42.8782 | -8.5448 | 15
    """),
    "it": parse_towns("""
        Lombardia | Milano | Sesto San Giovanni | 45.5352 | 9.2350 | 20
        Lombardia | Bergamo | Dalmine | 45.6480 | 9.6060 | 24
        Lazio | Roma | Fiumicino | 41.7710 | 12.2360 | 00
        Piemonte | Torino | Moncalieri | 44.9990 | 7.6850 | 10
        Emilia-Romagna | Bologna | Casalecchio di Reno | 44.4760 | 11.2760 | 40
        Veneto | Verona | Villafranca di Verona | 45.3520 | 10.8440 | 37
        Toscana | Firenze | Scandicci | 43.7540 | 11.1890 | 50
        Campania | Napoli | Pozzuoli | 40.8230 | 14.1220 | 80
    """),
    "nl": parse_towns("""
        Noord-Holland | Amsterdam | Zuidoost | 52.3070 | 4.9720 | 11
        Noord-Holland | Haarlemmermeer | Hoofddorp | 52.3030 | 4.6890 | 21
        Zuid-Holland | Rotterdam | Kralingen | 51.9270 | 4.5050 | 30
        Zuid-Holland | Den Haag | Scheveningen | 52.1080 | 4.2750 | 25
        Utrecht | Utrecht Stad | Leidsche Rijn | 52.0960 | 5.0620 | 35
        Noord-Brabant | Eindhoven | Woensel | 51.4600 | 5.4770 | 56
        Gelderland | Arnhem | Velp | 51.9950 | 5.9740 | 68
    """),
    "pl": parse_towns("""
        Mazowieckie | Warszawa | Mokotów | 52.1930 | 21.0340 | 02
        Małopolskie | Kraków | Podgórze | 50.0400 | 19.9600 | 30
        Dolnośląskie | Wrocław | Krzyki | 51.0800 | 17.0100 | 53
        Wielkopolskie | Poznań | Grunwald | 52.3960 | 16.8800 | 60
        Pomorskie | Gdańsk | Oliwa | 54.4110 | 18.5600 | 80
        Śląskie | Katowice | Ligota | 50.2240 | 18.9700 | 40
        Łódzkie | Łódź | Widzew | 51.7560 | 19.5300 | 90
    """),
}
