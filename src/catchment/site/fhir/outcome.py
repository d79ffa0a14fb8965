"""Every error of the FHIR doors, as the OperationOutcome that FHIR R4 asks for (`http.html#Status-Codes`)."""

from typing import Any

import orjson
from django.http import HttpResponse

FHIR_JSON = "application/fhir+json; charset=utf-8"


class FhirError(Exception):
    """An answer other than what was asked: HTTP status, issue code of R4's `issue-type`, and words for people."""

    def __init__(self, status: int, code: str, text: str, *, where: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.where = where

    def resource(self) -> dict[str, Any]:
        """The OperationOutcome."""
        issue: dict[str, Any] = {"severity": "error", "code": self.code, "diagnostics": self.text}
        if self.where:
            issue["expression"] = [self.where]
        return {"resourceType": "OperationOutcome", "issue": [issue]}


def answer(resource: dict[str, Any], status: int = 200) -> HttpResponse:
    """A resource as FHIR JSON."""
    return HttpResponse(orjson.dumps(resource), status=status, content_type=FHIR_JSON)
