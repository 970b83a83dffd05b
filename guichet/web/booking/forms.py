"""The forms of taking an appointment."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.appointments.actions import Details
from guichet.core.dates import PartialDate
from guichet.web.design.forms import ErrorLine, GuichetForm, PartialDateField, PhoneField
from guichet.web.design.names import check_name


class ConditionsForm(GuichetForm):
    accepted = forms.BooleanField(
        label=_("J'ai lu ces conditions : je peux prendre ce rendez-vous et j'apporterai les documents demandés."),
        error_messages={"required": _("Lisez les conditions, puis cochez la case pour continuer.")},
    )


class TwiceTypedForm(GuichetForm):
    """Behaviour of a form with an address that is typed twice."""

    def clean_email_again(self) -> str:
        again = str(self.cleaned_data["email_again"])
        first = self.cleaned_data.get("email")
        if first and first.lower() != again.lower():
            raise ValidationError(_("Les deux adresses ne sont pas les mêmes. Vérifiez l'une et l'autre."), code="differs")
        return again


class PersonForm(TwiceTypedForm):
    """Behaviour of a form that says who comes: one name may be enough.

    ``as_left``: drawn again as it was left, judged by nobody yet.
    """

    def __init__(self, *args: Any, as_left: bool = False, **kwargs: Any) -> None:
        self.as_left = as_left
        super().__init__(*args, **kwargs)
        self.fields["first_names"].error_messages["required"] = _(
            "Écrivez vos prénoms, ou cochez que vous n'avez qu'un seul nom."
        )
        if self.is_bound and self.data.get(self.add_prefix("single_name")):
            self.fields["first_names"].required = False

    @property
    def only_changes_language(self) -> bool:
        return self.as_left or super().only_changes_language


class NamesForm(PersonForm):
    """Who comes."""

    first_names = forms.CharField(label=_("Prénoms"), max_length=100, validators=[check_name])
    last_name = forms.CharField(
        label=_("Nom"), help_text=_("Comme sur votre passeport."), max_length=100, validators=[check_name]
    )
    single_name = forms.BooleanField(
        label=_("Je n'ai qu'un seul nom : je l'écris dans « Nom » et je laisse « Prénoms » vide"), required=False
    )
    birth_name = forms.CharField(
        label=_("Nom de naissance"), help_text=_("S'il est différent."), max_length=100, required=False, validators=[check_name]
    )
    birth_date = PartialDateField(label=_("Date de naissance"), birth=True)

    def plain(self) -> dict[str, Any]:
        """What the session keeps until the end."""
        typed = {name: value for name, value in self.cleaned_data.items() if value}
        if "birth_date" in self.cleaned_data:
            typed["birth_date"] = str(self.cleaned_data["birth_date"])
        return typed


class OtherPersonForm(NamesForm):
    """Who comes with the first: one of several forms of a page. ``title``: what the page calls them."""

    def __init__(self, *args: Any, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = title

    @property
    def error_lines(self) -> list[ErrorLine]:
        return [ErrorLine(line.anchor, f"{self.title} – {line.message}") for line in super().error_lines]


class DetailsForm(NamesForm):
    """Who comes, and where to write."""

    autocompletes: ClassVar[dict[str, str]] = {
        "first_names": "given-name",
        "last_name": "family-name",
        "email": "email",
        "email_again": "email",
    }

    email = forms.EmailField(
        label=_("Adresse électronique"), help_text=_("Le lien pour confirmer le rendez-vous y arrivera : vérifiez-la bien.")
    )
    email_again = forms.EmailField(label=_("Adresse électronique, une seconde fois"))
    phone = PhoneField(label=_("Téléphone"), help_text=_("Pour vous joindre si le bureau doit fermer ce jour-là."))
    access = forms.CharField(
        label=_("Ce qu'il faut prévoir pour vous recevoir"),
        help_text=_("Par exemple : accès sans marche, langue des signes, venir accompagné d'un chien guide."),
        max_length=200,
        required=False,
    )
    interpreter = forms.CharField(
        label=_("Langue dans laquelle vous avez besoin d'un interprète"),
        help_text=_("Le bureau en est averti ; il n'est pas certain de pouvoir en faire venir un."),
        max_length=60,
        required=False,
    )
    companion = forms.CharField(
        label=_("Qui vous accompagne"),
        help_text=_("Par exemple : mon conjoint, une assistante sociale, mon avocat."),
        max_length=100,
        required=False,
    )

    def __init__(self, *args: Any, identity: Mapping[str, str] | None = None, is_firm: bool = False, **kwargs: Any) -> None:
        """``identity``: names and birth date (as text) that are known for sure: shown beside the form, not typed again.
        ``is_firm``: there is no mail to answer."""
        super().__init__(*args, **kwargs)
        self.identity = dict(identity or {})
        if is_firm:
            self.fields["email"].help_text = _("La convocation y arrivera : vérifiez-la bien.")
        if "last_name" in self.identity:
            for name in ("first_names", "last_name", "single_name", "birth_name"):
                del self.fields[name]
        if "birth_date" in self.identity:
            del self.fields["birth_date"]

    def plain(self) -> dict[str, Any]:
        return {**super().plain(), **self.identity}


def details_of(typed: dict[str, Any], language: str, situation: str = "") -> Details:
    """What ``plain`` kept, as the engine reads it. A single name goes in the last name."""
    needs = {name: typed[name] for name in ("access", "interpreter", "companion") if typed.get(name)}
    return Details(
        first_names="" if typed.get("single_name") else typed.get("first_names", ""),
        last_name=typed["last_name"],
        birth_name=typed.get("birth_name", ""),
        birth_date=PartialDate.parse(typed["birth_date"]),
        email=typed["email"],
        phone=typed.get("phone", ""),
        language=language,
        needs=needs,
        situation=situation,
    )


class AddressForm(TwiceTypedForm):
    """Where to write, once more: the first one was mistyped."""

    autocompletes: ClassVar[dict[str, str]] = {"email": "email", "email_again": "email"}

    email = forms.EmailField(label=_("Adresse électronique"))
    email_again = forms.EmailField(label=_("Adresse électronique, une seconde fois"))


class ReferenceForm(GuichetForm):
    """A request found again without its mail at hand."""

    autocompletes: ClassVar[dict[str, str]] = {"email": "email", "reference": "off"}

    reference = forms.CharField(
        label=_("Référence"), help_text=_("Sur vos courriels et sur la convocation, par exemple RDV-7KQ2-M9PX."), max_length=40
    )
    email = forms.EmailField(label=_("Adresse électronique donnée pour ce rendez-vous"))


class LinksForm(GuichetForm):
    """The links lost with their mail: to where they go again."""

    autocompletes: ClassVar[dict[str, str]] = {"email": "email"}

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Celle que vous avez donnée pour le rendez-vous, la liste ou le tirage."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="liens_%s", **kwargs)  # beside the form of the reference, which asks for one too
