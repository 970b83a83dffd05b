"""Pages, mails and papers are set as French is printed, whoever reads them; what people typed is theirs."""

import io
import re
from html.parser import HTMLParser

import pypdf
import pytest

from guichet.certificates import queries as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core.typography import APOSTROPHE, NARROW, NO_BREAK
from guichet.messaging.models import OutboxMessage
from guichet.offices.models import Office
from tests.contracts import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_as_printed")]

READ_OUT = ("title", "aria-label", "alt", "placeholder")
NOT_READ = {"script", "style", "template", "textarea", "code"}
ALONE = {"input", "br", "img", "meta", "link", "hr", "col", "source"}
TYPED = ("guichet-quote", "officer-said")  # the words of people
WRONG = re.compile(r"[^\W\d_]'[^\W\d_]| [:;?!»](?!\w)|« |«\w|\w»|\d [%€]")


class Texts(HTMLParser):
    """What a page says: its texts and what is read out. What people typed is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.within: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        apart = tag in NOT_READ or any(name in (told.get("class") or "") for name in TYPED)
        if tag not in ALONE:
            self.within.append((tag, apart))
        if not apart:
            self.found += [told[name] or "" for name in READ_OUT if name in told]

    def handle_endtag(self, tag):
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not any(apart for _, apart in self.within):
            self.found.append(re.sub(r"[ ]*\n[ ]*", " ", data))


def badly_set(html: str, but: re.Pattern[str] | None = None) -> set[str]:
    """The texts that are not as printed, once the names in ``but`` are taken out."""
    page = Texts()
    page.feed(html)
    return {text for text in page.found if WRONG.search(but.sub("", text) if but else text)}


def names_of_offices() -> re.Pattern[str]:
    """Kept as the State publishes them, the longest first."""
    names = sorted(Office.objects.values_list("name", flat=True), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))


@pytest.mark.parametrize("who", ["anonymous", "owner", "here decision_maker", "here office_administrator", "here case_officer"])
def test_every_page_is_set_as_printed(house, who):
    browser = house.client(who)
    wrong, pages, names = [], 0, names_of_offices()
    for route, state, url in addresses.every_address(house):
        response = browser.get(url, headers={"Accept-Language": "fr"})
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            pages += 1
            wrong += [f"{route} ({state}): {text!r}" for text in sorted(badly_set(response.content.decode(), names))]
    assert pages > 10
    assert not wrong, "\n".join(wrong)


def test_what_is_read_is_told_from_what_is_not():
    assert badly_set('<p title="L\'eau">Oui ?</p>') == {"L'eau", "Oui ?"}
    assert not badly_set("<script>a ? b : 'l\"'</script><p class='guichet-quote'>L'eau ?</p><p>L’eau\u202f?</p>")


def test_every_mail_is_set_as_printed(house):
    mails = list(OutboxMessage.objects.filter(language="fr"))
    assert {mail.template for mail in mails} >= {"notification", "deposit"}
    wrong = [
        f"{mail.template}: {line!r}" for mail in mails for line in [mail.subject, *mail.body.splitlines()] if WRONG.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_paper_is_set_as_printed(house):
    """The words of the officer who signs are theirs: they are taken out as they were given."""
    papers = list(OfficialDocument.objects.all())
    assert {paper.kind for paper in papers} >= {"deposit_receipt", "favourable_decision", "refusal"}
    for paper in papers:
        pages = pypdf.PdfReader(io.BytesIO(certificates.pdf(paper))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split(" ")).replace("\n", " ")
        for given in ("reasons", "office_name", "address"):
            words = paper.data.get(given) or ""
            text = text.replace(" ".join(words.split()) if isinstance(words, str) else " ".join(words), "")
        assert APOSTROPHE in text and NO_BREAK in text, paper.kind
        assert not re.search(r"[^\W\d_]'[^\W\d_]|« | »", text), (paper.kind, text)


def test_english_keeps_its_own_marks(house):
    page = house.client("anonymous").get("/aide/?lang=en", follow=True).content.decode()
    assert (NARROW not in page and NO_BREAK not in page and "don't" in page) or "’" not in page
