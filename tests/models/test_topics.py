"""What labels are about: known wordings in eight languages, and those that must be left to the person."""

import pytest

from models.answering_enums import QuestionKind, Topic
from models.topics.classify import Classified, classify

K, T = QuestionKind, Topic
YES_NO = ("Yes", "No")
JOB = "gb"


def topic_of(label: str, kind: QuestionKind = K.TEXT, options: tuple[str, ...] = ()) -> Topic | None:
    return classify(label, options, kind, JOB).topic


@pytest.mark.parametrize(
    ("topic", "labels"),
    [
        (
            T.NAME,
            "Full name|Name|Vor- und Nachname|Nom et prénom|Nombre completo|Nome e cognome|Imię i nazwisko",
        ),
        (
            T.FIRST_NAME,
            "First name|First Name *|Vorname|Prénom|Nombre|Voornaam|Imię|Primeiro nome|Given name",
        ),
        (
            T.LAST_NAME,
            "Last name|Surname|Nachname|Nom de famille|Apellidos|Cognome|Achternaam|Nazwisko|Sobrenome",
        ),
        (
            T.EMAIL,
            "E-mail|Email address|What is your email address?|E-Mail-Adresse|Adresse e-mail"
            "|Correo electrónico",
        ),
        (
            T.PHONE,
            "Phone|Mobile number|Telefonnummer|Numéro de téléphone|Teléfono|Numero di telefono"
            "|Telefoonnummer",
        ),
        (T.CITY, "City|Stadt|Ville|Ciudad|Città|Miasto|Cidade"),
        (T.COUNTRY, "Country|Country of residence|Land|Pays|País|Paese|Kraj"),
        (T.POSTCODE, "Postcode|ZIP code|PLZ|Code postal|Código postal|CAP|Kod pocztowy"),
        (T.ADDRESS, "Street address|Straße und Hausnummer|Dirección|Indirizzo"),
        (
            T.LOCATION_CURRENT,
            "Current location|Where are you based?|Where do you live?|Wohnort|Lieu de résidence",
        ),
        (
            T.LINKEDIN,
            "LinkedIn|LinkedIn profile URL|Link to your LinkedIn profile|LinkedIn-Profil|Profil LinkedIn",
        ),
        (T.GITHUB, "GitHub|GitHub URL|Your GitHub profile"),
        (T.PORTFOLIO, "Website|Personal website or portfolio|Portfolio URL"),
        (T.CURRENT_COMPANY, "Current company|Current employer|Aktueller Arbeitgeber|Empresa actual"),
        (T.CURRENT_TITLE, "Current job title|Current position|Puesto actual"),
        (
            T.SALARY_EXPECTATION,
            "Salary expectations|Desired salary|What is your expected annual compensation?",
        ),
        (
            T.SALARY_EXPECTATION,
            "What are your salary expectations for this role?|Gehaltsvorstellung|Gehaltswunsch",
        ),
        (
            T.SALARY_EXPECTATION,
            "Prétentions salariales|Pretensión salarial|Aspettative salariali|Pretensão salarial",
        ),
        (
            T.SALARY_EXPECTATION,
            "Gewenst salaris|Salarisindicatie|Oczekiwania finansowe|What is your current salary expectation?",
        ),
        (
            T.SALARY_CURRENT,
            "Current salary|What is your current base salary?|Aktuelles Gehalt|Salaire actuel|Salario actual",
        ),
        (
            T.NOTICE_PERIOD,
            "Notice period|What is your notice period?|Kündigungsfrist|Préavis|Preaviso|Opzegtermijn",
        ),
        (
            T.NOTICE_PERIOD,
            "How much notice do you need to give?|Okres wypowiedzenia|Periodo di preavviso|Aviso prévio",
        ),
        (
            T.START_DATE,
            "Earliest start date|When can you start?|Frühester Eintrittstermin|Date de disponibilité",
        ),
        (T.START_DATE, "Available start date|When could you start?|Fecha de incorporación|Beschikbaar vanaf"),
        (
            T.HOW_HEARD,
            "How did you hear about us?|Where did you hear about this job?|Wie haben Sie von uns erfahren?",
        ),
        (
            T.HOW_HEARD,
            "Comment avez-vous entendu parler de nous ?|¿Cómo nos conociste?|Hoe heb je van ons gehoord?",
        ),
        (T.HOW_HEARD, "How did you hear about us? If it was a referral, who referred you?"),
        (
            T.HIGHEST_DEGREE,
            "Highest degree|What is your highest level of education?|Höchster Abschluss|Niveau d'études",
        ),
        (
            T.YEARS_OF_EXPERIENCE,
            "How many years of professional experience do you have?|Total years of experience",
        ),
        (T.DATE_OF_BIRTH, "Date of birth|Geburtsdatum|Date de naissance|Fecha de nacimiento|Data urodzenia"),
        (T.RACE, "Race|Race/Ethnicity|What is your ethnicity?"),
        (T.PRONOUNS, "Pronouns|What are your pronouns?"),
    ],
)
def test_a_known_wording_has_its_topic(topic: Topic, labels: str) -> None:
    assert {label: topic_of(label) for label in labels.split("|")} == dict.fromkeys(labels.split("|"), topic)


@pytest.mark.parametrize(
    ("topic", "labels"),
    [
        (T.SPONSORSHIP, "Do you require visa sponsorship?|Will you now or in the future need sponsorship?"),
        (T.SPONSORSHIP, "Benötigen Sie ein Visa-Sponsoring?|Avez-vous besoin d'un parrainage de visa ?"),
        (
            T.SPONSORSHIP,
            "¿Necesita patrocinio de visado?|Will you require sponsorship for work authorization?",
        ),
        (
            T.WORK_AUTHORISATION,
            "Do you have the right to work?|Are you eligible to work?|Haben Sie eine Arbeitserlaubnis?",
        ),
        (
            T.WORK_AUTHORISATION,
            "Are you legally authorized to work?|Avez-vous un permis de travail ?|Do you have a work permit?",
        ),
        (
            T.WORK_AUTHORISATION,
            "¿Tiene permiso de trabajo?|Ha un permesso di lavoro?|Czy posiadasz pozwolenie na pracę?",
        ),
        (
            T.RELOCATION,
            "Are you willing to relocate?|Sind Sie umzugsbereit? Umzug möglich?"
            "|Would you consider relocating?",
        ),
        (
            T.AGE_18,
            "Are you at least 18 years old?|Are you 18 years of age or older?|Are you over 18?"
            "|Sind Sie volljährig?",
        ),
        (
            T.DRIVERS_LICENCE,
            "Do you have a driver's license?|Haben Sie einen Führerschein?|Avez-vous le permis de conduire ?",
        ),
        (T.NON_COMPETE, "Are you bound by a non-compete agreement?"),
        (T.SECURITY_CLEARANCE, "Do you hold an active security clearance?"),
        (T.CRIMINAL_RECORD, "Have you ever been convicted of a felony?|Sind Sie vorbestraft?"),
        (T.BACKGROUND_CHECK, "Are you willing to undergo a background check?"),
        (
            T.PREVIOUSLY_EMPLOYED_HERE,
            "Have you previously worked for Acme?|Are you a former employee of Acme?",
        ),
        (
            T.DISABILITY,
            "Do you have a disability?|Haben Sie eine Schwerbehinderung?|¿Tiene alguna discapacidad?",
        ),
        (T.VETERAN, "Are you a protected veteran?|Veteran status"),
    ],
)
def test_a_known_question_for_a_yes_or_a_no_has_its_topic(topic: Topic, labels: str) -> None:
    found = {label: topic_of(label, K.SINGLE, YES_NO) for label in labels.split("|")}
    assert found == dict.fromkeys(labels.split("|"), topic)


@pytest.mark.parametrize(
    "label",
    [
        # two things at once
        "Are you authorised to work in the UK without sponsorship?",
        "Are you legally authorized to work in the US, and will you require visa sponsorship?",
        "Are you authorized to work for any employer in the United States?",
        "Can you confirm that you do not require sponsorship?",
        # a no would mean a yes
        "Are you not authorised to work in this country?",
        "I do not require visa sponsorship",
        "Are you free of any non-compete agreement?",
        "Are you unable to relocate?",
        "Haben Sie keine Arbeitserlaubnis?",
        "Are you exempt from sponsorship requirements?",
        # something near to a topic
        "Do you need a work permit?",
        "Do you require accommodations for a disability during the interview?",
        "Do you have at least 18 years of experience?",
        "Do you have 18 months of experience?",
        "Are you under 18?",
        "Do you have 5+ years of experience with Python?",
        "Is your salary expectation below 40,000?",
        "Do you speak fluent German?",
        "Do you have a LinkedIn profile?",
        "Have you ever worked with Python?",
        "Do you identify as transgender?",
        "I agree to the privacy notice and to receive marketing e-mails",
        "I agree that my data is shared with third parties under the privacy notice",
        "I do not agree to the privacy notice",
        "I agree to the terms and conditions",
        "Do you require relocation assistance?",
        "Are you based in Berlin or willing to relocate?",
        "Do you have a commercial driver's licence?",
        "Are you able to obtain a security clearance?",
        "Have you ever failed a background check?",
        # a continuation of another question
        "If yes, do you require sponsorship?",
        "If you answered yes, do you have a disability?",
        "",
        "?",
        "🙂",
    ],
)
def test_what_may_mean_something_else_has_no_topic(label: str) -> None:
    assert topic_of(label, K.SINGLE, YES_NO) is None
    assert topic_of(label, K.BOOLEAN) is None


@pytest.mark.parametrize(
    "label",
    [
        "Current and desired salary",
        "Current / expected CTC",
        "What is your desired salary and your notice period?",
        "Emergency contact phone",
        "Reference's e-mail",
        "Name of your last manager",
        "Company you refer",
        "Why did you leave your last job?",
        "Describe why you left your previous company",
        "Why are there gaps in your CV, and why did you change your role?",
        "Perché ha lasciato la sua ultima posizione?",
        "Warum haben Sie Ihre letzte Stelle verlassen?",
        "Pourquoi avez-vous quitté votre dernier poste ?",
        "Phone type",
        "Preferred location",
        "Describe how you handle an angry e-mail",
        "Explain your work authorisation status",
        "What is your visa status?",
        "Why are you leaving your current role?",
        "Social security number",
        "IBAN",
        "Passport number",
        "Year of graduation",
        "Which programming languages do you know?",
        "Years of relevant experience",
        "How many years of experience do you have with Python, SQL and Java?",
        "How many years of experience do you have in a similar role?",
        "Start date",
        "имя",
        "氏名",
        "gеnder",  # noqa: RUF001 -- its second letter is Cyrillic
    ],
)
def test_a_text_field_near_to_a_topic_has_none(label: str) -> None:
    assert topic_of(label) is None


@pytest.mark.parametrize(
    ("label", "scope"),
    [
        ("Are you authorised to work in the United Kingdom?", "gb"),
        ("Are you authorised to work in the UK?", "gb"),
        ("Are you legally authorized to work in the US?", "us"),
        ("Are you legally authorized to work in the U.S.?", "us"),
        ("Are you legally authorized to work in the United States of America (USA)?", "us"),
        ("Are you eligible to work in Deutschland?", "de"),
        ("Haben Sie eine Arbeitserlaubnis für Österreich?", "at"),
        ("Êtes-vous autorisé à travailler en Suisse ?", "ch"),
        ("¿Tiene permiso de trabajo en España?", "es"),
        ("Sei autorizzato a lavorare in Italia?", "it"),
        ("Do you have a German work permit?", "de"),
        ("Are you eligible to work in Northern Ireland?", "gb"),
        ("Are you eligible to work in Ireland?", "ie"),
        ("Are you eligible to work in New Mexico?", "us"),
        # the job's own country
        ("Are you legally authorised to work?", "gb"),
        ("Are you legally authorised to work in the country where this job is based?", "gb"),
        ("Are you legally authorized to work in the country in which you are applying?", "gb"),
        ("Are you legally authorized to work in the country you're applying to?", "gb"),
        ("Are you eligible to work for us?", "gb"),
        ("Do you have the right to work in this country?", "gb"),
        # nobody's answer fits
        ("Are you authorised to work in the European Union?", "eu"),
        ("Are you authorised to work in the US or Canada?", "ca+us"),
        ("Are you authorised to work in Atlantis?", "atlantis"),
        ("Are you authorised to work in our Springfield office?", "springfield office"),
        ("Are you authorised to work in your country of residence?", "own country"),
    ],
)
def test_the_right_to_work_is_about_one_country(label: str, scope: str) -> None:
    assert classify(label, YES_NO, K.SINGLE, "gb") == Classified(T.WORK_AUTHORISATION, scope)


@pytest.mark.parametrize(
    ("label", "scope"),
    [
        (
            "Will you now or in the future require sponsorship for employment visa status (e.g. H-1B visa)?",
            "gb",
        ),
        ("Will you require visa sponsorship to work in Germany?", "de"),
        ("Do you need sponsorship to work in the US?", "us"),
        (
            "Do you now, or will you in the future, require sponsorship to work legally in the United"
            " States?",
            "us",
        ),
    ],
)
def test_sponsorship_is_about_one_country(label: str, scope: str) -> None:
    assert classify(label, YES_NO, K.SINGLE, "GB") == Classified(T.SPONSORSHIP, scope)


@pytest.mark.parametrize(
    ("label", "kind", "expected"),
    [
        (
            "How many years of experience do you have with Python?",
            K.NUMBER,
            Classified(T.YEARS_WITH, "python"),
        ),
        ("How many years of Python experience do you have?", K.NUMBER, Classified(T.YEARS_WITH, "python")),
        ("Years of experience with C++", K.NUMBER, Classified(T.YEARS_WITH, "c++")),
        ("Wie viele Jahre Berufserfahrung haben Sie mit SQL?", K.NUMBER, Classified(T.YEARS_WITH, "sql")),
        ("Combien d'années d'expérience avec Java ?", K.NUMBER, Classified(T.YEARS_WITH, "java")),
        ("German proficiency", K.TEXT, Classified(T.LANGUAGE_LEVEL, "german")),
        ("Deutschkenntnisse", K.TEXT, Classified(T.LANGUAGE_LEVEL, "german")),
        ("Niveau d'anglais", K.TEXT, Classified(T.LANGUAGE_LEVEL, "english")),
        ("Expected salary per month", K.NUMBER, Classified(T.SALARY_EXPECTATION, "gb/month")),
        ("Expected salary in USD", K.NUMBER, Classified(T.SALARY_EXPECTATION, "gb/usd")),
        ("Expected salary in GBP", K.NUMBER, Classified(T.SALARY_EXPECTATION, "gb")),
        ("Notice period in weeks", K.NUMBER, Classified(T.NOTICE_PERIOD, "weeks")),
        ("Notice period", K.NUMBER, Classified(None)),
        ("Can you come into the office 3 days a week?", K.BOOLEAN, Classified(T.ONSITE_DAYS_OK, "3")),
        ("Can you come into the office some days a week?", K.BOOLEAN, Classified(None)),
        ("Have you been convicted of a felony?", K.BOOLEAN, Classified(T.CRIMINAL_RECORD, "felony")),
        ("Have you been convicted of a crime?", K.BOOLEAN, Classified(T.CRIMINAL_RECORD, "")),
        ("Do you hold a top secret clearance?", K.BOOLEAN, Classified(T.SECURITY_CLEARANCE, "top secret")),
        ("Are you vaccinated?", K.BOOLEAN, Classified(T.HEALTH, "are you vaccinated")),
        ("Résumé/CV", K.FILE, Classified(T.RESUME)),
        ("Anschreiben", K.FILE, Classified(T.COVER_LETTER)),
        ("Copy of your passport", K.FILE, Classified(None)),
        ("Cover letter", K.TEXTAREA, Classified(T.COVER_LETTER)),
        ("Which of these languages do you speak?", K.MULTI, Classified(T.LANGUAGES)),
        ("I have read and accept the privacy notice", K.BOOLEAN, Classified(T.CONSENT)),
        ("Ich stimme der Datenschutzerklärung zu", K.BOOLEAN, Classified(T.CONSENT)),
        ("Why do you want to work at Acme?", K.TEXTAREA, Classified(T.WHY_COMPANY)),
        ("Why are you interested in this role?", K.TEXTAREA, Classified(T.WHY_ROLE)),
        ("What is the hardest problem you have solved?", K.TEXTAREA, Classified(T.HARDEST_PROBLEM)),
        ("Anything else you would like us to know?", K.TEXTAREA, Classified(T.ADDITIONAL_INFO)),
    ],
)
def test_a_topic_is_narrowed_by_what_the_label_names(
    label: str, kind: QuestionKind, expected: Classified
) -> None:
    assert classify(label, (), kind, "gb") == expected


def test_a_label_without_measure_has_no_topic() -> None:
    assert classify("First name " * 10_000, (), K.TEXT, "gb").topic is None
