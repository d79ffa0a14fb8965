"""URIs for FHIR `Identifier.system`, from the national health object identifiers.

The arc 2.16.156.10011.1 holds the identifiers of the health sector; the clinical document sharing standard
WS/T 500-2016 uses these roots in its document headers. FHIR writes an object identifier as `urn:oid:`.
"""

from typing import Final

HEALTH_RECORD_NUMBER: Final = "urn:oid:2.16.156.10011.1.2"
"""城乡居民健康档案编号, the resident's public-health file."""

RESIDENT_ID: Final = "urn:oid:2.16.156.10011.1.3"
"""居民身份证号, GB 11643."""

ORGANISATION_CODE: Final = "urn:oid:2.16.156.10011.1.5"
"""医疗机构组织机构代码, the facility's code."""

OUTPATIENT_NUMBER: Final = "urn:oid:2.16.156.10011.1.11"
"""门（急）诊号; unique within one facility, so it needs an assigner beside it."""

INPATIENT_NUMBER: Final = "urn:oid:2.16.156.10011.1.12"
"""住院号; unique within one facility, so it needs an assigner beside it."""

HEALTH_CARD: Final = "urn:oid:2.16.156.10011.1.19"
"""居民健康卡号."""
