"""The fifteen motives of «talent»: complete answers to each, what it asks, and what it gives."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

LILLE = {"street": "rue Nationale", "postal_code": "59800", "city": "Lille", "insee_code": "59350", "country": "FR"}

COMMON: dict[str, Any] = {
    "civil_status": {
        "birth_name": "KIM", "first_names": "Seo-yeon", "sex": "F", "birth_date": "1997-03-04", "birth_country": "KR",
        "birth_place": "Busan", "nationality": "KR",
    },
    "permit_held": {"number": "FRA2600012345", "kind": "vls_ts", "valid_from": "2026-02-16", "valid_until": "2027-02-15"},
    "address": {"home": LILLE},
    "contact": {"email": "kim@example.org", "phone": "+33612345678"},
    "e_photo": {"number": "1234567890123456789012"},
    "document_cases": {"home": "own_home"},
    "sworn_statements": {"respects_principles": True, "not_polygamous": True, "knows_penalties": True},
}  # fmt: skip
EMPLOYMENT = {
    "employer": "Ateliers du Nord", "job": "Ingénieure", "contract": "fixed_term", "starts_on": "2026-12-01",
    "ends_on": "2028-11-30", "yearly_pay": 62_000_00,
}  # fmt: skip
MASTER = {"level": "master", "title": "Génie civil", "country": "KR"}
RESEARCH = {
    "institution": "Université de Lille", "work": "research", "subject": "Optique", "starts_on": "2026-12-01",
    "ends_on": "2027-11-30", "monthly_income": 2_500_00,
}  # fmt: skip
PROJECT = {"company": "Fil de lin", "summary": "Tisser.", "registered": False}
HOLDER = {"birth_name": "PARK", "permit_until": "2028-06-30"}
RESOURCES = [{"kind": "pay", "amount": 1_500_00}, {"kind": "savings", "amount": 500_00}]

ALWAYS = {"passport", "permit_held", "home__proof"}
EMPLOYER = {"contract", "employer_form", "employer_registration", "employer_contributions"}


@dataclass(frozen=True)
class Motive:
    """``answers``: complete, and above every threshold. ``documents``: beside those that everybody gives."""

    answers: dict[str, Any]
    documents: set[str]
    mention: str
    article: str
    until: date | None = None  # the end of the contract, when it comes before four years
    silence: date = date(2027, 3, 23)  # for a file complete on 23 November 2026
    changes: dict[str, tuple[str, str, Any]] = field(default_factory=dict)  # warning → the answer that brings it


MOTIVES = {
    "qualified_employee": Motive(
        {"employment": EMPLOYMENT, "qualification": MASTER},
        EMPLOYER | {"degree"},
        "talent_qualified_employee", "CESEDA L421-9", date(2028, 11, 30),
        changes={
            "pay_low": ("employment", "yearly_pay", 39_581_99),
            "contract_short": ("employment", "ends_on", "2027-02-28"),
            "degree_low": ("qualification", "level", "bachelor"),
        },
    ),
    "innovative_company": Motive(
        {"employment": EMPLOYMENT, "innovation": {"recognition": "tax_status", "role": "Recherche."}},
        EMPLOYER | {"innovation_proof"},
        "talent_qualified_employee", "CESEDA L421-9", date(2028, 11, 30),
        changes={"pay_low": ("employment", "yearly_pay", 39_581_99)},
    ),
    "blue_card": Motive(
        {
            "employment": EMPLOYMENT,
            "blue_card": {"from_abroad": True, "state": "DE", "since": "2025-01-01"},
            "qualification": {"level": "other", "title": "Certificat", "country": "KR", "experience_years": 5},
        },
        EMPLOYER | {"foreign_blue_card", "degree", "experience"},
        "talent_blue_card", "CESEDA L421-11", date(2028, 11, 30), silence=date(2027, 2, 21),
        changes={
            "pay_low": ("employment", "yearly_pay", 59_372_99),
            "contract_short": ("employment", "ends_on", "2027-05-31"),
            "blue_card_recent": ("blue_card", "since", "2026-01-01"),
            "experience_short": ("qualification", "experience_years", 4),
        },
    ),
    "on_assignment": Motive(
        {
            "employment": EMPLOYMENT,
            "assignment": {
                "company_abroad": "Ateliers de Busan", "country": "KR", "joined_on": "2026-08-23", "until": "2027-12-31",
            },
        },
        EMPLOYER | {"assignment_letter", "group_link", "group_seniority"},
        "talent_qualified_employee", "CESEDA L421-9", date(2027, 12, 31),
        changes={
            "pay_low": ("employment", "yearly_pay", 39_581_99),
            "seniority_short": ("assignment", "joined_on", "2026-08-24"),
        },
    ),
    "researcher": Motive(
        {"research": RESEARCH, "qualification": MASTER},
        {"hosting_agreement", "research_income", "degree"},
        "talent_researcher", "CESEDA L421-14", date(2027, 11, 30), silence=date(2027, 1, 22),
        changes={"degree_low": ("qualification", "level", "none")},
    ),
    "researcher_mobility": Motive(
        {
            "research": RESEARCH,
            "mobility": {"state": "DE", "institution_abroad": "Institut Max-Planck", "permit_until": "2028-01-31"},
        },
        {"hosting_agreement", "research_income", "researcher_permit_abroad"},
        "talent_researcher_mobility", "CESEDA L421-15", date(2027, 11, 30), silence=date(2027, 1, 22),
        changes={
            "mobility_long": ("research", "ends_on", "2028-01-01"),
            "mobility_permit_ends": ("mobility", "permit_until", "2027-11-29"),
        },
    ),
    "investor": Motive(
        {"project": PROJECT | {"amount": 300_000_00, "means": "company_led", "jobs": 4}},
        {"business_plan", "investment", "holding", "jobs_commitment"},
        "talent_project_holder", "CESEDA L421-16",
        changes={"investment_low": ("project", "amount", 299_999_99)},
    ),
    "company_creator": Motive(
        {"project": PROJECT | {"amount": 30_000_00, "registered": True}, "qualification": MASTER, "resources": RESOURCES},
        {"business_plan", "investment", "project_registration", "degree", "resources_proof"},
        "talent_project_holder", "CESEDA L421-16",
        changes={
            "investment_low": ("project", "amount", 29_999_99),
            "resources_low": ("resources", "amount", 100_00),
        },
    ),
    "innovative_project": Motive(
        {"project": PROJECT | {"body": "Bpifrance", "recognised_on": "2026-05-01"}, "resources": RESOURCES},
        {"business_plan", "project_recognition", "resources_proof"},
        "talent_project_holder", "CESEDA L421-16",
        changes={"resources_low": ("resources", "amount", 100_00)},
    ),
    "company_officer": Motive(
        {
            "mandate": {
                "company": "Ateliers du Nord", "function": "Présidente", "since": "2026-12-01",
                "group_company": "Ateliers de Busan", "joined_on": "2024-01-01", "yearly_pay": 80_000_00,
            }
        },
        {"appointment", "mandate_registration", "mandate_group_link", "mandate_seniority"},
        "talent", "CESEDA L421-19",
        changes={
            "officer_pay_low": ("mandate", "yearly_pay", 65_629_07),
            "officer_seniority_short": ("mandate", "joined_on", "2026-10-01"),
        },
    ),
    "artist_employee": Motive(
        {"art": {"practice": "performer", "discipline": "Danse", "months": 9}, "resources": RESOURCES},
        {"engagements", "engagements_form", "works", "resources_proof"},
        "talent", "CESEDA L421-20",
        changes={
            "engagements_short": ("art", "months", 2),
            "resources_low": ("resources", "amount", 600_00),
        },
    ),
    "artist_self_employed": Motive(
        {"art": {"practice": "author", "discipline": "Poésie", "projects": "Un recueil."}, "resources": RESOURCES},
        {"works", "art_projects", "resources_proof"},
        "talent", "CESEDA L421-20",
        changes={"resources_low": ("resources", "amount", 600_00)},
    ),
    "renown": Motive(
        {"renown": {"domain": "sport", "achievements": "Médaille.", "activity": "Entraîner."}, "resources": RESOURCES},
        {"renown_proof", "renown_project", "resources_proof"},
        "talent", "CESEDA L421-21",
        changes={"resources_low": ("resources", "amount", 900_00)},
    ),
    "family_spouse": Motive(
        {"holder": HOLDER, "union": {"married_on": "2020-05-02", "country": "KR", "live_together": True}},
        {"holder_permit", "marriage", "life_together"},
        "talent_family", "CESEDA L421-22", date(2028, 6, 30),
        changes={"not_living_together": ("union", "live_together", False)},
    ),
    "family_child": Motive(
        {"holder": HOLDER, "child": {"entered_on": "2010"}},
        {"holder_permit", "filiation", "arrival"},
        "talent_family", "CESEDA L421-22", date(2028, 6, 30),
        changes={
            "entered_as_adult": ("child", "entered_on", "2016-01-01"),
            "child_under_18": ("civil_status", "birth_date", "2009-01-01"),
        },
    ),
}  # fmt: skip


def answers_of(name: str, *, renewal: bool = False) -> dict[str, Any]:
    """Complete answers of someone whose motive this is."""
    more = {key: value for key, value in MOTIVES[name].answers.items() if not (renewal and key == "qualification")}
    if renewal and not name.startswith("family_"):
        more["activity"] = {"goes_on": True, "past_year_income": 40_000_00}
    return {**COMMON, "talent": {"mention": name}, **more}


def changed(answers: dict[str, Any], section: str, name: str, value: Any) -> dict[str, Any]:
    """The same answers but for one; in a section that repeats, one row is left."""
    held = answers[section]
    return {**answers, section: [{**held[0], name: value}] if isinstance(held, list) else {**held, name: value}}
