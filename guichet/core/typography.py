"""French as printers set it: curly apostrophes, and spaces that do not break before «: ; ? ! » % €» and within guillemets.

Texts are written with the keys of a keyboard; ``french`` sets them once, when catalogues are compiled (``tools/messages.py``)
and when the texts of a procedure are read. What people type is never touched. Rules: Lexique des règles typographiques en
usage à l'Imprimerie nationale.
"""

import re
from functools import lru_cache

NO_BREAK = "\u00a0"  # before «:» and «%», within guillemets
NARROW = "\u202f"  # before «;», «?» and «!»
APOSTROPHE = "\u2019"

# Left as they are: tags and comments of HTML, entities, addresses of the web, what is filled in later, templates.
_KEPT = r"""(?P<kept>
    <[a-zA-Z/!][^<>]*> | &\#?\w+; | \w+://[^\s<>"«»]+ | %\([^)\s]*\)[a-z] | \{[^{}\s]*\} | \{\{.*?\}\} | \{%.*?%\}
)"""
_SETTING = re.compile(
    rf"""
    {_KEPT}
    | (?P<apostrophe> (?<=[^\W\d_])'(?=[^\W_]|%\(|[{{<«&]) )
    | (?P<opening> «\x20?(?![\u00a0\u202f]) )
    | (?P<closing> \x20» | (?<![\x20\u00a0\u202f])» )
    | (?P<narrow> \x20+(?=[;?!](?!\w)) )
    | (?P<wide> \x20+(?=:(?![\w/])) | (?<=[\d)}}sd])\x20(?=%%?(?![(\w%])) | \x20(?=€) )
    """,
    re.VERBOSE,
)
_SET = {
    "apostrophe": APOSTROPHE,
    "opening": f"«{NO_BREAK}",
    "closing": f"{NO_BREAK}»",
    "narrow": NARROW,
    "wide": NO_BREAK,
}


@lru_cache(maxsize=8192)  # the texts of all the procedures, many times a page
def french(text: str) -> str:
    """The text as it is to be read in French. Setting it twice changes nothing more; 10:30 and addresses stay."""
    return _SETTING.sub(lambda found: found[0] if found.lastgroup == "kept" else _SET[str(found.lastgroup)], text)
