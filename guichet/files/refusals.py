"""Why a file is not taken, in words that say what to do. One sentence, at least, by reason."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused
from guichet.files import limits

_ACCEPTED = _("Formats acceptés : JPG, PNG, PDF, TIFF, BMP ou HEIC, 10 Mo au plus.")

MESSAGES: dict[str, "str | Promise"] = {
    "empty": _("Ce fichier est vide. Vérifiez qu'il s'ouvre sur votre appareil, puis envoyez-le de nouveau."),
    "too_big": _(
        "Ce fichier dépasse 10 Mo. Prenez une photo moins grande, numérisez en qualité « document » (environ 200 points par"
        " pouce), ou répartissez les pages dans plusieurs fichiers."
    ),
    "too_many_files": format_lazy(
        _("Vous pouvez réunir {count} fichiers au plus en un seul PDF. Retirez-en, ou faites deux PDF."),
        count=limits.MAX_JOINED,
    ),
    "too_many_pages": format_lazy(
        _("Ce document compte plus de {count} pages. Gardez les pages utiles, ou répartissez-les dans plusieurs fichiers."),
        count=limits.MAX_PAGES,
    ),
    "too_many_pixels": _(
        "Cette image est trop grande pour être ouverte sans risque (plus de 80 millions de points). Réduisez ses dimensions ou"
        " prenez une nouvelle photo avec les réglages habituels de votre téléphone."
    ),
    "damaged_picture": _(
        "Cette image est incomplète ou abîmée : elle ne s'ouvre pas entièrement. Reprenez la photo ou copiez de nouveau le"
        " fichier, puis renvoyez-le."
    ),
    "damaged_pdf": _(
        "Ce PDF est incomplet ou abîmé : il ne s'ouvre pas. Téléchargez-le ou numérisez-le de nouveau, puis renvoyez-le."
    ),
    "protected_pdf": _(
        "Ce PDF est protégé par un mot de passe : l'agent ne pourrait pas le lire. Enregistrez-en une copie sans mot de passe"
        " (par exemple avec « Imprimer », puis « Enregistrer en PDF ») et envoyez cette copie."
    ),
    "no_page": _("Ce PDF ne contient aucune page. Vérifiez le fichier, puis envoyez celui qui contient votre document."),
    "too_complex": _(
        "Ce fichier demande trop de calcul pour être ouvert sans risque. Faites-en une copie simple (« Imprimer », puis"
        " « Enregistrer en PDF », ou une photo du document) et envoyez cette copie."
    ),
    "archive": format_lazy(
        "{problem} {accepted}",
        problem=_(
            "Ce fichier est une archive (ZIP ou semblable), même si son nom dit autre chose. Envoyez un par un les documents"
            " qu'elle contient."
        ),
        accepted=_ACCEPTED,
    ),
    "office": format_lazy(
        "{problem} {accepted}",
        problem=_(
            "Ce fichier est un document de bureautique (texte ou tableur). Enregistrez-le au format PDF, puis envoyez le PDF."
        ),
        accepted=_ACCEPTED,
    ),
    "program": format_lazy(
        "{problem} {accepted}",
        problem=_(
            "Ce fichier est un programme, pas un document : il n'est pas pris. Envoyez une photo ou un PDF de votre document."
        ),
        accepted=_ACCEPTED,
    ),
    "web_page": format_lazy(
        "{problem} {accepted}",
        problem=_(
            "Ce fichier est une page web ou un dessin SVG. Ouvrez-le, choisissez « Imprimer » puis « Enregistrer en PDF », et"
            " envoyez le PDF."
        ),
        accepted=_ACCEPTED,
    ),
    "video": format_lazy(
        "{problem} {accepted}",
        problem=_("Ce fichier est une vidéo ou un son. Envoyez une photo ou un PDF de votre document."),
        accepted=_ACCEPTED,
    ),
    "picture_format": format_lazy(
        "{problem} {accepted}",
        problem=_("Cette image est dans un format qui n'est pas accepté. Enregistrez-la en JPG, ou photographiez le document."),
        accepted=_ACCEPTED,
    ),
    "unknown": format_lazy(
        "{problem} {accepted}",
        problem=_(
            "Ce fichier n'est ni une image ni un PDF, quel que soit son nom. Envoyez une photo ou un PDF de votre document."
        ),
        accepted=_ACCEPTED,
    ),
    "infected": _(
        "L'antivirus a reconnu un programme malveillant dans ce fichier : il n'est pas pris. Vérifiez votre appareil avec un"
        " antivirus, puis envoyez une nouvelle photo ou un nouveau PDF du document."
    ),
    "scanner_unavailable": _(
        "La vérification des fichiers est interrompue pour quelques minutes. Vos autres réponses sont gardées : réessayez un"
        " peu plus tard."
    ),
    "busy": _("Beaucoup de fichiers arrivent en ce moment. Réessayez dans une minute : vos autres réponses sont gardées."),
    "none": _("Aucun fichier n'est arrivé. Choisissez un fichier, puis envoyez-le."),
}


class FileRefused(ActionRefused):
    """A file that is not taken; nothing else of what the person gave is lost."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code], code)
