"""Asking a registry over HTTP, for the ``http.py`` adapters only: bounded in time, in attempts and in bytes.

Everything asked of a registry is a read, and a read may be asked twice. A question that would change something must not
go through here.
"""

import random
import time
from typing import Any, Literal

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from guichet.registries.errors import RegistryName, RegistryUnavailable

log = structlog.get_logger("guichet.registries")

MOST_ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.05
LARGEST_ANSWER_BYTES = 4 * 1024 * 1024
PASSING_STATUSES = frozenset({429, 500, 502, 503, 504})  # worth asking again; any other status will not change


class _TryAgain(Exception):
    """This attempt failed in a way that may pass."""


class Transport:
    """A registry's address, its token and the time a person may wait for it (``timeout``, seconds, all attempts together)."""

    def __init__(self, registry: RegistryName, *, url: str, token: str = "", timeout: float) -> None:
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.registry = registry
        self.timeout = timeout
        # Redirections are not followed: a token must not travel to an address nobody configured.
        self._client = httpx.Client(base_url=url.rstrip("/") + "/", headers=headers, follow_redirects=False)

    def ask[Answer: BaseModel](
        self,
        answer: type[Answer],
        method: Literal["GET", "POST"],
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: dict[str, str] | None = None,
    ) -> Answer:
        """The answer, in the expected shape. ``RegistryUnavailable`` in every other case."""
        body = self._read(method, path, params=params, json=json)
        try:
            return answer.model_validate_json(body)
        except ValidationError as error:
            # The error's own text quotes the answer, hence a person: only the places that are wrong are logged.
            places = sorted({".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)})
            log.warning("registry answer malformed", registry=self.registry, places=places[:5])
            raise RegistryUnavailable(self.registry, "malformed") from None

    def _read(self, method: str, path: str, **request: Any) -> bytes:
        deadline = time.monotonic() + self.timeout
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                return self._attempt(method, path, deadline, **request)
            except _TryAgain as failure:
                pause = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - spreads callers, no secret
                if attempt == MOST_ATTEMPTS or time.monotonic() + pause >= deadline:
                    log.warning("registry unavailable", registry=self.registry, reason=str(failure), attempts=attempt)
                    break
                time.sleep(pause)
        raise RegistryUnavailable(self.registry, "error")

    def _attempt(self, method: str, path: str, deadline: float, **request: Any) -> bytes:
        left = max(deadline - time.monotonic(), 0.001)
        try:
            with self._client.stream(method, path, timeout=left, **request) as response:
                if response.status_code in PASSING_STATUSES:
                    raise _TryAgain(f"status {response.status_code}")
                if response.status_code != 200:
                    log.warning(
                        "registry unavailable", registry=self.registry, reason=f"status {response.status_code}", attempts=1
                    )
                    raise RegistryUnavailable(self.registry, "error")
                return self._body(response, deadline)
        except httpx.TimeoutException:
            log.warning("registry unavailable", registry=self.registry, reason="timeout")
            raise RegistryUnavailable(self.registry, "timeout") from None
        except httpx.TransportError as error:  # refused, cut, broken protocol
            raise _TryAgain(type(error).__name__) from None
        except httpx.DecodingError:
            raise RegistryUnavailable(self.registry, "malformed") from None

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        """The whole body; an answer that drips or never ends is given up, whatever each read took."""
        received = bytearray()
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > LARGEST_ANSWER_BYTES:
                raise RegistryUnavailable(self.registry, "malformed")
            if time.monotonic() > deadline:
                raise RegistryUnavailable(self.registry, "timeout")
        return bytes(received)

    def close(self) -> None:
        self._client.close()
