"""What the documents say, in which language, and that a screen reader and an archive can read them."""

import io
import re
from datetime import UTC, datetime

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject

from guichet.certificates import glyphs, typesetting
from guichet.certificates.contents import CONTENTS
from guichet.certificates.photos import small_jpeg
from guichet.certificates.typesetting import document_list_pdf
from tests.certificates.samples import COMMON, DATA, LIST, portrait

AT = datetime(2023, 8, 16, 10, 0, tzinfo=UTC)
NUMBER = "G-7K3M-9QWX-2HJT-5RVB-C"


def made(kind: str, language: str = "fr", **changes) -> PdfReader:
    data = {**DATA[kind], **changes}
    if data.get("photo"):
        data["photo"] = small_jpeg(data["photo"])
    content = CONTENTS[kind].model_validate(data)
    return PdfReader(io.BytesIO(typesetting.official_pdf(kind, content, NUMBER, language, AT)))


def words(reader: PdfReader) -> str:
    """The text in one line: where a line of the paper breaks is not what is tested."""
    document = pypdfium2.PdfDocument(reader.stream.getvalue())
    return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in document))


def tags(reader: PdfReader) -> list[tuple[str, str]]:
    """(tag, language) of every element of the structure."""
    found = []

    def walk(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for inner in node:
                walk(inner)
        elif hasattr(node, "get") and "/S" in node:
            found.append((node["/S"], str(node.get("/Lang", ""))))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


SAID = {
    "deposit_receipt": (
        *(
            "Confirmation du dépôt",
            "Première demande de titre de séjour",
            "5903007192",
            "5901202308160000184",
            NUMBER,
            "16 août 2023",
        ),
        *(
            "DIALLO",
            "MARTIN",
            "Amadou Nguyễn",
            "21 février 2006",
            "Tunis, Tunisie",
            "Nationalité Guinéenne",
            "20 rue Nationale 59800 Lille",
        ),
        *("Préfecture du Nord (Lille)", "16 décembre 2023", "considérée comme refusée", "deux mois", "recours gracieux"),
        *("tribunal administratif de Lille", "recours hiérarchique", "titres@nord.example", "12 rue Jean sans Peur"),
        *(
            "prouve que votre demande a été déposée, et rien d'autre",
            "ne prouve pas que votre séjour est régulier",
            "n'ouvre aucun droit",
        ),
        "ne permet pas de franchir les frontières de l'espace Schengen",
    ),
    "favourable_decision": (
        *(
            "Attestation de décision favorable",
            "17 septembre 2023",
            "5903007192",
            "5901202308160000184",
            NUMBER,
            "DIALLO",
            "Nationalité Guinéenne",
        ),
        *("Carte de séjour temporaire", "Vie privée et familiale", "18 septembre 2023", "17 septembre 2024", "225,50"),
        *("timbre fiscal électronique", "n'est valable qu'accompagné de votre visa de long séjour ou de votre ancien titre"),
        "Il permet de franchir les frontières de l'espace Schengen",
    ),
    "favourable_outcome": (
        "Décision favorable",
        "17 septembre 2023",
        "Ce que la décision change",
        "Votre nouvelle adresse est enregistrée",
        "Cheffe du bureau du séjour",
        "20 rue Nationale",
    ),
    "refusal": (
        *(
            "Décision de refus",
            "Amadou Nguyễn MARTIN",
            "20 rue Nationale",
            "Article L423-22 du CESEDA",
            "Confié après seize ans.",
        ),
        *(
            "Aucune formation suivie.",
            "Claire Martin",
            "Cheffe du bureau du séjour",
            "recours gracieux",
            "recours hiérarchique",
        ),
        *("tribunal administratif de Lille", "deux mois", "telerecours.fr", "aide juridictionnelle"),
    ),
    "closing": (
        *(
            "Clôture d'une demande incomplète",
            "Acte de naissance : illisible",
            "1er août 2023",
            "5 août 2023",
            "4 septembre 2023",
        ),
        *(
            "17 octobre 2023",
            "rouverte",
            "nouvelle demande",
            "Claire Martin",
            "recours gracieux",
            "tribunal administratif de Lille",
        ),
    ),
}


@pytest.mark.parametrize("kind", sorted(SAID))
def test_it_says_all_that_it_must_in_french(kind):
    said = words(made(kind))
    assert [part for part in SAID[kind] if part not in said] == []


ENGLISH = {
    "deposit_receipt": (
        "Confirmation that your application was submitted",
        "21 February 2006",
        "Tunisia",
        "16 December 2023",
        "nothing else",
    ),
    "favourable_decision": (
        "Certificate of favourable decision",
        "Private and family life",
        "€225.50",
        "It allows you to cross",
    ),
    "favourable_outcome": (
        "Favourable decision",
        "Your new address is recorded",
        "What the decision changes",
        "Keep this letter",
    ),
    "refusal": ("Decision to refuse", "Head of the residence office", "administrative court", "legal aid"),
    "closing": ("Closing of an incomplete application", "Birth certificate: illisible", "17 October 2023", "reopened"),
}


@pytest.mark.parametrize("kind", sorted(SAID))
def test_in_english_the_french_comes_first_and_prevails(kind):
    reader = made(kind, "en", tribunal="")
    said = words(reader)
    french = [part for part in SAID[kind] if part != "tribunal administratif de Lille"]
    assert [part for part in (*french, *ENGLISH[kind]) if part not in said] == []
    assert said.index("only the French version is authoritative") > said.index("Préfecture du Nord")
    assert "fait foi" not in said
    french_part = words(made(kind, tribunal=""))
    assert said.startswith(french_part[:200])
    english_part = said[len(french_part) :]
    for leftover in ("Votre ", "Vous ", "Numéro", "Nationalité", "Décision", "jusqu'au"):
        assert leftover not in english_part


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", [*sorted(SAID), "document_list"])
def test_a_screen_reader_and_an_archive_can_read_it(kind, language):
    reader = PdfReader(io.BytesIO(document_list_pdf(LIST, language))) if kind == "document_list" else made(kind, language)
    root = reader.trailer["/Root"]
    first = language if kind == "document_list" else "fr"
    assert root["/Lang"] == first
    assert root["/MarkInfo"]["/Marked"] == BooleanObject(True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == BooleanObject(True)
    assert len(reader.metadata.title) > 10
    xmp = root["/Metadata"].get_data().decode()
    assert (
        re.search(r"<pdfuaid:part>1<", xmp) and re.search(r"<pdfaid:part>3<", xmp) and re.search(r"<pdfaid:conformance>A<", xmp)
    )
    found = tags(reader)
    kinds = [tag for tag, _ in found]
    assert kinds.count("/H1") == (2 if language == "en" and kind != "document_list" else 1)
    assert "/H2" in kinds and "/P" in kinds
    if kind == "deposit_receipt":
        assert "/Figure" in kinds
    if language == "en" and kind != "document_list":
        assert "en" in {lang for _, lang in found}, "the translation is tagged as English"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts and all(font["/DescendantFonts"][0].get_object()["/FontDescriptor"]["/FontFile2"] for font in fonts), (
        "fonts are inside"
    )


def test_the_photo_says_what_it_is_and_its_absence_leaves_no_hole():
    def figures(reader):
        return [tag for tag, _ in tags(reader) if tag == "/Figure"]

    assert figures(made("deposit_receipt")) and not figures(made("deposit_receipt", photo=""))
    assert "Adresse" in words(made("deposit_receipt", photo=""))


@pytest.mark.parametrize("photo", ["not base64 !", "aGVsbG8=", portrait()[:40], "data:image/png;base64,AAAA"])
def test_a_photo_that_cannot_be_read_does_not_stop_the_receipt(photo):
    assert small_jpeg(photo) == ""


def test_a_photo_is_made_small_whatever_was_sent():
    import base64

    from PIL import Image

    shrunk = Image.open(io.BytesIO(base64.b64decode(small_jpeg(portrait(3000, 4000, "JPEG")))))
    assert shrunk.format == "JPEG" and shrunk.size[0] <= 413 and shrunk.size[1] <= 531
    assert small_jpeg("data:image/png;base64," + portrait()), "the form a browser gives is understood"


def test_a_person_whose_number_is_not_known_yet():
    assert "en cours d'attribution" in words(made("deposit_receipt", foreigner_number=None))
    assert "being assigned" in words(made("deposit_receipt", "en", foreigner_number=""))


@pytest.mark.parametrize(
    ("birth_date", "shown"),
    [
        ("2006-02-01", "1er février 2006"),
        ("2006-02", "février 2006 (jour inconnu)"),
        ("2006", "2006 (jour et mois inconnus)"),
        ("vers 2006", "vers 2006"),
        ("", "–"),
    ],
)
def test_a_birth_date_is_shown_as_far_as_it_is_known(birth_date, shown):
    assert f"Date de naissance {shown}" in words(made("deposit_receipt", birth_date=birth_date))


@pytest.mark.parametrize(
    ("nature", "said"),
    [
        ("first", "Première demande de titre de séjour"),
        ("renewal", "Demande de renouvellement de titre de séjour"),
        ("change", "Changement de situation"),
        ("duplicate", "Demande de duplicata de titre de séjour"),
    ],
)
def test_the_receipt_calls_the_application_by_its_nature(nature, said):
    assert said in words(made("deposit_receipt", nature=nature))


@pytest.mark.parametrize(
    ("changes", "present", "absent"),
    [
        ({"allows_schengen": False}, "Il ne permet pas de franchir", "Il permet de franchir"),
        ({"tax_cents": 0}, "aucune taxe à payer", "timbre"),
        ({"tax_cents": 120000}, "1\u202f200", "aucune taxe"),
        ({"valid_only_with": ""}, "prouve la régularité", "n'est valable qu'accompagné"),
        ({"valid_only_with": "visa"}, "accompagné de votre visa de long séjour.", "ancien titre"),
        ({"valid_only_with": "permit"}, "accompagné de votre ancien titre de séjour.", "visa"),
    ],
)
def test_a_favourable_decision_says_exactly_what_it_allows(changes, present, absent):
    said = words(made("favourable_decision", **changes))
    assert re.sub(r"\s", " ", present) in said and absent not in said


def test_a_closing_without_dates_or_list_still_says_what_can_be_done():
    said = words(made("closing", missing=[], requested_on=None, opened_on=None, due_on=None, reasons="Pièces jamais reçues."))
    assert "Pièces jamais reçues." in said and "Ce qui manquait" not in said and "17 octobre 2023" in said


HOSTILE = [
    '#panic("x")',
    '#image("/etc/passwd")',
    '#read("/etc/passwd")',
    "*bold* _it_ $x^2$ `raw` <label> @ref",
    "// not a comment",
    "/* nor this",
    "= Title\n- list",
    '"); #sys.exit(',
    "\\u{1F600} \\ ~ ---",
    "https://evil.example/",
    "Robert'); DROP TABLE",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_people_type_is_printed_never_run(name):
    said = words(made("refusal", birth_name=name, usage_name="", reasons=name, law=[name], decided_by=name))
    assert said.count(re.sub(r"\s+", " ", name)) >= 4


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Ánh Tuyết",
        "Đorđević",
        "Ольга Іванівна",
        "Παπαδόπουλος",
        "Ọláńrewájú",
        "Şükrü Ğ",
        "ʻAlohalani",
        "N'Diaye-O’Neil",
    ],
)
def test_names_of_latin_greek_and_cyrillic_peoples_are_printed_exactly(name):
    said = words(made("deposit_receipt", birth_name=name))
    assert name in said and glyphs.MISSING not in said


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("محمد عبد الله", "NotoSansArabic"),
        ("नरेन्द्र", "NotoSans-"),
        ("สมชาย", "NotoSansThai"),
        ("முருகன்", "NotoSansTamil"),
        ("សុខ", "NotoSansKhmer"),
    ],
)
def test_names_in_the_scripts_whose_font_is_installed_are_drawn(name, font):
    assert glyphs.printable(name) == (name, False)
    reader = made("deposit_receipt", birth_name=name)
    fonts = {one.get_object()["/BaseFont"] for page in reader.pages for one in page["/Resources"]["/Font"].values()}
    assert any(font in one for one in fonts)
    assert glyphs.MISSING not in words(reader)


@pytest.mark.parametrize("name", ["王小明", "გიორგი", "אברהם", "አበበ", "Amadou 😀", "𐍈"])
def test_a_character_without_a_font_is_shown_as_missing_and_told_of(name):
    reader = made("deposit_receipt", "en", birth_name=name)
    said = words(reader)
    assert "Certains caractères ne peuvent pas être imprimés" in said and "Some characters cannot be printed" in said
    assert CONTENTS["deposit_receipt"].model_validate({**DATA["deposit_receipt"], "birth_name": name}).birth_name == name
    assert "caractères ne peuvent" not in words(made("deposit_receipt"))


def test_every_character_that_we_say_we_can_draw_is_drawn():
    """An archived PDF with one missing glyph is not made at all: a wrong answer here would stop a deposit."""
    import unicodedata

    points = [
        chr(point) for point in sorted(glyphs.drawable()) if unicodedata.category(chr(point)) not in {"Cc", "Cf", "Cs", "Co"}
    ]
    assert len(points) > 4000
    shown, replaced = glyphs.printable(" ".join(points))
    assert not replaced and len(PdfReader(io.BytesIO(document_list_pdf({**LIST, "procedure_title": shown}, "fr"))).pages) >= 1


def test_marks_that_reverse_the_reading_are_dropped():
    assert glyphs.printable("\u202eOLLAID\u202c\u0007") == ("OLLAID", False)


def test_the_block_of_the_state_is_for_those_who_may_bear_it(settings):
    assert "RÉPUBLIQUE" not in words(made("refusal")) and made("refusal").metadata.author == "Guichet"
    settings.BRAND = "etat"
    said = words(made("refusal"))
    assert "RÉPUBLIQUE FRANÇAISE Liberté Égalité Fraternité" in said and "Guichet" not in said


def test_long_letters_run_over_several_pages_and_lose_nothing():
    reasons = "\n".join(f"Raison numéro {n}, longuement expliquée à la personne concernée par la décision." for n in range(120))
    reader = made("refusal", reasons=reasons)
    said = words(reader)
    assert len(reader.pages) >= 3 and all(f"Raison numéro {n}," in said for n in range(120))
    assert f"Document {NUMBER}" in reader.pages[2].extract_text()


def test_the_list_of_documents_is_in_the_language_of_the_reader():
    french = words(PdfReader(io.BytesIO(document_list_pdf(LIST, "fr"))))
    english = words(PdfReader(io.BytesIO(document_list_pdf(LIST, "en"))))
    assert "Justificatif de nationalité En cours de validité Un de ces documents, au choix" in french
    assert "Avis de la structure (facultatif)" in french and "Passeport" in french
    assert "Proof of nationality Still valid Any one of these documents:" in english
    assert "Opinion of the care home (optional)" in english and "Passeport" not in english


def test_the_same_data_at_the_same_instant_give_the_same_bytes():
    content = CONTENTS["deposit_receipt"].model_validate({**COMMON, "silence_refuses_on": "2023-12-16"})
    once, twice = (typesetting.official_pdf("deposit_receipt", content, NUMBER, "en", AT) for _ in range(2))
    assert once == twice
