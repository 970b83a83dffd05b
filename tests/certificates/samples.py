"""One complete set of data for each official document."""

import base64
import io

from PIL import Image


def portrait(width: int = 300, height: int = 400, form: str = "PNG") -> str:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "#c8a070").save(written, form)
    return base64.b64encode(written.getvalue()).decode()


COMMON = {
    "number": "5901202308160000184",
    "foreigner_number": "5903007192",
    "issued_on": "2023-08-16",
    "birth_name": "DIALLO",
    "usage_name": "MARTIN",
    "first_names": "Amadou Nguyễn",
    "birth_date": "2006-02-21",
    "birth_place": "Tunis",
    "birth_country": "TN",
    "nationality": "GN",
    "address": ["20 rue Nationale", "59800 Lille"],
    "office_name": "Préfecture du Nord (Lille)",
    "office_address": ["12 rue Jean sans Peur", "59000 Lille"],
    "office_email": "titres@nord.example",
    "tribunal": "tribunal administratif de Lille",
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
    "favourable_outcome": {
        **COMMON,
        "decided_on": "2023-09-17",
        "outcome": {"fr": "Votre nouvelle adresse est enregistrée.", "en": "Your new address is recorded."},
        "decided_by": "Claire Martin",
        "capacity": {"fr": "Cheffe du bureau du séjour", "en": "Head of the residence office"},
    },
    "refusal": {
        **COMMON,
        "decided_on": "2023-09-17",
        "law": ["Article L423-22 du CESEDA"],
        "reasons": "Confié après seize ans.\nAucune formation suivie.",
        "decided_by": "Claire Martin",
        "capacity": {"fr": "Cheffe du bureau du séjour", "en": "Head of the residence office"},
    },
    "closing": {
        **COMMON,
        "decided_on": "2023-09-17",
        "missing": [{"label": {"fr": "Acte de naissance", "en": "Birth certificate"}, "reason": "illisible"}],
        "requested_on": "2023-08-01",
        "opened_on": "2023-08-05",
        "due_on": "2023-09-04",
        "reopen_until": "2023-10-17",
        "decided_by": "Claire Martin",
    },
}
DATA["prolongation"] = {
    **COMMON,
    "photo": portrait(),
    "name": {"fr": "Attestation de prolongation d'instruction", "en": "Certificate of extended examination"},
    "starts_on": "2023-08-16",
    "ends_on": "2024-02-15",
    "deposited_on": "2023-08-16",
    "allows": {
        "stay": {"fr": "Oui, même sans autre titre.", "en": "Yes, even without another permit."},
        "work": {"fr": "Oui, dans le métier de votre choix.", "en": "Yes, in any occupation."},
        "travel": {"fr": "Non, pas hors de France.", "en": "No, not outside France."},
    },
    "legal_basis": ["CESEDA R431-15-3"],
    "silence_refuses_on": "2023-12-16",
    "silence_challenge_until": "2024-02-16",
}
LIST = {
    "procedure_title": {"fr": "Jeune confié à l'aide sociale à l'enfance", "en": "Young person in care"},
    "issued_on": "2023-08-16",
    "sections": [
        {
            "title": {"fr": "Votre identité", "en": "Your identity"},
            "documents": [
                {
                    "label": {"fr": "Justificatif de nationalité", "en": "Proof of nationality"},
                    "help": {"fr": "En cours de validité", "en": "Still valid"},
                    "any_of": [{"fr": "Passeport", "en": "Passport"}, {"fr": "Carte d'identité", "en": "Identity card"}],
                },
                {"label": {"fr": "Avis de la structure", "en": "Opinion of the care home"}, "required": False},
            ],
        }
    ],
}
