"""Which files may go along with a referral, known by their first bytes and not by their name."""

LARGEST_BYTES = 20 * 1024 * 1024
_DICOM_AT = 128
_SIGNATURES = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "application/dicom": ".dcm"}


def content_type_of(content: bytes) -> str:
    """The content type by the file's signature (PDF, PNG, JPEG, DICOM part 10); empty for anything else."""
    if content[_DICOM_AT : _DICOM_AT + 4] == b"DICM":
        return "application/dicom"
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), "")
