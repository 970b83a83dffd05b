"""The forms by which a student says who they are."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.appointments import queries as appointments
from guichet.appointments.actions import Declared
from guichet.appointments.models import AccessCode
from guichet.core import clock
from guichet.registries import queries as registries
from guichet.web.booking.forms import PersonForm
from guichet.web.design.forms import DateField3, GuichetForm, PartialDateField
from guichet.web.design.names import check_name

OTHER = "other"
LONGEST_STAY = timedelta(days=11 * 366)  # no permit lasts more than ten years: a date beyond is a slip of the hand
STAYS = [(AccessCode.Stay.PERMIT, _("Une carte ou un titre de séjour")), (AccessCode.Stay.VISA, _("Un visa de long séjour"))]


def _stay_kind() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Vous êtes en France avec"), choices=STAYS, widget=forms.RadioSelect)


def _stay_ends_on() -> DateField3:
    return DateField3(
        label=_("Dernier jour de ce titre ou de ce visa"),
        help_text=_("Imprimé sur la carte, ou après « au » sur la vignette du visa. Déjà passé ? Écrivez-le tel quel."),
    )


def _surname(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=100, widget=forms.TextInput(attrs={"spellcheck": "false"})
    )


def check_end(value: date) -> date:
    if value > clock.today() + LONGEST_STAY:
        raise ValidationError(_("Cette date est trop lointaine. Vérifiez l'année."), code="year")
    return value


class InstitutionForm(GuichetForm):
    institution = forms.ChoiceField(
        label=_("Votre établissement"),
        help_text=_("Classés par ville. Le vôtre n'y est pas, ou ne donne pas d'INE ? Choisissez « Autre », en fin de liste."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(each.id, each.label) for each in appointments.institutions()]
        field = self.fields["institution"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choisissez dans la liste")), *listed, (OTHER, _("Autre établissement, ou pas d'INE"))]


class IneForm(GuichetForm):
    autocompletes: ClassVar[dict[str, str]] = {"birth_name": "family-name", "ine": "off"}

    birth_name = _surname(
        _("Nom de naissance"), _("Le nom seul, sans le prénom. Accents, tirets et majuscules ne comptent pas.")
    )
    ine = forms.CharField(
        label=_("INE"),
        help_text=_(
            "11 caractères : 10 chiffres et 1 lettre, ou 9 chiffres et 2 lettres. Il est sur votre certificat de scolarité."
            " Espaces et majuscules ne comptent pas."
        ),
        max_length=40,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_ine(self) -> str:
        typed = str(self.cleaned_data["ine"])
        if not registries.looks_like_ine(typed):
            raise ValidationError(
                _(
                    "Un INE a 11 caractères : 10 chiffres et 1 lettre, ou 9 chiffres et 2 lettres. Recopiez-le depuis votre"
                    " certificat de scolarité."
                ),
                code="shape",
            )
        return typed


class StayForm(GuichetForm):
    """What the register of students does not know."""

    stay_kind = _stay_kind()
    stay_ends_on = _stay_ends_on()

    def clean_stay_ends_on(self) -> date:
        return check_end(self.cleaned_data["stay_ends_on"])


class SituationForm(GuichetForm):
    situation = forms.ChoiceField(label=_("Votre situation"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_situations(self)


class AskForm(PersonForm):
    """Everything that stands in for an INE."""

    autocompletes: ClassVar[dict[str, str]] = {
        "first_names": "given-name",
        "last_name": "family-name",
        "email": "email",
        "email_again": "email",
    }

    last_name = forms.CharField(
        label=_("Nom"),
        help_text=_("Le nom seul, comme sur votre passeport : il vous sera redemandé avec le code."),
        max_length=100,
        validators=[check_name],
    )
    first_names = forms.CharField(label=_("Prénoms"), max_length=100, validators=[check_name])
    single_name = forms.BooleanField(
        label=_("Je n'ai qu'un seul nom : je l'écris dans « Nom » et je laisse « Prénoms » vide"), required=False
    )
    birth_date = PartialDateField(label=_("Date de naissance"), birth=True)
    email = forms.EmailField(
        label=_("Adresse électronique"), help_text=_("Le code y arrivera : vérifiez chaque lettre. Exemple : nom@exemple.fr.")
    )
    email_again = forms.EmailField(label=_("Adresse électronique, une seconde fois"))
    situation = forms.ChoiceField(label=_("Raison du rendez-vous"), widget=forms.RadioSelect)
    stay_kind = _stay_kind()
    stay_ends_on = _stay_ends_on()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_situations(self)

    def clean_stay_ends_on(self) -> date:
        return check_end(self.cleaned_data["stay_ends_on"])

    def declared(self, language: str) -> Declared:
        data = self.cleaned_data
        return Declared(
            last_name=data["last_name"],
            first_names="" if data["single_name"] else data["first_names"],
            birth_date=data["birth_date"],
            email=data["email"],
            language=language,
            situation=data["situation"],
            stay_kind=data["stay_kind"],
            stay_ends_on=data["stay_ends_on"],
        )


class CodeForm(GuichetForm):
    autocompletes: ClassVar[dict[str, str]] = {"last_name": "family-name", "code": "one-time-code"}

    last_name = _surname(_("Nom"), _("Le nom seul, comme dans le formulaire qui a demandé le code."))
    code = forms.CharField(
        label=_("Code d'accès"),
        help_text=_("Dix lettres et chiffres, dans le courriel. Espaces et majuscules ne comptent pas."),
        max_length=60,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )


class ReminderForm(GuichetForm):
    autocompletes: ClassVar[dict[str, str]] = {"email": "email"}

    email = forms.EmailField(
        label=_("Adresse électronique"), help_text=_("Pour ce rappel seulement. Exemple : nom@exemple.fr.")
    )


def _offer_situations(form: GuichetForm) -> None:
    field = form.fields["situation"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(each.id, each.label) for each in appointments.situations()]
