"""A résumé to test with: as its owner's text, and structured."""

from models.json_resume import JsonResume

ADA_TEXT = """\
Ada Lovelace
Data Engineer

Engineer who builds reliable data pipelines.

Experience
Senior Engineer, Analytical Engines Ltd, London, March 2019 - present
- Cut costs by 30% with nightly Python jobs
- Led a team of 5 engineers
- Improved reports of the café
Engineer, Difference Co, Leeds, 2015 - 02/2019
- Maintained the mill in Rust
- Served 1,200 users

Education
BSc Mathematics, University of London, 2012 - 2015
Street of Oxford, evening course

Skills
Python, SQL, Kafka, Data pipelines
Languages: English (native)
Certified Kafka Developer, Confluent, April 2021
"""

ADA = JsonResume.model_validate(
    {
        "basics": {"label": "Data Engineer", "summary": "Engineer who builds reliable data pipelines."},
        "work": [
            {
                "name": "Analytical Engines Ltd",
                "position": "Senior Engineer",
                "location": "London",
                "startDate": "2019-03",
                "highlights": [
                    "Cut costs by 30% with nightly Python jobs",
                    "Led a team of 5 engineers",
                    "Improved reports of the café",
                ],
            },
            {
                "name": "Difference Co",
                "position": "Engineer",
                "location": "Leeds",
                "startDate": "2015",
                "endDate": "2019-02",
                "highlights": ["Maintained the mill in Rust", "Served 1,200 users"],
            },
        ],
        "education": [
            {
                "institution": "University of London",
                "area": "Mathematics",
                "studyType": "BSc",
                "startDate": "2012",
                "endDate": "2015",
            }
        ],
        "skills": [{"name": "Python"}, {"name": "SQL"}, {"name": "Kafka"}, {"name": "Data pipelines"}],
        "languages": [{"language": "English", "fluency": "native"}],
        "certificates": [{"name": "Certified Kafka Developer", "issuer": "Confluent", "date": "2021-04"}],
    }
)
