"""Several acts at the same moment, in threads with a connection each."""

import threading

from django.db import connection


def at_once(*acts):
    """Runs each act in its own thread, all together; returns what each returned or raised."""
    together = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(place, act):
        try:
            connection.ensure_connection()
            together.wait(timeout=20)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
