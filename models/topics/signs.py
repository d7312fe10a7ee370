"""Signs in a label's normal form that no single topic is right, or that a yes may mean no."""

import re

COMPOUND = re.compile(
    r"\b(?:"
    # both pays in one question
    r"current (?:and |or |and or )*(?:desired|expected|target)|(?:desired|expected) (?:and |or )+current"
    # needing a permit is not the same as having one, nor as sponsorship
    r"|(?:need|require|requiring|benotig\w*|brauch\w*|besoin|necesit\w*|bisogno|potrzebuj\w*"
    r"|precis\w*) (?:(?!\w*sponsor|patrocin|parrain)\w+ ){0,8}"
    r"(?:work permit|permission to work|work authori[sz]ation|arbeitserlaubnis|permis de travail"
    r"|permiso de trabajo)"
    r"|any employer|current employer only"
    # somebody may live there, or want help with moving
    r"|(?:based|located|living|live|reside|residing) .{0,60}relocat\w*|relocation (?:assistance|support"
    r"|package|cost)s?"
    r"|(?:need|require)\w* .{0,30}relocat\w*"
    # a licence of another class, a clearance that one could get
    r"|commercial driv\w*|cdl|hgv|lgv|class (?!b)[a-z]|klasse (?!b)\w+|own (?:car|vehicle)|clean driv\w*"
    r"|(?:obtain|eligible for|willing|able to) .{0,40}clearance"
    # help at an interview is not a disability
    r"|accommodat\w+|adjustments?"
    # why somebody goes is nothing to draft
    r"|(?:leav|quit|resign|terminat|dismiss)\w*|laid off"
    r"|(?:why|reasons?) .{0,80}\b(?:left|let go|fired|gaps?|chang(?:e|ed|ing))\b"
    r"|(?:warum|pourquoi|por que|perche|waarom|dlaczego) .{0,80}\b(?:verlass\w*|gekundigt|aufgegeben"
    r"|wechsel\w*|gewechselt|quitt\w+|dejo|dejaste|dejar|lasciat\w*|verlat\w*|odeszl\w*|deixou|saiu)\b"
    r"|transgender|sexual orientation|marital status|children"
    r")\b"
)
"""Labels about which no single topic is right: they go to the person."""

CONDITIONAL = re.compile(
    r"(?:if|wenn|falls|sofern|si|se|indien|jesli|please (?:elaborate|specify|explain$|explain your answer)"
    r"|bitte erlautern)\b"
    r"(?! (?:applicable|available|any|vorhanden|applicabile|possible))"
)
"""How a label begins that only continues another question."""

NEGATED = re.compile(
    r"\b(?:not|no(?! competencia)|never|without|neither|nor|cannot|exempt|free (?:of|from)|unable|refuse"
    r"|fail\w*|don t|doesn t"
    r"|aren t|won t|haven t|isn t|can t|nicht|kein\w*|ohne|nie|pas|sans|jamais|ne|aucun\w*|sin|nunca|senza"
    r"|mai|niet|geen|zonder|bez|nigdy|sem|non(?! (?:compet|solicit|concur|concor|disclos)\w*)"
    r"|nao(?! concorrencia))\b"
)
"""Words that may turn a yes into a no."""
