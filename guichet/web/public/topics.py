"""The pages of help: their addresses, titles and order. Their texts are the templates ``public/help/<slug>.html``."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Topic:
    slug: str
    title: Promise
    summary: Promise
    icon: str

    @property
    def url(self) -> str:
        return reverse("public:help_topic", args=[self.slug])

    @property
    def template(self) -> str:
        return f"public/help/{self.slug}.html"


@dataclass(frozen=True)
class Group:
    title: Promise
    topics: tuple[Topic, ...]


GROUPS = (
    Group(
        _("Commencer"),
        (
            Topic(
                "creer-un-compte",
                _("Créer un compte"),
                _("Avec un numéro étranger, ou sans. Que faire quand vos informations sont refusées."),
                "fr-icon-user-add-line",
            ),
            Topic(
                "courriel",
                _("Je n'ai pas reçu le courriel"),
                _("Courriel absent, lien dépassé, adresse perdue, identifiant ou mot de passe oublié."),
                "fr-icon-mail-line",
            ),
            Topic(
                "franceconnect",
                _("FranceConnect"),
                _("Entrer sans mot de passe de plus ; que faire si les informations ne correspondent pas."),
                "fr-icon-links-line",
            ),
            Topic(
                "representer",
                _("Faire la demande pour quelqu'un"),
                _("Pour un enfant, un mineur confié à un service, ou une personne que vous aidez."),
                "fr-icon-parent-line",
            ),
            Topic(
                "gratuit",
                _("Ne payez pas d'intermédiaire"),
                _("Ce qui est gratuit, ce qui se paie et à qui, et comment reconnaître une arnaque."),
                "fr-icon-money-euro-circle-line",
            ),
        ),
    ),
    Group(
        _("Selon votre situation"),
        (
            Topic(
                "etudiants",
                _("Étudiants"),
                _("Visa, renouvellement, ressources, changement d'établissement."),
                "fr-icon-school-line",
            ),
            Topic(
                "rendez-vous-etudiant",
                _("Rendez-vous pour les étudiants"),
                _("INE ou code d'accès, quelle date choisir, changer de date."),
                "fr-icon-calendar-line",
            ),
            Topic(
                "talents",
                _("Talents"),
                _("Choisir sa mention, salaire, arriver avec un visa."),
                "fr-icon-briefcase-line",
            ),
            Topic(
                "refugies",
                _("Réfugiés et personnes protégées"),
                _("De la décision de l'OFPRA ou de la CNDA à la carte, avec une preuve de séjour tout du long."),
                "fr-icon-shield-line",
            ),
            Topic(
                "changements",
                _("Déménager, changer de nom, perdre son titre"),
                _("Ce qu'il faut déclarer, quand, et avec quel papier."),
                "fr-icon-home-4-line",
            ),
        ),
    ),
    Group(
        _("Remplir la demande"),
        (
            Topic(
                "documents",
                _("Préparer les documents"),
                _("Photographier, formats acceptés, traductions, document introuvable."),
                "fr-icon-file-text-line",
            ),
            Topic(
                "e-photo",
                _("L'e-photo"),
                _("Le code qui remplace la photo papier : où le faire, pourquoi il est refusé."),
                "fr-icon-camera-line",
            ),
            Topic(
                "enregistrer",
                _("S'arrêter et reprendre"),
                _("Ce qui est enregistré, combien de temps, et ce qui change après le dépôt."),
                "fr-icon-save-line",
            ),
        ),
    ),
    Group(
        _("Après le dépôt"),
        (
            Topic(
                "complement",
                _("Répondre à une demande de complément"),
                _("L'administration vous demande un document : comment répondre, et en combien de temps."),
                "fr-icon-chat-check-line",
            ),
            Topic(
                "delais",
                _("Délais et silence"),
                _("Quand demander, combien de temps attendre, ce que dit la loi quand personne ne répond."),
                "fr-icon-time-line",
            ),
            Topic(
                "prolongation",
                _("Mon titre finit avant la réponse"),
                _("L'attestation de prolongation : quand elle vient, ce qu'elle permet, ce qu'elle n'arrête pas."),
                "fr-icon-calendar-check-line",
            ),
            Topic(
                "papiers",
                _("Ce que prouve chaque papier"),
                _("Confirmation, attestations, récépissé : séjour, travail, voyage."),
                "fr-icon-article-line",
            ),
            Topic(
                "en-personne",
                _("Être aidé en personne"),
                _("Les lieux qui vous aident, votre droit à une autre voie que l'internet."),
                "fr-icon-team-line",
            ),
        ),
    ),
)
TOPICS = tuple(topic for group in GROUPS for topic in group.topics)


def topic(slug: str) -> Topic | None:
    return next((topic for topic in TOPICS if topic.slug == slug), None)
