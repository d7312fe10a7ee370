"""Short labels that name a fact, word for word once their padding is taken off; in eight languages."""

from models.answering_enums import Topic
from models.yes_no import words_in

T = Topic

PADDING = words_in(
    "please enter provide give tell us your the a an what is s are of my this candidate applicant optional"
    " required mandatory current primary contact best here valid fill in"
    " bitte geben sie ihre ihr ihren deine dein der die das ein eine angeben eingeben pflichtfeld wie lautet"
    " aktuelle aktueller aktuelles derzeitige optional freiwillig was ist"
    " veuillez indiquer indiquez saisir votre vos le la l les du de d quel quelle est facultatif obligatoire"
    " actuelle actuel su tu sus el los indique introduzca cual es obligatorio opcional actual"
    " il lo tuo tua suo sua inserisci inserire qual e facoltativo obbligatorio attuale"
    " uw je jouw het vul optioneel verplicht wat huidige twoj twoje panstwa podaj prosze"
    " seu o informe insira qual opcional atual"
)
"""Words that change nothing in such a label."""

_NAMES: dict[Topic, str] = {
    T.NAME: "name, full name, legal name, full legal name, complete name, name surname, first and last name,"
    " first name and last name, first name last name, first last name, name and surname,"
    " given and family name,"
    " vollstandiger name, vor und nachname, vorname und nachname, vorname nachname, nom complet,"
    " nom et prenom,"
    " nom prenom, prenom et nom, prenom nom, nombre completo, nombre y apellidos, nombre y apellido,"
    " nome completo, nome e cognome, nome cognome, cognome e nome, volledige naam, naam,"
    " imie i nazwisko, imie nazwisko, nome e sobrenome",
    T.FIRST_NAME: "first name, given name, forename, legal first name, first names, given names, firstname,"
    " vorname, vornamen, prenom, prenoms, nombre, primer nombre, nome, voornaam, imie, primeiro nome",
    T.LAST_NAME: "last name, family name, surname, legal last name, lastname, nachname, familienname, zuname,"
    " nom, nom famille, apellido, apellidos, cognome, achternaam, nazwisko, sobrenome, apelido, ultimo nome",
    T.PREFERRED_NAME: "preferred name, preferred first name, nickname, name you go by, rufname, prenom usuel,"
    " nombre preferido, nome preferito, roepnaam, nome social",
    T.EMAIL: "e mail, email, e mail address, email address, mail, mail address, confirm e mail, confirm"
    " email,"
    " confirm email address, e mail adresse, emailadresse, mailadresse, adresse e mail, adresse email,"
    " adresse mail, adresse electronique, courriel, correo electronico, correo, direccion correo electronico,"
    " email direccion, indirizzo e mail, indirizzo email, posta elettronica, e mailadres, e mail adres,"
    " emailadres, adres e mail, adres email, endereco e mail, endereco email, personal email, personal"
    " e mail",
    T.PHONE: "phone, phone number, telephone, telephone number, mobile, mobile number, mobile phone,"
    " mobile phone number, cell, cell phone, cell phone number, cell number, tel, tel number,"
    " telefon, telefonnummer, handynummer, handy, mobilnummer, mobiltelefon, rufnummer, numero telephone,"
    " telephone portable, numero telephone portable, portable, telefono, numero telefono, telefono movil,"
    " movil, numero di telefono, cellulare, numero di cellulare, telefoonnummer, telefoon, mobiel nummer,"
    " numer telefonu, numer komorkowy, telefone, numero telefone, celular, telemovel, numero telemovel",
    T.ADDRESS: "address, street address, home address, mailing address, postal address, address line 1,"
    " street,"
    " residential address, adresse, anschrift, strasse, strasse und hausnummer, strasse hausnummer,"
    " wohnadresse, adresse postale, rue, direccion, direccion postal, domicilio, indirizzo,"
    " adres, adres zamieszkania, straat en huisnummer, endereco, morada",
    T.CITY: "city, town, city town, town city, stadt, ort, ville, commune, ciudad, localidad, citta, comune,"
    " stad, plaats, miasto, miejscowosc, cidade",
    T.POSTCODE: "postcode, post code, zip, zip code, zipcode, postal code, zip postal code, zip postcode,"
    " plz,"
    " postleitzahl, code postal, codigo postal, cap, codice postale, kod pocztowy, cep",
    T.COUNTRY: "country, country residence, country you live, country you live in, country you currently"
    " reside in,"
    " country you reside in, country region, land, wohnsitzland, pays,"
    " pays residence, pais, pais residencia, paese, paese di residenza, land van verblijf, kraj,"
    " kraj zamieszkania",
    T.LOCATION_CURRENT: "location, current location, location city, city and country, city country,"
    " city state country, city and state, city state, where you located, where you currently located,"
    " where you based, where you currently based, where do you live, where do you currently live,"
    " place residence, residence, wohnort, aktueller wohnort, standort, aktueller standort,"
    " lieu residence, lieu habitation, localisation, ubicacion, ubicacion actual, lugar residencia,"
    " residencia,"
    " residenza, luogo di residenza, woonplaats, huidige woonplaats, miejsce zamieszkania, lokalizacja,"
    " localizacao, localizacao atual, cidade e estado",
    T.CURRENT_COMPANY: "current company, current employer, current"
    " or most recent employer, company, employer,"
    " current or most recent company, current company name, current employer name, most recent employer,"
    " most recent company, company name, org, current organization, aktueller arbeitgeber,"
    " derzeitiger arbeitgeber, arbeitgeber, aktuelles unternehmen, entreprise actuelle, employeur actuel,"
    " empresa actual, empresa atual, azienda attuale, datore di lavoro attuale, huidige werkgever,"
    " obecny pracodawca, aktualny pracodawca",
    T.CURRENT_TITLE: "current title, current job title, job title, current position, current role,"
    " current or most recent job title, most recent job title, most recent title, aktuelle position,"
    " aktuelle stellenbezeichnung, derzeitige position, poste actuel, intitule poste actuel, puesto actual,"
    " cargo actual, posizione attuale, ruolo attuale, huidige functie, obecne stanowisko, aktualne"
    " stanowisko,"
    " cargo atual",
    T.PRONOUNS: "pronouns, preferred pronouns, gender pronouns, pronomen, pronoms, pronombres, pronomi,"
    " voornaamwoorden, zaimki, pronomes",
    T.ADDITIONAL_INFO: "comments, comment, notes, message, remarks, bemerkungen, bemerkung, anmerkungen,"
    " nachricht, sonstiges, commentaires, commentaire, remarques, message complementaire, comentarios,"
    " observaciones, commenti, note, opmerkingen, uwagi, observacoes",
}


def unpadded(words: str) -> str:
    """Return a normal form without the words that change nothing."""
    return " ".join(word for word in words.split() if word not in PADDING)


EXACT: dict[str, Topic] = {
    unpadded(name): topic for topic, names in reversed(_NAMES.items()) for name in names.split(",")
}
"""By the unpadded label; where two topics share one, the first listed has it."""
