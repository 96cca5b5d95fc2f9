"""Errors of the API: what is wrong, where, and how to mend it, as application/problem+json (RFC 9457)."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from pydantic import BaseModel, Field

from trinario import jsons

CONTENT_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(description="A JSON pointer into the body (`/contact/id`), or `?name` for the query.")
    what: str
    hint: str = Field("", description="How to mend it; may be empty.")


class Problem(BaseModel):
    """Why a request was not served."""

    type: str = Field(description="A name of the kind of problem that does not change: `urn:trinario:...`.")
    title: str
    status: int
    detail: str = Field(description="What is wrong.")
    hint: str = Field("", description="How to mend it.")
    instance: str = Field("", description="The path that was asked for.")
    errors: list[Fault] = Field(default=[], description="Every fault of the request, all at once.")


class ProblemError(Exception):
    """Raised by a handler: the request ends with this problem."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str,
        hint: str = "",
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.title = status, kind, title
        self.detail, self.hint, self.errors, self.headers = detail, hint, tuple(errors), dict(headers or {})

    def response(self, path: str) -> web.Response:
        """The problem as the client reads it; `path` is where it happened."""
        problem = Problem(
            type=f"urn:trinario:{self.kind}",
            title=self.title,
            status=self.status,
            detail=self.detail,
            hint=self.hint,
            instance=path,
            errors=list(self.errors),
        )
        headers = {**self.headers, "Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
        body = jsons.dump_bytes(problem.model_dump(exclude_defaults=True))
        return web.Response(body=body, status=self.status, headers=headers)


def unknown_contact(asked: str) -> ProblemError:
    """404: nobody is known by that."""
    hint = "a contact comes to be when she first writes on a channel; ask GET /api/v1/contacts?identity=CHANNEL:VALUE"
    return ProblemError(404, "unknown-contact", "Unknown contact", f"no contact is known by {asked}", hint)


def busy_contact() -> ProblemError:
    """503: her turn is running."""
    return ProblemError(
        503, "busy-contact", "The contact is busy", "her turn is running", "try again", headers={"Retry-After": "1"}
    )


def invalid(faults: Sequence[Fault]) -> ProblemError:
    """422: the request can be read, but it is not what this path takes."""
    count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
    return ProblemError(422, "invalid-request", "The request is not valid", f"{count}, see `errors`", errors=faults)
