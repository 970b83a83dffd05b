"""The forms of an appointment taken for people at the counter."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.appointments.actions import Details
from guichet.appointments.models import AppointmentType
from guichet.web.design.forms import ErrorLine, GuichetForm, PartialDateField, PhoneField
from guichet.web.design.names import check_name

Identity = AppointmentType.Identity
NUMBERS = {Identity.STUDENT: "ine", Identity.INVITATION: "foreigner_number"}  # by what the person is known, where not by name


class PersonForm(GuichetForm):
    """Who comes: names and birth date. ``title``: what the page calls them, where there are several."""

    first_names = forms.CharField(label=_("Prénoms"), max_length=100, validators=[check_name])
    last_name = forms.CharField(label=_("Nom"), help_text=_("Comme sur le passeport."), max_length=100, validators=[check_name])
    single_name = forms.BooleanField(
        label=_("La personne n'a qu'un seul nom : il est dans « Nom », « Prénoms » reste vide"), required=False
    )
    birth_name = forms.CharField(
        label=_("Nom de naissance"), help_text=_("S'il est différent."), max_length=100, required=False, validators=[check_name]
    )
    birth_date = PartialDateField(label=_("Date de naissance"), birth=True)
    homonym = forms.BooleanField(
        label=_("J'ai vérifié : c'est une autre personne, du même nom et née le même jour"), required=False
    )

    def __init__(self, *args: Any, title: str = "", has_twin: bool = False, **kwargs: Any) -> None:
        """``has_twin``: somebody of these names and birth date has a request already."""
        super().__init__(*args, **kwargs)
        self.title = title
        if not has_twin and not (self.is_bound and self.data.get(self.add_prefix("homonym"))):
            del self.fields["homonym"]
        if self.is_bound and self.data.get(self.add_prefix("single_name")):
            self.fields["first_names"].required = False

    @property
    def error_lines(self) -> list[ErrorLine]:
        if not self.title:
            return super().error_lines
        return [ErrorLine(line.anchor, f"{self.title} – {line.message}") for line in super().error_lines]

    @property
    def names(self) -> dict[str, Any]:
        """What is written of who comes, as ``Details`` takes it. A single name goes in the last name."""
        typed = self.cleaned_data
        return {
            "first_names": "" if typed.get("single_name") else typed["first_names"],
            "last_name": typed["last_name"],
            "birth_name": typed["birth_name"],
            "birth_date": typed["birth_date"],
        }

    @property
    def is_another(self) -> bool:
        """Whether the officer saw that it is somebody else of the same names and birth."""
        return bool(self.cleaned_data.get("homonym"))


class CounterForm(PersonForm):
    """Who is before the officer, and where to write. The person has no mail? The convocation is printed."""

    number = forms.CharField(label=_("Numéro"), max_length=30, required=False)
    email = forms.EmailField(
        label=_("Adresse électronique"),
        required=False,
        help_text=_("La convocation y part aussi. Sans adresse, imprimez-la pour la personne."),
    )
    phone = PhoneField(
        label=_("Téléphone"), required=False, help_text=_("Pour joindre la personne si le bureau doit fermer ce jour-là.")
    )
    language = forms.ChoiceField(
        label=_("Langue de la convocation"), choices=[("fr", _("Français")), ("en", _("Anglais"))], initial="fr"
    )
    access = forms.CharField(label=_("Ce qu'il faut prévoir pour recevoir la personne"), max_length=200, required=False)
    interpreter = forms.CharField(label=_("Langue de l'interprète"), max_length=60, required=False)
    companion = forms.CharField(label=_("Qui l'accompagne"), max_length=100, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _("Rechargez la page.")})

    def __init__(self, *args: Any, type: AppointmentType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = NUMBERS.get(Identity(type.identity), "")
        if not self.kind:
            del self.fields["number"]
        elif self.kind == "ine":
            self.fields["number"].label = _("INE")
            self.fields["number"].help_text = _("Sur le certificat d'inscription. Sans INE, laissez vide.")
        else:
            self.fields["number"].label = _("Numéro étranger")
            self.fields["number"].help_text = _("Sur le titre de séjour ou la convocation. Sans numéro, laissez vide.")

    def clean_number(self) -> str:
        number = "".join(str(self.cleaned_data["number"]).split())
        if number and not (number.isascii() and number.isalnum()):
            raise ValidationError(_("Écrivez le numéro avec des chiffres et des lettres seulement."), code="number")
        return number

    def details(self, person: PersonForm | None = None) -> Details:
        """As the engine reads it: of the first, or of somebody who comes with them: where to write is said once for all."""
        typed = self.cleaned_data
        return Details(
            **(person or self).names,
            email=typed["email"],
            phone=typed["phone"] or "",
            language=typed["language"],
            needs={name: typed[name] for name in ("access", "interpreter", "companion") if typed[name]},
        )
