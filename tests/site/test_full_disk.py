"""A disk without room for files: told as what it is, nothing half kept, and well again once there is room."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catchment.rooms.record.models import Document
from tiny import fill, tiny_disk

PDF = b"%PDF-1.7\n" + b"x" * 60_000


@pytest.fixture
def disk(settings, tmp_path):
    with tiny_disk(tmp_path / "files", "1m") as folder:
        settings.FILES = folder
        yield folder


def test_a_file_that_does_not_fit_is_told_and_leaves_nothing(enter, county, disk):
    client = enter(county.village_doctor)
    client.raise_request_exception = False
    address = f"/referrals/new/{county.person.public_id}/file"
    ballast = fill(disk)
    answer = client.post(address, {"file": SimpleUploadedFile("a.pdf", PDF)})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "存储空间已满" in answer.content.decode()
    assert Document.objects.count() == 0
    assert [path for path in disk.rglob("*") if path.is_file()] == [ballast]
    ballast.unlink()
    answer = client.post(address, {"file": SimpleUploadedFile("a.pdf", PDF)})
    assert answer.status_code == 200
    kept = Document.objects.get()
    assert (disk / "attachments" / kept.file_name).read_bytes() == PDF
