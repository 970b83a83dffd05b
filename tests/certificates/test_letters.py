"""Letters as people receive them: on one sheet, with the court that hears them."""

import pytest

from tests.certificates.test_documents import made, words

USUAL_REASONS = (
    "Vous avez été confié à l'aide sociale à l'enfance le 3 mars 2023, après l'âge de seize ans, par une décision du juge des"
    " enfants de Lille. L'article L423-22 demande une prise en charge au plus tard le jour des seize ans.\n"
    "Vous suivez une formation depuis deux mois seulement : l'article L435-3 demande qu'elle dure depuis six mois au moins. Le"
    " relevé de présence que vous avez joint compte onze absences sans motif.\n"
    "Votre mère et vos deux frères vivent en Tunisie, et vous dites leur parler chaque semaine. Rien dans votre dossier ne"
    " montre que ce refus porterait à votre vie privée une atteinte trop forte."
)
USUAL = {
    "refusal": {
        "law": [
            "CESEDA L423-22",
            "CESEDA L435-3",
            {
                "fr": "CESEDA R431-10 : la demande doit être accompagnée des documents qui prouvent l'état civil",
                "en": "CESEDA R431-10: the application must come with the documents that prove civil status",
            },
        ],
        "reasons": USUAL_REASONS,
    },
    "closing": {
        "missing": [
            {
                "label": {"fr": label, "en": label},
                "reason": "Le document est plus ancien que ce qui est demandé. Il date de plus de six mois.",
            }
            for label in ("Acte de naissance", "Justificatif de domicile", "Avis de la structure d'accueil")
        ],
        "reasons": USUAL_REASONS.split("\n")[1],
        "capacity": {"fr": "Pour le préfet et par délégation", "en": "For the prefect, by delegation"},
    },
}


@pytest.mark.parametrize("kind", list(USUAL))
@pytest.mark.parametrize("demonstration", [False, True])
def test_a_letter_of_usual_content_holds_on_one_sheet(kind, demonstration, settings):
    """One page in French; in English the French letter, which prevails, then its translation: one page each."""
    settings.DEMO = demonstration
    settings.SITE_URL = "https://guichet.example"
    assert len(made(kind, **USUAL[kind]).pages) == 1
    assert len(made(kind, "en", **USUAL[kind]).pages) == 2


def test_the_court_is_named_with_its_article_or_told_in_general_words():
    assert "saisir le tribunal administratif de Lille, sur place" in words(made("refusal"))
    assert "devant le tribunal administratif de Lille, sur place" in words(made("deposit_receipt"))
    assert "bring the case before the tribunal administratif de Lille" in words(made("refusal", "en"))
    assert "saisir le tribunal administratif dont dépend ce service" in words(made("refusal", tribunal=""))


def test_an_outcome_without_a_permit_says_what_changes_and_nothing_of_a_card():
    said = words(made("favourable_outcome"))
    for text in ("Décision favorable", "5901202308160000184", "Votre nouvelle adresse est enregistrée.", "20 rue Nationale"):
        assert text in said, text
    assert "Your new address is recorded." in words(made("favourable_outcome", "en"))
    for absent in ("carte", "Schengen", "taxe", "Valable"):
        assert absent not in said, absent


def test_a_demonstration_says_so_on_every_document(settings):
    settings.DEMO = True
    assert words(made("favourable_decision", "en")).count("sans aucune valeur") == 1
    assert "without any value" in words(made("favourable_decision", "en"))
    settings.DEMO = False
    assert "DÉMONSTRATION" not in words(made("favourable_decision"))
