import base64
import io

import pytest
from PIL import Image
from pypdf import PdfReader

from guichet.certificates import queries
from guichet.certificates.actions import issue

pytestmark = pytest.mark.django_db


def portrait() -> str:
    written = io.BytesIO()
    Image.new("RGB", (300, 400), "#c8a070").save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode()


COMMON = {
    "number": "5901202308160000184",
    "foreigner_number": "5903007192",
    "issued_on": "2023-08-16",
    "birth_name": "DIALLO",
    "usage_name": "",
    "first_names": "Amadou",
    "birth_date": "2006-02-21",
    "birth_place": "Tunis",
    "birth_country": "TN",
    "nationality": "TN",
    "address": ["20 rue Nationale", "59800 Lille", "France"],
    "office_name": "Préfecture du Nord (Lille)",
    "office_address": ["12 rue Jean sans Peur", "59000 Lille"],
    "procedure_title": {"fr": "Jeune confié à l'aide sociale à l'enfance", "en": "Young person in care"},
}
DATA = {
    "deposit_receipt": {**COMMON, "photo": portrait(), "nature": "first", "silence_refuses_on": "2023-12-16"},
    "favourable_decision": {
        **COMMON,
        "decided_on": "2023-09-17",
        "permit_kind": {"fr": "Carte de séjour temporaire", "en": "Temporary residence card"},
        "mention": {"fr": "Vie privée et familiale", "en": "Private and family life"},
        "valid_from": "2023-09-18",
        "valid_until": "2024-09-17",
        "tax_cents": 22550,
        "allows_schengen": True,
        "valid_only_with": "visa_or_permit",
    },
    "refusal": {**COMMON, "decided_on": "2023-09-17", "reasons": "Première raison.\nSeconde raison.", "decided_by": "Claire Martin"},
    "closing": {
        **COMMON,
        "decided_on": "2023-09-17",
        "missing": [{"label": "Acte de naissance", "reason": "illisible"}],
        "reopen_until": "2023-10-17",
        "decided_by": "Claire Martin",
    },
}


@pytest.mark.parametrize("kind", sorted(DATA))
def test_a_document_is_issued_once_per_intent_and_read_back(kind):
    first = issue(kind, subject=("application", "1"), data=DATA[kind], language="fr", intent=f"{kind}:1")
    again = issue(kind, subject=("application", "1"), data=DATA[kind], language="fr", intent=f"{kind}:1")
    assert first.pk == again.pk
    assert list(queries.documents_of(("application", "1"))) == [first]
    assert queries.document(first.number.lower().replace("-", " ")) == first
    text = PdfReader(io.BytesIO(queries.pdf(first))).pages[0].extract_text()
    assert "DIALLO" in text and "5901202308160000184" in text
