"""Spanish, Italian and Portuguese words for ads."""

from local.adzuna.words.model import Language, combine, parse_trades

SPANISH = Language(
    trades=parse_trades("""
        it-jobs | Empleos de Informática
        | Desarrollador Java, Ingeniero de datos, Programador Python, Administrador de sistemas, Analista
        de datos
        | Python, Java, SQL, Docker, AWS, Angular, Linux

        sales-jobs | Empleos de Ventas
        | Comercial, Asesor de ventas, Gestor de cuentas
        | negociación, captación de clientes, CRM, seguimiento

        healthcare-nursing-jobs | Empleos de Sanidad
        | Enfermero, Auxiliar de clínica, Fisioterapeuta
        | atención al paciente, historias clínicas, curas

        logistics-warehouse-jobs | Empleos de Logística
        | Mozo de almacén, Conductor, Carretillero
        | carné de carretilla, inventario, preparación de pedidos

        admin-jobs | Empleos de Administración
        | Auxiliar administrativo, Recepcionista, Contable
        | Excel, facturación, archivo, atención telefónica

        other-general-jobs | Otros Empleos
        | Operario de producción, Jefe de proyecto, Teleoperador
        | trabajo en equipo, informes, planificación
    """),
    titles=(
        "{role}",
        "{role} (H/M)",
        "{role} sénior",
        "{role} en {town}",
        "{role} con {skill}",
        "{role} júnior",
    ),
    companies=combine(
        "Valdecampo, Montelago, Sierra Rueda, Puertoclaro, Almendral, Torremar, Brisanova, Los Olivares",
        "S.L., S.A., Grupo, Servicios, ETT, Consultores, Logística",
    ),
    openings=(
        "En {company} buscamos un/a {role} para nuestra sede de {town}.",
        "Empresa líder de su sector en {town} selecciona {role} con ganas de crecer.",
        "¿Quieres trabajar como {role} en un equipo que cuida a su gente? {company} te espera.",
    ),
    sentences=(
        "Tus funciones: trabajar a diario con {skill} y {other} y coordinarte con los demás departamentos.",
        "Requisitos: al menos {years} años de experiencia en un puesto parecido y buen manejo de {skill}.",
        "Se valorará la experiencia con {third}, aunque ofrecemos formación a cargo de la empresa.",
        "Ofrecemos contrato estable, horario flexible, seguro médico y 23 días laborables de vacaciones.",
        "Buscamos a una persona ordenada, con iniciativa y capaz de trabajar bajo presión.",
        "El proceso de selección consta de dos entrevistas y una breve prueba práctica en {town}.",
        "Te encargarás también de {third}, del archivo y de recibir a los nuevos compañeros.",
        "Somos {years}0 personas y atendemos a clientes de toda la región desde hace décadas.",
        "La retribución se fijará según la valía de cada candidatura y el convenio del sector.",
    ),
    remote="Posibilidad de teletrabajo completo: trabajo 100% remote desde cualquier lugar.",
    districts=("Centro", "Ensanche", "Casco Antiguo", "Norte", "La Estación"),
    quarters=("Polígono Industrial", "Plaza Mayor"),
)
ITALIAN = Language(
    trades=parse_trades("""
        it-jobs | Offerte IT
        | Sviluppatore Java, Data engineer, Sistemista, Programmatore Python, Analista funzionale
        | Python, Java, SQL, Docker, Azure, Angular, Linux

        sales-jobs | Offerte Vendite
        | Agente di commercio, Addetto alle vendite, Responsabile commerciale
        | trattativa, sviluppo clienti, CRM, preventivi

        healthcare-nursing-jobs | Offerte Sanità
        | Infermiere, Operatore socio-sanitario, Fisioterapista
        | assistenza al paziente, cartelle cliniche, medicazioni

        engineering-jobs | Offerte Ingegneria
        | Progettista meccanico, Ingegnere elettrico, Tecnico manutentore
        | SolidWorks, PLC, disegno tecnico, collaudi

        logistics-warehouse-jobs | Offerte Logistica
        | Magazziniere, Autista, Mulettista
        | patentino del muletto, inventario, bolle

        admin-jobs | Offerte Amministrazione
        | Impiegato amministrativo, Contabile, Segretaria
        | Excel, fatturazione, prima nota, centralino
    """),
    titles=("{role}", "{role} M/F", "{role} senior", "{role} - {town}", "{role} ({skill})", "{role} junior"),
    companies=combine(
        "Valdorcia, Monteverde, Fratelli Casarsa, Lungarno, Portalupi, Terrabruna, Officine Belmonte",
        "S.r.l., S.p.A., Gruppo, Servizi, Consulting, Logistica",
    ),
    openings=(
        "{company} cerca per la propria sede di {town} una figura di {role}.",
        "Per azienda cliente con sede a {town} selezioniamo {role} con contratto a tempo indeterminato.",
        "Vuoi lavorare come {role} in un ambiente giovane? {company} assume.",
    ),
    sentences=(
        "La risorsa lavorerà ogni giorno con {skill} e {other} insieme agli altri reparti.",
        "Requisiti: almeno {years} anni di esperienza nel ruolo e buona conoscenza di {skill}.",
        "Costituisce titolo preferenziale la conoscenza di {third}; è prevista formazione interna.",
        "Offriamo contratto secondo il CCNL di settore, buoni pasto e orario flessibile in entrata.",
        "Completano il profilo precisione, autonomia e attitudine al lavoro di squadra.",
        "L'iter di selezione prevede due colloqui, il secondo presso la sede di {town}.",
        "Tra le attività: {third}, gestione della documentazione e supporto ai nuovi colleghi.",
        "Siamo {years}0 persone e serviamo clienti in tutta la regione da oltre trent'anni.",
        "La ricerca è rivolta a candidati di ogni genere ai sensi della normativa vigente.",
    ),
    remote="La posizione può essere svolta interamente in remote working.",
    districts=("Centro", "Zona Stazione", "Borgo Nuovo", "Quartiere Nord"),
    quarters=("Zona Industriale", "Piazza del Mercato"),
)
PORTUGUESE = Language(
    trades=parse_trades("""
        it-jobs | Vagas de TI
        | Desenvolvedor Java, Engenheiro de dados, Analista de sistemas, Programador Python
        | Python, Java, SQL, Docker, AWS, React

        sales-jobs | Vagas de Vendas
        | Vendedor externo, Consultor comercial, Gerente de contas
        | negociação, prospecção, CRM, pós-venda

        healthcare-nursing-jobs | Vagas de Saúde
        | Enfermeiro, Técnico de enfermagem, Fisioterapeuta
        | atendimento ao paciente, prontuário eletrônico, curativos

        logistics-warehouse-jobs | Vagas de Logística
        | Auxiliar de estoque, Motorista, Conferente
        | inventário, roteirização, separação de pedidos

        admin-jobs | Vagas Administrativas
        | Assistente administrativo, Recepcionista, Auxiliar contábil
        | Excel, notas fiscais, arquivo, atendimento
    """),
    titles=(
        "{role}",
        "{role} Pleno",
        "{role} Sênior",
        "{role} - {town}",
        "{role} ({skill})",
        "{role} Júnior",
    ),
    companies=combine(
        "Serra Clara, Rio Manso, Campo Belo, Nova Aurora, Pedra Lisa, Vale do Ipê",
        "Ltda., S.A., Grupo, Serviços, Consultoria, Transportes",
    ),
    openings=(
        "A {company} contrata {role} para a unidade de {town}.",
        "Empresa sólida da região de {town} busca {role} para compor o seu time.",
        "Venha crescer conosco! {company} abre vaga para {role}.",
    ),
    sentences=(
        "Atividades: atuar diariamente com {skill} e {other}, em contato com as demais áreas.",
        "Requisitos: experiência mínima de {years} anos na função e domínio de {skill}.",
        "Será um diferencial conhecer {third}, mas oferecemos treinamento completo na empresa.",
        "Benefícios: vale-transporte, vale-refeição, plano de saúde e participação nos resultados.",
        "Procuramos uma pessoa organizada, proativa e com boa comunicação com clientes e colegas.",
        "O processo seletivo tem duas entrevistas, sendo a última presencial em {town}.",
        "Também faz parte da rotina {third}, além do controle de documentos e relatórios.",
        "Somos {years}0 profissionais e atendemos clientes de todo o estado há muitos anos.",
        "Horário de segunda a sexta, com banco de horas e intervalo de uma hora para o almoço.",
    ),
    remote="Vaga 100% remote, em regime de home office.",
    districts=("Centro", "Jardim América", "Vila Nova", "Zona Norte"),
    quarters=("Distrito Industrial", "Praça da Matriz"),
)
