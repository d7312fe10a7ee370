"""English words for ads."""

from local.adzuna.words.model import Language, combine, parse_trades

ENGLISH = Language(
    trades=parse_trades("""
        it-jobs | IT Jobs
        | Software Engineer, Backend Engineer, Frontend Developer, Data Engineer, Data Scientist, Platform
        Engineer, DevOps Engineer, Java Developer, Python Developer, Machine Learning Engineer, QA
        Automation Engineer, IT Support Analyst, Security Engineer
        | Python, Java, TypeScript, React, Kubernetes, PostgreSQL, AWS, Terraform, Kafka, Go, Django,
        FastAPI, Spark, CI/CD pipelines

        engineering-jobs | Engineering Jobs
        | Mechanical Engineer, Electrical Engineer, Design Engineer, Process Engineer, Maintenance
        Engineer, Quality Engineer
        | SolidWorks, AutoCAD, PLC programming, FMEA, lean manufacturing, ISO 9001, root cause analysis

        healthcare-nursing-jobs | Healthcare & Nursing Jobs
        | Registered Nurse, Healthcare Assistant, Physiotherapist, Care Coordinator, Pharmacist
        | patient assessment, medication rounds, care planning, safeguarding, wound care, electronic
        patient records

        accounting-finance-jobs | Accounting & Finance Jobs
        | Management Accountant, Financial Analyst, Payroll Specialist, Credit Controller, Internal
        Auditor
        | month end close, IFRS, Excel modelling, SAP, forecasting, VAT returns

        sales-jobs | Sales Jobs
        | Account Executive, Sales Manager, Business Development Manager, Inside Sales Representative
        | pipeline management, cold outreach, Salesforce, contract negotiation, quota attainment

        logistics-warehouse-jobs | Logistics & Warehouse Jobs
        | Warehouse Operative, HGV Driver, Transport Planner, Forklift Driver, Supply Chain Analyst
        | stock control, route planning, counterbalance licence, WMS software, goods-in checks

        trade-construction-jobs | Trade & Construction Jobs
        | Site Manager, Electrician, Quantity Surveyor, Plumber, Carpenter
        | site safety, reading drawings, first fix, cost reporting, NEC contracts

        hospitality-catering-jobs | Hospitality & Catering Jobs
        | Chef de Partie, Restaurant Supervisor, Front Desk Agent, Barista
        | menu planning, food hygiene, table service, stock rotation, guest relations

        teaching-jobs | Teaching Jobs
        | Primary School Teacher, Maths Teacher, Teaching Assistant, Lecturer in Computing
        | lesson planning, classroom management, phonics, assessment, special educational needs

        pr-advertising-marketing-jobs | PR, Advertising & Marketing Jobs
        | Marketing Manager, Content Strategist, SEO Specialist, Brand Executive
        | campaign planning, Google Analytics, copywriting, paid social, event management

        admin-jobs | Admin Jobs
        | Office Administrator, Executive Assistant, Receptionist, Data Entry Clerk
        | diary management, minute taking, Microsoft Office, invoice processing, travel booking

        other-general-jobs | Other/General Jobs
        | Operations Coordinator, Project Manager, Customer Service Advisor, Production Planner
        | stakeholder management, reporting, complaint handling, scheduling, risk logs
    """),
    titles=(
        "{role}",
        "{role}",
        "Senior {role}",
        "Junior {role}",
        "Lead {role}",
        "{role} - {town}",
        "{role} ({skill})",
        "{role} II",
        "Principal {role}",
        "{role}, {skill} team",
        "{role} - Hybrid",
        "Trainee {role}",
    ),
    companies=combine(
        "Larkfield, Harrowgate, Brindlewood, Ashcombe, Northmere, Quillstone, Fenwater, Tallowbridge, "
        "Merrowdale, Copperleaf, Windlass, Saltmarsh, Hollinside, Redfern Lane, Kestrelview, Thornbury Vale",
        "Ltd, Group, Recruitment, Partners, Systems, & Sons, Healthcare, Inc., Logistics, Labs, PLC",
    ),
    openings=(
        "{company} is looking for a {role} to join our growing team in {town}.",
        "Are you a {role} who likes to see results? {company} would like to hear from you.",
        "An opportunity has come up for a {role} at our {town} site, reporting to the head of department.",
        "On behalf of our client we are recruiting a {role} with at least {years} years behind them.",
        "Job description: as a {role} at {company} you will own {skill} from first idea to daily use.",
    ),
    sentences=(
        "You will work with {skill}, {other} and {third} alongside people who enjoy sharing what they know.",
        "What you bring: {years}+ years in a comparable position and sound knowledge of {skill}.",
        "Experience with {other} is a plus, but a willingness to learn it matters more to us.",
        "You will plan your own week, report progress every fortnight and help newer colleagues along.",
        "We offer 25 days of holiday, a pension, private health cover and a yearly budget for training.",
        "{company} has been in {town} for more than {years} decades and is still owned by its founders.",
        "Responsibilities include {third}, keeping records up to date and working with suppliers.",
        "The interview process has two stages and we answer every application within ten working days.",
        "You hold a relevant qualification or can show by your work that you do not need one.",
        "Hours are Monday to Friday with an early finish before bank holidays; overtime is paid.",
        "Our department of {years}0 people serves customers in four regions and values calm heads.",
        "Please tell us in your cover letter about a time when {skill} solved a problem for somebody else.",
        "We welcome applicants from every background and will make adjustments where they are needed.",
        "Parking is free, the station is a short walk away and there is a canteen on the ground floor.",
    ),
    remote="This position is fully remote: work from home anywhere in the country.",
    districts=("Town Centre", "Old Town", "West End", "Riverside", "Northfield", "Hillside", "The Quays"),
    quarters=("Station Quarter", "Market Square", "Mill Lane", "Business Park"),
)
