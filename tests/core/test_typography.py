"""French is set once, where texts are compiled or read: what is not prose stays as it is."""

import pytest

from guichet.core.typography import french

B, N = "\u00a0", "\u202f"  # spaces that do not break: whole, narrow


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Numéro : 12", f"Numéro{B}: 12"),
        ("Prêt ? Oui ! Bien ; merci", f"Prêt{N}? Oui{N}! Bien{N}; merci"),
        ("Appuyez sur «Envoyer».", f"Appuyez sur «{B}Envoyer{B}»."),
        ("Appuyez sur « Envoyer » !", f"Appuyez sur «{B}Envoyer{B}»{N}!"),
        ("«%(name)s» : «{file}»", f"«{B}%(name)s{B}»{B}: «{B}{{file}}{B}»"),
        ("20 % de 225 €", f"20{B}% de 225{B}€"),
        ("%(rate)s %% de plus", f"%(rate)s{B}%% de plus"),
        ("Aujourd'hui, l'État qu'on dit", "Aujourd’hui, l’État qu’on dit"),
        ("l'%(thing)s d'{place} l'<b>avis</b> d'«ici»", f"l’%(thing)s d’{{place}} l’<b>avis</b> d’«{B}ici{B}»"),
        ("<b>Attention</b> : lisez", f"<b>Attention</b>{B}: lisez"),
        ("Vraiment  ?", f"Vraiment{N}?"),
    ],
)
def test_marks_and_apostrophes_are_set(written, printed):
    assert french(written) == printed


@pytest.mark.parametrize(
    "kept",
    [
        "à 10:30",
        "de %(start)s %(end)s",
        "plus %(x)d sur %(y)d",
        "https://exemple.fr/?q=l'eau&x=1;y",
        "voir http://localhost:8000/a?b=c",
        "<a href=\"/x?y='1'\" title='l'>ici</a>",
        "&nbsp;&amp;&#39;",
        "{{ name|default:'rien' }}",
        "{% if a ? b %}",
        "'cité' entre apostrophes, 'deux fois'",
        "nom@exemple.fr",
        "INE : 10 chiffres".replace(" :", ":"),
        "",
    ],
)
def test_what_is_not_prose_stays(kept):
    assert french(kept) == kept


def test_setting_twice_changes_nothing_more():
    once = french("L'agent dit : «Avez-vous l'original ?» ; 20 % oui !")
    assert french(once) == once


def test_words_are_never_changed():
    text = "L'agent dit : « Avez-vous l'original ? » ; 20 % oui !"
    plain = french(text).replace(B, " ").replace(N, " ").replace("\u2019", "'")
    assert plain == text
