"""The ways to challenge a decision, express or silent, and their delays."""

from typing import Any

from django.utils.translation import gettext

from guichet.certificates.contents import Content
from guichet.certificates.letters.common import bullets, heading, text

# verify: a refusal that comes with an obligation to leave is challenged within one month (CESEDA L911-1, since July 2024);
# none is issued here, so the common delay of two months applies (code of administrative justice, R421-1 and R421-2).
# verify: the postal address of the ministry, the delay to give the reasons (CRPA L232-4).


def court(content: Content) -> str:
    """The administrative court in charge, when it is known (code of administrative justice, R312-1, R221-3)."""
    if content.tribunal:
        return gettext("le %(court)s") % {"court": content.tribunal}
    return gettext("le tribunal administratif dont dépend ce service")


def against_a_decision(content: Content) -> list[dict[str, Any]]:
    """Ways against an express decision: its delays run from the day the person was told of it."""
    return [
        heading(gettext("Si vous n'êtes pas d'accord")),
        text(gettext("Vous avez deux mois, à compter du jour où vous avez pris connaissance de cette décision, pour :")),
        bullets(
            [
                gettext("demander au préfet de revoir sa décision (recours gracieux), par lettre adressée à : %(office)s ;")
                % {"office": ", ".join([content.office_name, *content.office_address])},
                gettext(
                    "demander au ministre chargé de l'intérieur de revoir cette décision (recours hiérarchique), par lettre"
                    " adressée à la Direction générale des étrangers en France, place Beauvau, 75800 Paris Cedex 08 ;"
                ),
                gettext("saisir %(court)s, sur place, par courrier ou en ligne sur telerecours.fr.")
                % {"court": court(content)},
            ]
        ),
        text(
            gettext(
                "Un recours gracieux ou hiérarchique envoyé dans ce délai vous en ouvre un nouveau : sans réponse au bout"
                " de deux mois, il est rejeté, et vous avez encore deux mois pour saisir le tribunal. Ces recours ne"
                " suspendent pas la décision ; en cas d'urgence, le juge des référés du même tribunal peut la suspendre."
            ),
            gettext("Vous pouvez demander l'aide juridictionnelle, et vous faire aider par un avocat ou une association."),
        ),
    ]


def against_silence(content: Content, refused_on: str) -> list[dict[str, Any]]:
    """Ways against an implicit refusal (CRPA R112-5; CESEDA R432-1, R432-2)."""
    return [
        heading(gettext("Si vous ne recevez pas de réponse")),
        text(
            gettext(
                "Sans décision de l'administration le %(date)s, votre demande sera considérée comme refusée à cette date."
                " Une demande de pièces manquantes peut reporter cette date."
            )
            % {"date": refused_on},
            gettext("Vous aurez alors deux mois pour contester ce refus silencieux :"),
        ),
        bullets(
            [
                gettext("auprès du préfet (recours gracieux), par lettre adressée à : %(office)s ;")
                % {"office": ", ".join([content.office_name, *content.office_address])},
                gettext(
                    "auprès du ministre chargé de l'intérieur (recours hiérarchique), par lettre adressée à la Direction"
                    " générale des étrangers en France, place Beauvau, 75800 Paris Cedex 08 ;"
                ),
                gettext("devant %(court)s, sur place, par courrier ou en ligne sur telerecours.fr.")
                % {"court": court(content)},
            ]
        ),
        text(
            gettext(
                "Dans le même délai, vous pouvez demander les raisons de ce refus : l'administration a un mois pour vous"
                " les donner, et le délai pour saisir le tribunal repart ensuite pour deux mois."
            )
        ),
    ]
