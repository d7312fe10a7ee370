"""What labels are about, as patterns over their normal form (lower case, no accents, words); ordered.

An earlier rule takes the words that it matches, so that a later one does not see them.
"""

import re

from models.answering_enums import Topic

T = Topic


def _rule(topic: Topic, *patterns: str) -> tuple[Topic, re.Pattern[str]]:
    return topic, re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns))


_PAY = r"(?:salary|pay|compensation|wages?|remuneration|ctc|package|earnings|rate)"
_PAY_KIND = r"(?:(?:annual|base|gross|net|yearly|monthly|hourly|daily|total|fixed|day|cash)\s)*"
_SPONSOR = r"(?:sponsor\w*|patrocin\w+|parrainage|visasponsor\w*|visumsponsor\w*)"

RULES: tuple[tuple[Topic, re.Pattern[str]], ...] = (
    _rule(
        T.SALARY_EXPECTATION,
        rf"(?:desired|expected|target|preferred|ideal|asking|anticipated) {_PAY_KIND}{_PAY}\b",
        rf"{_PAY} (?:range )?(?:expectation|requirement|expected|desired)s?\b",
        rf"(?:expect\w*|looking for) .{{0,30}}\b{_PAY_KIND}{_PAY}\b",
        r"(?:\w*gehaltsvorstellung\w*|\w*gehaltswunsch|wunschgehalt|gehaltserwartung\w*|lohnvorstellung\w*)",
        r"(?:pretentions? salariales?|attentes salariales)",
        r"(?:salaire|remuneration) (?:(?:annuel|brut|net)\w* )*(?:souhait|attendu|desire|vise)\w*",
        r"(?:pretensi\w+|pretensao|pretensoes|expectativas?|aspiraci\w+) salaria\w*",
        r"(?:salario|sueldo|remuneracao) (?:(?:anual|bruto|mensual|mensal) )*(?:desead|esperad|pretendid"
        r"|desejad)\w*",
        r"(?:aspettativ|pretes|richiest)\w* (?:salarial|economic|retributiv)\w*",
        r"(?:stipendio|retribuzione|ral) (?:(?:annu|lord)\w* )*(?:desiderat|attes|richiest)\w*",
        r"(?:salarisindicatie|salaris(?:verwachting|wens|eis)\w*|gewenst\w* (?:bruto )?(?:maand"
        r"|jaar)?salaris)",
        r"(?:oczekiwani\w+ (?:finansow|placow)\w*|oczekiwan\w+ (?:wynagrodzeni|zarobk)\w*)",
    ),
    _rule(
        T.SALARY_CURRENT,
        rf"(?:current|present|last|previous|most recent|existing) {_PAY_KIND}{_PAY}\b",
        r"(?:currently|presently) (?:earn|paid|make|making)\w*",
        r"(?:aktuell|derzeitig|jetzig|bisherig|letzt)\w* \w*(?:gehalt|lohn|einkommen|vergutung)\w*",
        r"(?:salaire|remuneration) (?:(?:annuel|brut|net)\w* )*(?:actuel|precedent)\w*",
        r"(?:salario|sueldo|remuneracion|remuneracao) (?:(?:anual|bruto) )*(?:actual|atual|anterior)\b",
        r"(?:stipendio|retribuzione|ral) (?:(?:annu|lord)\w* )*(?:attuale|precedente)",
        r"attuale (?:stipendio|retribuzione|ral)\b",
        r"huidig\w* (?:bruto )?(?:maand|jaar)?(?:salaris|loon)",
        r"(?:obecn|aktualn|dotychczasow)\w* (?:wynagrodzen|zarobk|pensj)\w*",
    ),
    _rule(
        T.SPONSORSHIP,
        rf"(?:requir|need)\w* .{{0,80}}{_SPONSOR}(?: for| to obtain| of)?(?: employment| work)?"
        r"(?: authori[sz]ation| visa(?: status)?)?",
        rf"{_SPONSOR} (?:is )?(?:required|needed|requirements?)\b",
        rf"(?:benotig|brauch|erforder)\w* .{{0,80}}{_SPONSOR}",
        rf"{_SPONSOR} .{{0,30}}(?:benotig|brauch|erforder|nodig)\w*",
        rf"(?:besoin|necessit|requer|requier|exig|necesit|bisogno|richied|nodig|potrzeb|wymag"
        rf"|precis)\w* .{{0,80}}"
        rf"{_SPONSOR}",
    ),
    _rule(
        T.WORK_AUTHORISATION,
        r"(?:authori[sz]ed|eligible|entitled|permitted|allowed|legal right|right|authori[sz]ation"
        r"|eligibility|permission)"
        r" (?:legally )?to (?:legally )?(?:work|be employed)\b",
        r"legally (?:work|authori[sz]ed|eligible|permitted|entitled|able to work)\b",
        r"(?:right to work|work authori[sz]ation|work permit|employment (?:authori[sz]ation|eligibility))\b",
        r"(?:arbeitserlaubnis|arbeitsgenehmigung|arbeitsberechtig\w+|berechtigt .{0,60}\bzu arbeiten)",
        r"(?:autorise\w* a (?:y )?travailler|autorisation de travail|permis de travail|droit de travailler)",
        r"(?:autorizad\w+ (?:legalmente )?(?:para|a) trabajar|permiso de trabajo|autorizacion de trabajo)",
        r"(?:derecho a trabajar|autorizzat\w+ a lavorare|permesso di lavoro|diritto (?:di|a) lavorare)",
        r"(?:werkvergunning|(?:gerechtigd|bevoegd) .{0,60}\bte werken)",
        r"(?:pozwolenie na prace|prawo do pracy|uprawnion\w+ do (?:pracy|podjecia pracy)"
        r"|zezwolenie na prace)",
        r"(?:autorizad\w+ a trabalhar|autorizacao de trabalho|permissao para trabalhar|direito de trabalhar)",
        r"(?:permissao de trabalho|visto de trabalho)",
    ),
    _rule(
        T.NOTICE_PERIOD,
        r"(?:notice period|how much notice|length of notice|kundigungsfrist|preavis\b|periodo de aviso)",
        r"(?:periodo di preavviso|preavviso|preaviso|opzegtermijn|okres\w* wypowiedzenia|aviso previo)",
    ),
    _rule(
        T.START_DATE,
        r"(?:earliest|possible|desired|available|target) (?:possible )?(?:start|starting"
        r"|joining)\b(?: date)?",
        r"when (?:can|could|would|are) you (?:be )?(?:(?:able|available) to )?(?:start|begin|join)\b",
        r"(?:available from|date available|date of availability|availability date|available start)\b",
        r"(?:fruhest\w* )?(?:moglich\w* )?(?:eintritts|start|beginn)(?:termin|datum)",
        r"(?:wann (?:konnen|konnten|kannst) (?:sie|du) (?:\w+ ){0,3}(?:anfangen|beginnen|starten)"
        r"|verfugbar ab)",
        r"(?:date (?:d entree|de disponibilite|de debut souhaitee)|disponible a partir)",
        r"(?:fecha de (?:incorporacion|disponibilidad)|data (?:di )?disponibilita|beschikbaar (?:vanaf|per))",
        r"(?:dostepn\w+ od|mozliw\w+ (?:termin|data) rozpoczecia|data de disponibilidade)",
    ),
    _rule(
        T.HIGHEST_DEGREE,
        r"highest .{0,30}\b(?:degree|education|qualification)\b",
        r"(?:education level|level of education|hochst\w* .{0,20}\b\w*(?:abschluss|bildung\w*))",
        r"(?:niveau d etudes?|plus haut .{0,20}\bdiplome|dernier diplome|titolo di studio|opleidingsniveau)",
        r"(?:nivel (?:maximo )?de (?:estudios|educacion|escolaridade|formacao)|nivel educativo|escolaridade)",
        r"(?:hoogst\w* .{0,20}\b(?:opleiding|diploma)|poziom wyksztalcenia|wyksztalcenie)",
    ),
    _rule(
        T.HOW_HEARD,
        r"how (?:did|have) you (?:first )?(?:hear|heard|find|found|learn|come across|discover)\b",
        r"where did you (?:first )?(?:hear|find|see|learn)\b",
        r"wie (?:sind sie|bist du|haben sie|hast du) .{0,60}\b(?:aufmerksam|erfahren|gefunden|gehort"
        r"|gestossen)",
        r"comment avez vous (?:entendu|connu|decouvert|trouve|eu connaissance)",
        r"como (?:nos |te |se )?(?:conocio|conociste|entero|enteraste|has conocido|supo|supiste"
        r"|ficou sabendo)",
        r"como (?:nos )?(?:soube|conheceu|encontrou)",
        r"come (?:hai|ha|sei|e) .{0,40}\b(?:conosciuto|sentito|saputo|trovato|venut\w a conoscenza)",
        r"hoe (?:heb|bent|heeft) .{0,60}\b(?:gehoord|gevonden|terechtgekomen)",
        r"(?:skad .{0,40}\b(?:dowiedzial|wiesz)\w*)",
    ),
    _rule(
        T.AGE_18,
        r"(?:at least|over|above) (?:the age of )?(?:18|eighteen)\b(?! (?:months"
        r"|years? (?:of )?(?:\w+ )?experience))",
        r"(?:18|eighteen)(?:\+)? (?:years of age|years old|years or older|or older)",
        r"(?:legal working age|volljahrig|mindestens 18|majeur\b|au moins 18 ans|mayor de (?:edad|18))",
        r"(?:maggiorenne|almeno 18 anni|minstens 18|meerderjarig|pelnoletni\w*|maior de (?:idade|18))",
    ),
    _rule(
        T.PREVIOUSLY_EMPLOYED_HERE,
        r"(?:ever|previously|formerly|before) (?:worked|been employed|been an employee|interned) (?:for|at"
        r"|by|here)\b",
        r"(?:current or former|former|current or previous|previous) employee\b",
        r"(?:haben sie|hast du) (?:bereits|schon|fruher) .{0,60}\bgearbeitet",
        r"avez vous deja (?:travaille|ete employe)",
        r"ha(?:s)? trabajado (?:anteriormente|antes|alguna vez)|ha mai lavorato|hai mai lavorato"
        r"|ja trabalhou",
    ),
    _rule(
        T.REFERRAL,
        r"(?:referral|referred|who referred|refer you|employee reference)",
        r"do you know (?:anyone|someone|any)\b",
        r"(?:empfohlen|geworben|recommande par|coopte|referid[oa] por|segnalat[oa] da|aangedragen door"
        r"|polecen\w+)",
    ),
    _rule(
        T.NON_COMPETE,
        r"(?:non ?compete|non ?competition|non ?solicit\w*|restrictive covenants?|wettbewerbsverbot)",
        r"(?:non concurrence|no competencia|non concorrenza|concurrentiebeding|zakaz\w* konkurencji"
        r"|nao concorrencia)",
    ),
    _rule(
        T.SECURITY_CLEARANCE,
        r"(?:(?:security|government|active|sc|dv) clearance|clearance level|clearance\b)",
        r"(?:sicherheitsuberprufung|habilitation (?:de )?(?:securite|secret)|habilitacion de seguridad)",
    ),
    _rule(
        T.DRIVERS_LICENCE,
        r"driv(?:er|ers|er s|ing) licen[cs]e",
        r"(?:fuhrerschein|permis de conduire|(?:licencia|permiso|carnet) de conducir|patente di guida"
        r"|patente b)",
        r"(?:rijbewijs|prawo jazdy|carta de conducao|carteira (?:nacional )?de (?:motorista|habilitacao))",
    ),
    _rule(T.BACKGROUND_CHECK, r"background (?:check|screening|investigation|verification)s?\b"),
    _rule(
        T.CRIMINAL_RECORD,
        r"(?:criminal|convict(?:ed|ions?)|felony|felonies|misdemeanou?rs?)\b",
        r"(?:vorbestraft|vorstrafe\w*|fuhrungszeugnis|casier judiciaire|condamn\w+|antecedentes (?:penales"
        r"|criminais))",
        r"(?:precedenti penali|strafblad|strafrechtelijk\w*|karaln\w+|karan[aey]\b|condenad\w+)",
    ),
    _rule(
        T.HEALTH,
        r"(?:medical|vaccin\w+|pregnan\w+|illness\w*|drug (?:test|screen)\w*)",
        r"(?:your health|health (?:condition|status|issue|problem|history|record)s?)\b",
        r"(?:gesundheit\w*|schwanger\w*|impf\w*|etat de sante|sante\b|estado de salud|salute\b"
        r"|gezondheid\w*)",
        r"(?:zdrowi\w+|zdrowotn\w+|saude\b|geimpft)",
    ),
    _rule(
        T.DATE_OF_BIRTH,
        r"(?:date of birth|birth ?date|birthday|dob\b|how old are you|year of birth|place of birth)",
        r"(?:geburts\w+|date de naissance|fecha de nacimiento|data di nascita|geboortedatum|data urodzenia)",
        r"data de nascimento",
    ),
    _rule(T.RELIGION, r"(?:religi\w+|konfession\w*|wyznani[ea]\b|godsdienst\w*|kirchensteuer\w*|your faith)"),
    _rule(
        T.PRONOUNS,
        r"(?:preferred |gender |personal )?pronouns?\b",
        r"(?:pronomen|pronoms|pronombres|pronomi\b|voornaamwoorden|zaimki|pronomes)",
    ),
    _rule(
        T.RACE,
        r"(?:race(?: ethnicity)?(?! (?:condition|track))\b|racial\w*|ethnic\w*|hispanic|latin[oax]s?\b"
        r"|ethnie)",
        r"(?:ethnisch\w*|origine ethnique|raza\b|etnia\b|etnic\w+|razza\b|etnicz\w+|raca\b|cor ou raca)",
    ),
    _rule(
        T.GENDER,
        r"(?:gender\w*|sex\b|geschlecht\w*|genre\b|sexe\b|genero\b|sexo\b|genere\b|sesso\b|geslacht|plec\b)",
    ),
    _rule(
        T.VETERAN, r"(?:veterans?|military (?:service|status|spouse)|armed forces|veteran\w*|wehrdienst)\b"
    ),
    _rule(
        T.DISABILITY,
        r"(?:disab\w+|\w*behinder\w+|handicap\w*|discapacidad\w*|disabilita\b|arbeidsbeperking|beperking)",
        r"(?:niepelnospraw\w+|deficiencia\w*|pcd\b|rqth\b|gleichgestellt\w*|invalid\w*)",
    ),
    _rule(
        T.HARDEST_PROBLEM,
        r"(?:hardest|toughest|most (?:difficult|challenging|complex)|biggest) .{0,40}\b"
        r"(?:problem|challenge|project|bug|task|situation)s?\b",
    ),
    _rule(
        T.WHY_COMPANY,
        r"why .{0,80}\b(?:(?:work(?:ing)?|be|working here) (?:for|at|with|here)|join(?:ing)?|company"
        r"|our team|us)\b",
        r"what (?:\w+ )?(?:attract|draw|excite|interest|appeal)s? .{0,80}\b(?:company|us|our (?:team"
        r"|mission)|work at)\b",
        r"warum .{0,80}\b(?:uns|unternehmen|unserem|unser)\b",
        r"pourquoi .{0,80}\b(?:nous|notre|entreprise|rejoindre)\b",
        r"(?:por que|perche|waarom|dlaczego) .{0,80}\b(?:nosotros|nuestra|empresa|noi|nostra|azienda|ons"
        r"|bedrijf"
        r"|nas|naszej|firmie|conosco|nossa)\b",
    ),
    _rule(
        T.WHY_ROLE,
        r"why .{0,80}\b(?:role|position|job|opportunity|vacancy|apply|applying|fit|hire you|interested)\b",
        r"what (?:\w+ )?(?:attract|draw|excite|interest|appeal|make)s? .{0,80}\b(?:role|position|job|fit)\b",
        r"warum .{0,80}\b(?:stelle|position|rolle|bewerben|bewirbst)\b",
        r"pourquoi .{0,80}\b(?:poste|postulez|candidat\w*)\b",
        r"(?:por que|perche|waarom|dlaczego) .{0,80}\b(?:puesto|vaga|cargo|ruolo|posizione|functie|rol"
        r"|stanowisk\w*)\b",
    ),
    _rule(
        T.ADDITIONAL_INFO,
        r"(?:anything|something) else\b",
        r"(?:additional|further|other) (?:information|info|comments|notes|details)\b",
        r"(?:weitere|zusatzliche) (?:informationen|angaben)|informations? (?:complementaires?"
        r"|supplementaires?)",
        r"(?:informacion|informacoes) (?:adicional|adicionais)|informazioni aggiuntive"
        r"|ulteriori informazioni",
        r"aanvullende informatie|dodatkowe informacje",
    ),
    _rule(
        T.RELOCATION,
        r"(?:relocat\w+|willing to move|umzug\w*|umziehen|demenag\w+|reubic\w+|trasferir\w+|verhuiz\w+"
        r"|przeprowadz\w+)",
        r"(?:mudar de cidade|mudanca de cidade|mudarte|mobilite geographique)",
    ),
    _rule(
        T.ONSITE_DAYS_OK,
        r"(?:days? (?:a|per|each) week .{0,40}(?:office|site|person)|(?:office|site"
        r"|person) .{0,60}days? (?:a|per|each) week)",
        r"(?:days? in (?:the|our) office|tage (?:pro|in der) woche .{0,40}buro"
        r"|jours par semaine .{0,40}bureau)",
    ),
)
