"""Django merges the catalogues of all rooms: the same French text has one English text, wherever it is written."""

from collections import defaultdict

from tools import messages


def test_the_same_text_is_translated_the_same_way_everywhere():
    found: dict[tuple, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for room in messages.rooms():
        for message in messages.stored(room):
            if message.id and message.string:
                found[message.id, message.context][str(message.string)].append(room.name)
    differing = {key[0]: dict(strings) for key, strings in found.items() if len(strings) > 1}
    assert not differing, "choose one, or give a context"
