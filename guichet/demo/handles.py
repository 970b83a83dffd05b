"""«Try this»: the fixed handles of the demonstration, as the home page prints them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guichet.demo import franceconnect, people

PASSWORD = "Demonstration-2026!"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
EPHOTO = "1234567890123456789012"


@dataclass(frozen=True)
class Handle:
    """One thing to try: what to type, who it is, and a sentence that says what it shows."""

    value: str
    sentence: "Promise | str"
    name: str = ""
    born: str = ""
    extra: "Promise | str" = ""  # what else is to be typed

    @property
    def is_address(self) -> bool:
        """A page to open, rather than something to type."""
        return self.value.startswith("/")


@dataclass(frozen=True)
class Group:
    """Handles that go in by the same door: the route of the door, where there is one."""

    title: "Promise | str"
    route: str
    handles: tuple[Handle, ...]


BY_NUMBER: dict[str, "Promise | str"] = {
    "5903007192": _("Majeure confiée à l'ASE : le parcours le plus simple."),
    "5908002010": _("Mineur non émancipé, confié à l'ASE."),
    "5908002016": _("Mineure émancipée : d'autres attestations et une pièce de plus."),
    "5903007193": _("Confié après ses 16 ans : la démarche dit non, et où aller."),
    "5903007195": _("Confiée le jour même de ses 16 ans : la démarche dit oui."),
    "5903007194": _("Un seul nom, jour et mois de naissance inconnus."),
    "9908001001": _(
        "Réfugiée reconnue, sans titre : dès le dépôt, une attestation lui est donnée et elle est invitée à un rendez-vous."
    ),
}
BY_PERMIT: dict[str, "Promise | str"] = {
    "6908004242": _("Talent, salariée qualifiée : compte par le titre, puis renouvellement."),
    "7503134955": _("Étudiant : son compte existe déjà, renouvelez sa carte."),
}
BY_VISA: dict[str, "Promise | str"] = {
    "FRA2600012345": _("Visa talent, sans numéro étranger : un lien par courriel mène droit à la demande."),
    "FRA2600067890": _("Visa étudiant qui vaut titre : demande de la première carte."),
}
ACCOUNTS: dict[str, "Promise | str"] = {
    "7503134955": _("Étudiant à Lyon : c'est le moment de renouveler sa carte."),
    "9908001002": _("Protection subsidiaire, dossier en cours d'examen : son attestation finit bientôt, prolongez-la."),
    "5906004101": _("Sa demande attend un agent à Lille."),
    "5906004102": _("Un complément lui est demandé, qu'elle n'a pas encore ouvert."),
    "5906004103": _("Sa demande est acceptée."),
    "5906004104": _("Son titre est prêt à Lille : prenez le rendez-vous pour aller le chercher."),
}
STUDENTS: dict[str, "Promise | str"] = {
    "0123456789A": _("INE, étudiante à Saint-Étienne : c'est le moment de prendre rendez-vous."),
    "012345678BC": _("INE, étudiante à Lyon : trop tôt, la page dit quand revenir et peut le rappeler."),
}
APPOINTMENTS: dict[str, "Promise | str"] = {
    "/rdv/saint-etienne/admission-exceptionnelle/": _("Plages de 5 minutes, ouvertes le lundi à 9 heures ; à confirmer."),
    "/rdv/saint-etienne/etudiants/": _("Pour les étudiants : avec un INE ou un code d'accès."),
    "/rdv/lyon/etudiants/": _("Le même à Lyon."),
    "/rdv/lyon/admission-exceptionnelle/": _("Places tirées au sort : un tirage ouvert, un autre d'hier à rejouer."),
    "/rdv/lyon/duplicata/": _("Complet : liste d'attente, place proposée à OKAFOR Chinedu (lisez ses courriels), attestation."),
    "/rdv/saint-denis-974/duplicata/": _("À La Réunion : les heures sont celles de l'île, et la page le dit."),
    "/rdv/saint-etienne/protection-internationale/": _("Sur invitation, après le dépôt de HAIDARI Mariam."),
    "/rdv/lille/remise-de-titre/": _("Sur invitation, quand un titre est prêt : celui de OYELARAN Tunde."),
    "/rdv/ecran/saint-etienne/": _("L'écran de la salle d'attente : accueil@saint-etienne.demo y appelle, depuis sa file."),
}
FAILING: dict[str, "Promise | str"] = {
    "5903007109": _("Le registre ne répond pas à temps."),
    "5903007108": _("Le registre répond par une erreur."),
    "5903007107": _("Le registre ne connaît pas ce numéro."),
}


def born_text(birth: object) -> str:
    """DD/MM/YYYY, or what is known of it."""
    return "/".join(reversed(str(birth).split("-")))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _of(number: str, value: str, sentence: "Promise | str", day: date, extra: "Promise | str" = "") -> Handle:
    someone = people.person(number)
    name = f"{someone.birth_name} {someone.first_names}".strip()
    return Handle(value, sentence, name, born_text(someone.birth_date(day)), extra)


def _between(first: date, last: date) -> Promise:
    return format_lazy(_("du {first} au {last}"), first=_day(first), last=_day(last))


def groups(day: date, *, with_franceconnect: bool) -> Iterator[Group]:
    """Every handle, by the door where it is used, for a world made on ``day``."""
    yield Group(
        _("Avec un numéro étranger"),
        "account:create_with_number",
        tuple(_of(number, number, sentence, day, _cared_for(number, day)) for number, sentence in BY_NUMBER.items()),
    )
    yield Group(_("Avec un titre de séjour"), "account:create_with_permit", tuple(_permits(day)))
    yield Group(_("Avec un visa"), "account:create_with_visa", tuple(_visas(day)))
    yield Group(
        _("Sans numéro ni visa"),
        "account:create_without_number",
        (Handle("", _("Une adresse électronique suffit, inventée elle aussi : vous lirez le courriel ici.")),),
    )
    if with_franceconnect:
        known = people.person(franceconnect.NUMBER)
        extra = format_lazy(_("numéro étranger {number}"), number=franceconnect.NUMBER)
        yield Group(
            _("Avec FranceConnect (simulé)"),
            "account:franceconnect",
            tuple(
                Handle(value, sentence, f"{known.birth_name} {known.first_names}", extra=extra)
                for value, sentence in franceconnect.SENTENCES.items()
            ),
        )
    yield Group(
        _("Comptes déjà ouverts"),
        "account:sign_in",
        tuple(_of(number, number, sentence, day, _until(number, day)) for number, sentence in ACCOUNTS.items()),
    )
    yield Group(_("Rendez-vous en préfecture"), "booking:index", tuple(_appointments(day)))
    yield Group(
        _("Registres qui ne répondent pas"),
        "account:create_with_number",
        tuple(Handle(number, sentence) for number, sentence in FAILING.items()),
    )
    yield Group(_("Photos d'identité numériques (e-photo)"), "", _ephotos())


def _cared_for(number: str, day: date) -> "Promise | str":
    """The date that the questions will ask for, of those in care."""
    if not number.startswith("59"):
        return ""
    return format_lazy(_("prise en charge le {day}"), day=_day(people.care_date(number, day)))


def _until(number: str, day: date) -> "Promise | str":
    """The last day of what somebody holds."""
    permit = people.permit_of(number, day)
    return format_lazy(_("titre ou attestation jusqu'au {day}"), day=_day(permit.valid_until)) if permit else ""


def _permits(day: date) -> Iterator[Handle]:
    for number, sentence in BY_PERMIT.items():
        permit = people.permit_of(number, day)
        if permit is not None:
            yield _of(number, permit.number, sentence, day, _between(permit.valid_from, permit.valid_until))


def _visas(day: date) -> Iterator[Handle]:
    first, last = (day + timedelta(days=days) for days in people.VISA_DAYS)
    for visa, sentence in BY_VISA.items():
        holder = people.VISAS[visa][0]
        extra = format_lazy(
            _("du {first} au {last} ; l'agent lui donnera le numéro {number}"),
            first=_day(first), last=_day(last), number=holder,
        )  # fmt: skip
        yield _of(holder, visa, sentence, day, extra)


def _appointments(day: date) -> Iterator[Handle]:
    for student in people.student_records(day):
        ends = format_lazy(_("titre jusqu'au {day}"), day=_day(student.stay_ends_on)) if student.stay_ends_on else ""
        name = f"{student.birth_name} {student.first_names}"
        yield Handle(student.ine, STUDENTS[student.ine], name, born_text(student.birth_date), ends)
    for address, sentence in APPOINTMENTS.items():
        yield Handle(address, sentence)


def _ephotos() -> tuple[Handle, ...]:
    return (
        Handle(EPHOTO, _("Photo et signature connues.")),
        Handle(f"{EPHOTO[:-1]}7", _("Numéro inconnu.")),
        Handle(f"{EPHOTO[:-1]}8", _("Photo déjà utilisée pour une autre demande.")),
    )
