"""The keys that the stand-ins accept; `jobraker up` hands them to the worker where no real key is set."""

ADZUNA_APP_ID = "local"
ADZUNA_APP_KEY = "local"
SKYVERN_API_KEY = "local-skyvern-key"
OPENAI_API_KEY = "local-openai-key"
