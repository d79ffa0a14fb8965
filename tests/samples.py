"""Small synthetic FHIR resources that tests send in: two people, a hospital, a doctor, what happened to them."""

from typing import Any

LIN, CHEN = "lin", "chen"
CARD = "110000199001011238"


def reference(text: str) -> dict[str, Any]:
    return {"reference": text}


def concept(code: str, text: str, system: str = "http://loinc.org") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def patient(key: str = LIN, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": key,
        "name": [{"use": "official", "text": "林静"}],
        "gender": "female",
        "birthDate": "1970-05-06",
        "telecom": [{"system": "phone", "value": "13800000001"}],
        "address": [{"text": "云溪镇石桥村12号"}],
        "identifier": [{"system": "urn:hospital", "value": f"MR-{key}"}],
        **more,
    }


def organization(key: str = "hospital", **more: Any) -> dict[str, Any]:
    number = [{"system": "urn:register", "value": f"org-{key}"}]
    return {"resourceType": "Organization", "id": key, "name": "市立医院", "active": True, "identifier": number, **more}


def location(key: str = "ward", **more: Any) -> dict[str, Any]:
    where = {"longitude": 121.1, "latitude": 28.2}
    return {"resourceType": "Location", "id": key, "name": "东院区", "status": "active", "position": where, **more}


def practitioner(key: str = "doctor", **more: Any) -> dict[str, Any]:
    number = [{"system": "urn:licence", "value": f"lic-{key}"}]
    degree = [{"code": {"text": "主任医师"}}]
    name = [{"family": "周", "given": ["明"]}]
    return {
        "resourceType": "Practitioner", "id": key, "name": name, "gender": "male", "identifier": number,
        "qualification": degree, **more,
    }  # fmt: skip


def role(key: str = "post", **more: Any) -> dict[str, Any]:
    who, where = reference("Practitioner/doctor"), reference("Organization/hospital")
    return {"resourceType": "PractitionerRole", "id": key, "practitioner": who, "organization": where, **more}


def encounter(key: str = "visit", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": key,
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "subject": reference(f"Patient/{LIN}"),
        "participant": [{"individual": reference("Practitioner/doctor")}],
        "serviceProvider": reference("Organization/hospital"),
        "period": {"start": "2024-03-01T09:00:00+08:00", "end": "2024-03-01T09:30:00+08:00"},
        "reasonCode": [concept("I10", "高血压复诊", "http://hl7.org/fhir/sid/icd-10")],
        **more,
    }


def observation(key: str = "sugar", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "code": concept("2339-0", "血糖"),
        "subject": reference(f"Patient/{LIN}"),
        "encounter": reference("Encounter/visit"),
        "effectiveDateTime": "2024-03-01T09:10:00+08:00",
        "valueQuantity": {"value": 7.8, "unit": "mmol/L"},
        "referenceRange": [{"low": {"value": 3.9, "unit": "mmol/L"}, "high": {"value": 6.1, "unit": "mmol/L"}}],
        **more,
    }


def fact(kind: str, key: str, **more: Any) -> dict[str, Any]:
    """A minimal resource about Lin of a clinical type."""
    person = "patient" if kind in {"AllergyIntolerance", "Immunization"} else "subject"
    return {"resourceType": kind, "id": key, person: reference(f"Patient/{LIN}"), **more}


def everything() -> list[dict[str, Any]]:
    """One resource of every type that is taken, facts before what they need."""
    icd = "http://hl7.org/fhir/sid/icd-10"
    terms = "http://terminology.hl7.org/CodeSystem"
    clinical = {"coding": [{"system": f"{terms}/condition-clinical", "code": "active"}]}
    allergic = {"coding": [{"system": f"{terms}/allergyintolerance-clinical", "code": "active"}]}
    drug = concept("C08CA01", "氨氯地平", "http://www.whocc.no/atc")
    text = {"contentType": "text/plain", "data": "5Ye66Zmi5bCP57uT", "title": "出院小结"}
    return [
        fact("DiagnosticReport", "report", status="final", code=concept("24323-8", "生化"), result=[reference("Observation/sugar")],
             conclusion="血糖偏高", effectiveDateTime="2024-03-01"),
        fact("Condition", "pressure", clinicalStatus=clinical, code=concept("I10", "高血压", icd), onsetDateTime="2020-01"),
        observation(),
        fact("Procedure", "ecg", status="completed", code=concept("89.52", "心电图", icd), performedDateTime="2024-03-01"),
        fact("MedicationRequest", "pills", status="active", intent="order", medicationReference=reference("Medication/drug"),
             authoredOn="2024-03-01", dosageInstruction=[{"text": "5 mg 口服 每日一次"}]),
        fact("AllergyIntolerance", "penicillin", clinicalStatus=allergic, code={"text": "青霉素"}, criticality="high",
             reaction=[{"manifestation": [{"text": "皮疹"}]}]),
        fact("Immunization", "flu", status="completed", vaccineCode=concept("140", "流感疫苗", "http://hl7.org/fhir/sid/cvx"),
             occurrenceDateTime="2023-10-10"),
        fact("DocumentReference", "letter", status="current", content=[{"attachment": text}], date="2024-03-02T10:00:00+08:00"),
        fact("ServiceRequest", "ct", status="active", intent="order", code={"text": "胸部CT"}, authoredOn="2024-03-01"),
        encounter(),
        {"resourceType": "Medication", "id": "drug", "code": drug},
        role(),
        location(managingOrganization=reference("Organization/hospital")),
        practitioner(),
        organization(),
        patient(),
    ]  # fmt: skip


def claim(key: str, day: str, **more: Any) -> dict[str, Any]:
    """A bill of the person for a visit of its own."""
    return {
        "resourceType": "Claim",
        "id": key,
        "status": "active",
        "use": "claim",
        "type": {"coding": [{"code": "professional"}]},
        "patient": reference(f"Patient/{LIN}"),
        "created": day,
        "provider": reference("Organization/hospital"),
        "priority": {"coding": [{"code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "x"}}],
        "billablePeriod": {"start": day, "end": day},
        "total": {"value": 125.5, "currency": "CNY"},
        **more,
    }
