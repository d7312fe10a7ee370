"""Towns of the countries outside Europe that Adzuna covers."""

from local.adzuna.places.model import parse_towns

TOWNS = {
    "us": parse_towns("""
        California | San Mateo County | Redwood City | 37.4852 | -122.2364 | 940
        California | Los Angeles County | Pasadena | 34.1478 | -118.1445 | 911
        California | San Diego County | Chula Vista | 32.6401 | -117.0842 | 919
        New York | New York County | Manhattan | 40.7831 | -73.9712 | 100
        New York | Kings County | Brooklyn | 40.6782 | -73.9442 | 112
        Texas | Travis County | Austin | 30.2672 | -97.7431 | 787
        Texas | Dallas County | Irving | 32.8140 | -96.9489 | 750
        Washington | King County | Bellevue | 47.6101 | -122.2015 | 980
        Massachusetts | Middlesex County | Somerville | 42.3876 | -71.0995 | 021
        Illinois | Cook County | Evanston | 42.0451 | -87.6877 | 602
        Colorado | Boulder County | Longmont | 40.1672 | -105.1019 | 805
        Georgia | Fulton County | Atlanta | 33.7490 | -84.3880 | 303
        Virginia | Fairfax County | Reston | 38.9586 | -77.3570 | 201
        Missouri | Saint Louis County | Clayton | 38.6426 | -90.3237 | 631
        Ohio | Franklin County | Columbus | 39.9612 | -82.9988 | 432
        Florida | Orange County | Winter Park | 28.6000 | -81.3392 | 327
    """),
    "ca": parse_towns("""
        Ontario | Toronto Region | North York | 43.7615 | -79.4111 | M2
        Ontario | Ottawa Region | Kanata | 45.3088 | -75.8987 | K2
        Ontario | Waterloo Region | Kitchener | 43.4516 | -80.4925 | N2
        British Columbia | Metro Vancouver | Burnaby | 49.2488 | -122.9805 | V5
        Québec | Montréal Region | Laval | 45.6066 | -73.7124 | H7
        Alberta | Calgary Region | Airdrie | 51.2917 | -114.0144 | T4
        Nova Scotia | Halifax County | Dartmouth | 44.6652 | -63.5677 | B2
    """),
    "au": parse_towns("""
        New South Wales | Sydney Region | Parramatta | -33.8150 | 151.0011 | 2150
        New South Wales | Hunter Region | Newcastle | -32.9283 | 151.7817 | 2300
        Victoria | Melbourne Region | Richmond | -37.8230 | 144.9980 | 3121
        Queensland | Brisbane Region | Fortitude Valley | -27.4570 | 153.0330 | 4006
        Western Australia | Perth Region | Fremantle | -32.0569 | 115.7439 | 6160
        South Australia | Adelaide Region | Glenelg | -34.9820 | 138.5160 | 5045
        ACT | Canberra Region | Belconnen | -35.2380 | 149.0660 | 2617
    """),
    "nz": parse_towns("""
        Auckland | Auckland City | Newmarket | -36.8690 | 174.7770 | 1023
        Wellington | Hutt | Lower Hutt | -41.2090 | 174.9080 | 5010
        Canterbury | Christchurch City | Riccarton | -43.5310 | 172.5990 | 8011
        Waikato | Hamilton City | Frankton | -37.7900 | 175.2610 | 3204
    """),
    "in": parse_towns("""
        Karnataka | Bengaluru Urban | Whitefield | 12.9698 | 77.7500 | 560
        Maharashtra | Mumbai Suburban | Andheri | 19.1136 | 72.8697 | 400
        Maharashtra | Pune District | Hinjewadi | 18.5913 | 73.7389 | 411
        Telangana | Hyderabad District | Gachibowli | 17.4401 | 78.3489 | 500
        Tamil Nadu | Chennai District | Guindy | 13.0067 | 80.2206 | 600
        Delhi | South Delhi | Saket | 28.5245 | 77.2066 | 110
        Haryana | Gurugram District | Sohna | 28.2480 | 77.0650 | 122
    """),
    "sg": parse_towns("""
        Central Singapore | Downtown | Raffles Place | 1.2830 | 103.8513 | 04
        East Singapore | Tampines Area | Simei | 1.3430 | 103.9530 | 52
        West Singapore | Jurong Area | Boon Lay | 1.3390 | 103.7060 | 64
        North Singapore | Woodlands Area | Admiralty | 1.4400 | 103.8010 | 73
    """),
    "za": parse_towns("""
        Gauteng | Johannesburg Region | Sandton | -26.1076 | 28.0567 | 21
        Gauteng | Tshwane Region | Centurion | -25.8603 | 28.1894 | 01
        Western Cape | Cape Town Region | Bellville | -33.8940 | 18.6290 | 75
        Western Cape | Cape Winelands | Stellenbosch | -33.9321 | 18.8602 | 76
        KwaZulu-Natal | Durban Region | Umhlanga | -29.7260 | 31.0850 | 43
    """),
    "br": parse_towns("""
        Estado de São Paulo | Grande São Paulo | Barueri | -23.5110 | -46.8760 | 06
        Estado de São Paulo | Região de Campinas | Hortolândia | -22.8580 | -47.2200 | 13
        Estado do Rio de Janeiro | Grande Rio | Niterói | -22.8832 | -43.1034 | 24
        Minas Gerais | Grande Belo Horizonte | Contagem | -19.9320 | -44.0530 | 32
        Paraná | Grande Curitiba | Pinhais | -25.4440 | -49.1920 | 83
        Pernambuco | Grande Recife | Olinda | -8.0089 | -34.8553 | 53
    """),
    "mx": parse_towns("""
        Ciudad de México | Benito Juárez | Del Valle | 19.3860 | -99.1620 | 03
        Jalisco | Guadalajara | Zapopan | 20.7214 | -103.3918 | 45
        Nuevo León | Monterrey | San Pedro Garza García | 25.6570 | -100.4020 | 66
        Puebla | Área de Puebla | Cholula | 19.0640 | -98.3030 | 72
        Querétaro | Área de Querétaro | Corregidora | 20.5310 | -100.4420 | 76
    """),
}
