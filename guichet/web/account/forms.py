"""Shapes of what is typed at the ways in. Rules (who is known, which password is good) live in ``accounts``."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guichet.accounts.models import Representation
from guichet.accounts.queries import normalise_email
from guichet.core.identifiers import digits
from guichet.support.actions import LONGEST_MESSAGE
from guichet.web.design.forms import DateField3, GuichetForm, PartialDateField

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


def _foreigner_number() -> forms.CharField:
    return forms.CharField(
        label=_("Numéro étranger"),
        max_length=60,
        help_text=_(
            "Aussi appelé numéro AGDREF. Souvent dix chiffres, parfois moins ou plus : tous sont acceptés, espaces compris."
            " Il figure sur les courriers de la préfecture, une convocation, un récépissé ou un ancien titre."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )


def _only_digits(typed: str) -> str:
    number = digits(typed)
    if not number:
        raise forms.ValidationError(_("Le numéro étranger est fait de chiffres. Recopiez-les depuis votre document."))
    return number


class WithNumberForm(_Addressed):
    """D1: foreigner number, names, date of birth; then where to write."""

    autocompletes: ClassVar[dict[str, str]] = {
        **_Addressed.autocompletes,
        "last_name": "family-name",
        "first_names": "given-name",
    }

    capacity = _capacity()
    foreigner_number = _foreigner_number()
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
        return _only_digits(self.cleaned_data["foreigner_number"])


class _Paper(_Addressed):
    """A paper known by its number, first and last day, as printed on it."""

    valid_from = DateField3(label=_("Premier jour de validité"))
    valid_until = DateField3(label=_("Dernier jour de validité"))
    email = _email()
    email_again = _email_again()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Le dernier jour est avant le premier : vérifiez les deux dates."))
        return data


def _paper_number(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=60,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class WithPermitForm(_Paper):
    """E2: a residence permit, checked with FNE."""

    field_order = ("capacity", "permit_number", "valid_from", "valid_until", "email", "email_again")

    capacity = _capacity()
    permit_number = _paper_number(
        _("Numéro du titre"),
        _(
            "Des lettres et des chiffres, imprimés sur la carte. Ce n'est pas le numéro étranger. Espaces et majuscules ne"
            " comptent pas."
        ),
    )


class WithVisaForm(_Paper):
    """E2, E3: a long-stay visa, checked with VISABIO."""

    field_order = ("visa_number", "valid_from", "valid_until", "email", "email_again")

    visa_number = _paper_number(
        _("Numéro du visa"),
        _("En haut à droite de la vignette collée dans votre passeport. Espaces et majuscules ne comptent pas."),
    )


class VisaAgainForm(GuichetForm):
    """Coming back to what was begun with a visa."""

    autocompletes: ClassVar[dict[str, str]] = {"email": "email"}

    visa_number = _paper_number(
        _("Numéro du visa"),
        _("En haut à droite de la vignette collée dans votre passeport. Espaces et majuscules ne comptent pas."),
    )
    email = forms.EmailField(
        label=_("Adresse électronique"),
        help_text=_("Celle que vous avez donnée en commençant. Exemple : nom@exemple.fr."),
    )


class WithoutNumberForm(_Addressed):
    capacity = _capacity()
    email = _email()
    email_again = _email_again()


class FranceConnectForm(GuichetForm):
    """What FranceConnect does not say: the foreigner number, and an address that the person reads."""

    autocompletes: ClassVar[dict[str, str]] = {"email": "email"}

    foreigner_number = _foreigner_number()
    email = forms.EmailField(
        label=_("Adresse électronique"),
        help_text=_(
            "Vérifiez-la : si vous n'avez pas encore de compte, nous y envoyons le lien qui l'ouvre. Format attendu :"
            " nom@exemple.fr."
        ),
    )

    def clean_foreigner_number(self) -> str:
        return _only_digits(self.cleaned_data["foreigner_number"])


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


def _message(required: bool, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Ce que vous voulez nous dire"),
        required=required,
        max_length=LONGEST_MESSAGE,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AskForHelpForm(GuichetForm):
    """Help on what did not open: what was typed at the door goes along by itself."""

    autocompletes: ClassVar[dict[str, str]] = {"email": "email"}

    email = forms.EmailField(
        label=_("Adresse électronique où vous répondre"), help_text=_("La réponse y arrivera : vérifiez-la bien.")
    )
    message = _message(
        False, _("Par exemple : ce qui est écrit sur votre document, un nom qui a changé. N'écrivez pas de mot de passe.")
    )


class LostEmailForm(_Addressed):
    """Recovering an account whose mailbox is lost: who one is, and where to write now. A human looks."""

    autocompletes: ClassVar[dict[str, str]] = {
        **_Addressed.autocompletes,
        "last_name": "family-name",
        "first_names": "given-name",
    }

    identifier = forms.CharField(
        label=_("Identifiant de votre compte"),
        max_length=200,
        required=False,
        help_text=_(
            "Votre numéro étranger, ou l'ancienne adresse électronique. Entré avec un visa : écrivez « visa » et son numéro."
            " Laissez vide si vous ne le savez plus."
        ),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}),
    )
    last_name = forms.CharField(label=_("Nom"), max_length=200)
    first_names = forms.CharField(
        label=_("Prénoms"), max_length=200, required=False, help_text=_("Laissez vide si la personne n'a qu'un seul nom.")
    )
    birth_date = PartialDateField(label=_("Date de naissance"), birth=True)
    email = forms.EmailField(
        label=_("Adresse électronique où vous répondre"), help_text=_("La réponse y arrivera : vérifiez-la bien.")
    )
    email_again = _email_again()
    message = _message(
        False, _("Par exemple : depuis quand l'adresse est perdue, le numéro d'une demande. N'écrivez pas de mot de passe.")
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
