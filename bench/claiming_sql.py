"""What ``pgbench`` sends: the transaction of a claim, statement for statement (the place, then its event)."""

from guichet.appointments.claim_statements import CLAIM

MD5 = "md5(random()::text || clock_timestamp()::text)"
VALUES = [
    "{type}",
    "'held'",
    MD5,
    f"{MD5}::uuid",
    MD5,
    MD5,
    "now()",
    "now() + interval '10 minutes'",
    "'fr'",
    "NULL",
    ":slot",
    "now()",
    "now() + interval '40 minutes'",
    "'public'",
    "{type}",
]


def _filled() -> str:
    parts = " ".join(CLAIM.split()).split("%s")
    assert len(parts) == len(VALUES) + 1
    text = parts[0].replace("{}", "{{}}")
    for value, part in zip(VALUES, parts[1:], strict=True):
        text += value + part.replace("{}", "{{}}")
    return text


EVENT = (
    "INSERT INTO core_event (at, kind, subject_kind, subject_id, actor_kind, actor_id, data, visible)"
    " SELECT now(), 'place_held', 'booking', id::text, 'person', '', '{{}}', false FROM claimed"
)
SCRIPT = f"\\set slot random({{first}}, {{last}})\nBEGIN;\nWITH claimed AS ({_filled()}) {EVENT};\nCOMMIT;\n"
