"""Shapes of what is typed at the ways in. Rules (who is known, which password is good) live in ``accounts``."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guichet.accounts.models import Representation
from guichet.accounts.queries import normalise_email
from guichet.core.identifiers import digits
from guichet.web.design.forms import GuichetForm, PartialDateField

Capacity = Representation.Capacity
CAPACITIES = [
    (Capacity.SELF, _("Pour moi")),
    (Capacity.PARENT, _("Pour un mineur dont je suis le parent")),
    (Capacity.GUARDIAN, _("Pour un mineur dont je suis le tuteur ou l'administrateur ad hoc")),
    (
        Capacity.CARE_SERVICE,
        _("Pour un mineur que mon service ou moi accueillons (aide sociale à l'enfance, tiers digne de confiance)"),
    ),
]
LONGEST_PASSWORD = 256


class _Addressed(GuichetForm):
    """An e-mail typed twice."""

    autocompletes: ClassVar[dict[str, str]] = {"email": "email", "email_again": "email"}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        email, again = data.get("email"), data.get("email_again")
        if email and again and normalise_email(email) != normalise_email(again):
            self.add_error("email_again", _("Les deux adresses sont différentes. Vérifiez chaque lettre des deux."))
        return data


def _capacity() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Pour qui est ce compte ?"),
        choices=CAPACITIES,
        widget=forms.RadioSelect,
        initial=Capacity.SELF,
    )


def _email() -> forms.EmailField:
    return forms.EmailField(
        label=_("Adresse électronique"),
        help_text=_(
            "Nous y enverrons un lien. Format attendu : nom@exemple.fr. Une même adresse peut servir à plusieurs personnes."
        ),
    )


def _email_again() -> forms.EmailField:
    return forms.EmailField(label=_("Adresse électronique, une seconde fois"), help_text=_("Pour éviter une faute de frappe."))


class WithNumberForm(_Addressed):
    """D1: foreigner number, names, date of birth; then where to write."""

    autocompletes: ClassVar[dict[str, str]] = {
        **_Addressed.autocompletes,
        "last_name": "family-name",
        "first_names": "given-name",
    }

    capacity = _capacity()
    foreigner_number = forms.CharField(
        label=_("Numéro étranger"),
        max_length=60,
        help_text=_(
            "Aussi appelé numéro AGDREF. Souvent dix chiffres, parfois moins ou plus : tous sont acceptés, espaces compris."
            " Il figure sur les courriers de la préfecture, une convocation, un récépissé ou un ancien titre."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )
    last_name = forms.CharField(
        label=_("Nom"),
        max_length=200,
        help_text=_("Nom de naissance ou nom d'usage, comme sur le document qui porte le numéro."),
    )
    first_names = forms.CharField(
        label=_("Prénom"),
        max_length=200,
        help_text=_("Le premier suffit. Accents, tirets et majuscules ne comptent pas."),
    )
    single_name = forms.BooleanField(
        label=_("Cette personne n'a qu'un seul nom, sans prénom"), required=False, help_text=_("Écrivez-le alors dans « Nom ».")
    )
    birth_date = PartialDateField(
        label=_("Date de naissance"),
        birth=True,
        help_text=_("Jour, mois, année. Si le jour ou le mois n'est pas connu, laissez-le vide et cochez la case."),
    )
    email = _email()
    email_again = _email_again()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_names"].error_messages["required"] = _(
            "Écrivez le prénom, ou cochez que la personne n'a qu'un seul nom."
        )
        if self.is_bound and self.data.get("single_name"):
            self.fields["first_names"].required = False

    def clean_foreigner_number(self) -> str:
        number = digits(self.cleaned_data["foreigner_number"])
        if not number:
            raise forms.ValidationError(_("Le numéro étranger est fait de chiffres. Recopiez-les depuis votre document."))
        return number


class WithoutNumberForm(_Addressed):
    capacity = _capacity()
    email = _email()
    email_again = _email_again()


class SignInForm(GuichetForm):
    autocompletes: ClassVar[dict[str, str]] = {"identifier": "username", "password": "current-password"}

    identifier = forms.CharField(
        label=_("Identifiant"),
        max_length=254,
        help_text=_(
            "Votre numéro étranger (avec ou sans espaces), ou votre adresse électronique si vous n'avez pas de numéro."
        ),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    password = forms.CharField(label=_("Mot de passe"), max_length=LONGEST_PASSWORD, strip=False, widget=forms.PasswordInput())


class NewPasswordForm(GuichetForm):
    """A password chosen, typed twice. Its rules are asked of ``accounts``, which knows whose it is."""

    autocompletes: ClassVar[dict[str, str]] = {"password": "new-password", "password_again": "new-password"}

    password = forms.CharField(
        label=_("Nouveau mot de passe"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(),
        help_text=_(
            "8 caractères au moins, avec une majuscule, une minuscule, un chiffre et un caractère spécial (tous sont acceptés)."
            " Ni un mot de passe courant, ni votre nom, ni votre identifiant."
        ),
    )
    password_again = forms.CharField(
        label=_("Nouveau mot de passe, une seconde fois"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "password" in data and "password_again" in data and data["password"] != data["password_again"]:
            self.add_error("password_again", _("Les deux mots de passe sont différents. Tapez-les de nouveau."))
        return data


class ChangePasswordForm(NewPasswordForm):
    autocompletes: ClassVar[dict[str, str]] = {**NewPasswordForm.autocompletes, "current": "current-password"}
    field_order = ("current", "password", "password_again")

    current = forms.CharField(
        label=_("Mot de passe actuel"), max_length=LONGEST_PASSWORD, strip=False, widget=forms.PasswordInput()
    )


class ForgottenPasswordForm(GuichetForm):
    autocompletes: ClassVar[dict[str, str]] = {"identifier": "username"}

    identifier = forms.CharField(
        label=_("Identifiant"),
        max_length=254,
        help_text=_("Votre numéro étranger, ou votre adresse électronique si vous n'avez pas de numéro."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )


class ForgottenIdentifierForm(GuichetForm):
    autocompletes: ClassVar[dict[str, str]] = {"email": "email"}

    email = forms.EmailField(
        label=_("Adresse électronique"),
        help_text=_("Celle que vous avez donnée en créant le compte. Exemple : nom@exemple.fr."),
    )


class LanguageForm(GuichetForm):
    language = forms.ChoiceField(
        label=_("Langue de mes pages et de mes courriels"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class PersonForm(GuichetForm):
    """Somebody else, without a number, for whom the account acts."""

    capacity = forms.ChoiceField(
        label=_("À quel titre agissez-vous pour cette personne ?"), choices=CAPACITIES[1:], widget=forms.RadioSelect
    )
    birth_name = forms.CharField(label=_("Nom de naissance"), max_length=200)
    first_names = forms.CharField(
        label=_("Prénoms"), max_length=200, required=False, help_text=_("Laissez vide si la personne n'a qu'un seul nom.")
    )
