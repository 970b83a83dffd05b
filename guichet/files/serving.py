"""Answers that carry a received file: never sniffed, never run, never kept by a shared cache."""

from urllib.parse import quote

from django.http import Http404, HttpResponse

from guichet.files import queries
from guichet.files.models import StoredFile


def response(stored: StoredFile, *, inline: bool) -> HttpResponse:
    """The file itself, to be shown in the page (``inline``) or downloaded. The caller has checked who asks."""
    return _closed(queries.content(stored), stored.content_type, stored.name, inline=inline)


def preview_response(stored: StoredFile, page: int) -> HttpResponse:
    """A page as a picture; ``Http404`` when there is none."""
    picture = queries.preview(stored, page)
    if picture is None:
        raise Http404
    is_png = picture.startswith(b"\x89PNG")
    name = f"{stored.name.rpartition('.')[0]}-{page}{'.png' if is_png else '.jpg'}"
    return _closed(picture, "image/png" if is_png else "image/jpeg", name, inline=True)


def disposition(name: str, *, inline: bool) -> str:
    """``Content-Disposition`` with a plain name for old readers and the exact one for others (RFC 6266, RFC 5987)."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in " ._-") else "_" for char in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _closed(content: bytes, content_type: str, name: str, *, inline: bool) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = disposition(name, inline=inline)
    answer["X-Content-Type-Options"] = "nosniff"
    # Nothing may run. A browser's own PDF reader does not start within «sandbox»: a PDF, written anew by us, goes without.
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
    answer["Content-Security-Policy"] = policy if content_type == "application/pdf" else f"{policy}; sandbox"
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
