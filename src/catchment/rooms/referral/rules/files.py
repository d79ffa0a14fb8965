"""Which files may go along with a referral, known by their content and not by their name."""

LARGEST_BYTES = 20 * 1024 * 1024
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "application/dicom": ".dcm"}
