"""French words for ads."""

from local.adzuna.words.model import Language, combine, parse_trades

FRENCH = Language(
    trades=parse_trades("""
        it-jobs | Emplois Informatique
        | Développeur Java, Développeur Full Stack, Data scientist, Data engineer, Administrateur
        systèmes, Chef de projet informatique, Ingénieur DevOps, Développeur Python, Architecte logiciel
        | Python, Java, Angular, Kubernetes, SQL, Azure, Symfony, Docker, Spark, React

        engineering-jobs | Emplois Ingénierie
        | Ingénieur mécanique, Ingénieur procédés, Dessinateur projeteur, Ingénieur qualité, Technicien
        bureau d'études
        | CATIA, AutoCAD, AMDEC, automatismes, ISO 9001

        healthcare-nursing-jobs | Emplois Santé & Soins
        | Infirmier, Aide-soignant, Masseur-kinésithérapeute, Préparateur en pharmacie
        | soins d'hygiène, transmissions, plans de soins, accueil des familles

        accounting-finance-jobs | Emplois Comptabilité & Finance
        | Comptable général, Contrôleur de gestion, Gestionnaire de paie, Auditeur interne
        | Sage, Excel, clôtures mensuelles, déclarations de TVA, SAP

        sales-jobs | Emplois Vente
        | Commercial terrain, Responsable de comptes, Conseiller de vente, Technico-commercial
        | prospection, négociation, suivi du portefeuille, CRM

        logistics-warehouse-jobs | Emplois Logistique & Entrepôt
        | Préparateur de commandes, Cariste, Chauffeur poids lourd, Gestionnaire de stocks
        | CACES 1 et 3, inventaires, plans de transport, WMS

        trade-construction-jobs | Emplois BTP
        | Conducteur de travaux, Électricien, Plombier chauffagiste, Maçon
        | lecture de plans, sécurité chantier, métrés, habilitations électriques

        hospitality-catering-jobs | Emplois Hôtellerie & Restauration
        | Chef de partie, Serveur, Réceptionniste, Commis de cuisine
        | HACCP, accueil des clients, mise en place, gestion des plannings

        teaching-jobs | Emplois Enseignement
        | Formateur bureautique, Éducateur spécialisé, Professeur de mathématiques
        | préparation des cours, suivi individuel, pédagogie active

        admin-jobs | Emplois Administratifs
        | Assistant administratif, Secrétaire médicale, Assistant de direction, Hôte d'accueil
        | Pack Office, prise de rendez-vous, classement, rédaction de courriers

        other-general-jobs | Emplois Divers
        | Agent de production, Conseiller clientèle, Chargé de mission, Agent d'entretien
        | polyvalence, relation client, reporting, respect des consignes
    """),
    titles=(
        "{role}",
        "{role} H/F",
        "{role} (H/F)",
        "{role} F/H",
        "{role} - {town} (H/F)",
        "{role} senior H/F",
        "{role} confirmé (F/H)",
        "{role} {skill} H/F",
        "Alternance - {role} H/F",
        "CDI - {role}",
    ),
    companies=combine(
        "Valmeyrie, Saint-Orens Conseil, Belcastel, Rivaltier, Montferand, Clairefond, Les Jardins d'Ostrel, "
        "Aubenac, Grandlieu, Tournefeuille & Fils, Pradelles, Kerloch, Hautmont",
        "SAS, SARL, Groupe, Intérim, Services, Ingénierie, Santé, Conseil, Logistique",
    ),
    openings=(
        "{company} recrute pour son site de {town} : {role} (H/F) en contrat à durée indéterminée.",
        "Vous cherchez un poste qui a du sens ? Rejoignez {company} en tant que {role}.",
        "Notre client, acteur reconnu de la région de {town}, recherche un profil « {role} » expérimenté.",
        "Rattaché(e) à la direction du site de {town}, vous prenez en charge le poste suivant : {role}.",
        "Depuis plus de {years} décennies, {company} accompagne ses clients et renforce ses équipes.",
    ),
    sentences=(
        "Vos missions : utiliser au quotidien {skill} et {other}, puis partager vos résultats avec l'équipe.",
        "Profil : au moins {years} ans d'expérience sur un poste similaire et maîtrise de {skill}.",
        "Une première expérience avec {third} serait appréciée, mais nous formons aussi les débutants.",
        "Nous proposons un salaire selon profil, des tickets restaurant, une mutuelle et douze jours de RTT.",
        "Rigueur, sens de l'écoute et esprit d'équipe seront vos meilleurs atouts pour réussir ici.",
        "Le processus de recrutement comporte deux entretiens et une visite de nos locaux à {town}.",
        "Vous participez aussi à {third}, au suivi des dossiers et à l'accueil des nouveaux arrivants.",
        "Poste à pourvoir dès que possible, du lundi au vendredi, trente-cinq heures par semaine.",
        "À compétences égales, ce poste est ouvert aux personnes en situation de handicap.",
        "Des déplacements ponctuels dans la région sont à prévoir ; le permis B est demandé.",
        "Notre service compte {years}0 personnes qui aiment travailler dans la bonne humeur.",
        "Merci d'adresser votre CV et quelques lignes sur ce qui vous attire chez {company}.",
    ),
    remote="Poste ouvert au télétravail complet, partout en France.",
    districts=("Centre-ville", "Quartier Nord", "La Gare", "Les Docks", "Vieille Ville", "Saint-Michel"),
    quarters=("Parc d'activités", "Place du Marché", "Rive gauche"),
)
