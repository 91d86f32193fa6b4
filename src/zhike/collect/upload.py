"""An upload from a browser goes chunk by chunk into its sealed file; its clear text never lies on a disk."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from zhike.collect.actions import take_run_id
from zhike.collect.storage import SealedIntake, disk_is_full

FIELD, LINES_FIELD, RELATED_FIELD = "file", "lines", "related"
PROBLEM = "zhike_upload_problem"  # attribute of a request whose file could not be taken in: the code why
MOST_BYTES = 4 << 30
MOST_MAPPING_BYTES = 300 * 1024  # more than a mapping may have, so that a longer one is told, not cut


class SealedUpload(UploadedFile):
    """A file that was sealed while it came: where it lies, not what is in it."""

    def __init__(self, run_id: int, intake: SealedIntake, digest: str, name: str) -> None:
        super().__init__(file=None, name=name, size=intake.byte_count)
        self.run_id, self.file_key, self.digest = run_id, intake.file_key, digest


class SealedUploadHandler(FileUploadHandler):
    """Takes the field `file` into the vault; other fields (mapping files) are left to the next handler."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._intake: SealedIntake | None = None
        self._run_id = 0

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        """Begin a sealed file for our field."""
        super().new_file(field_name, *args, **kwargs)
        self._intake = None
        if field_name in (FIELD, LINES_FIELD, RELATED_FIELD):
            self._run_id = take_run_id()
            self._intake = SealedIntake(f"import-{self._run_id}")  # of a related table too: the id is its own

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Seal the chunk; nothing is passed on."""
        if self._intake is None:
            return raw_data
        if self._intake.byte_count + len(raw_data) > MOST_BYTES:
            self._give_up()
            raise StopUpload(connection_reset=True)
        try:
            self._intake.write(raw_data)
        except OSError as error:
            if not disk_is_full(error):
                raise
            self._give_up()
            if self.request is not None:
                setattr(self.request, PROBLEM, "disk_full")
            raise StopUpload(connection_reset=False) from error
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Close the sealed file."""
        if self._intake is None:
            return None
        intake, self._intake = self._intake, None
        return SealedUpload(self._run_id, intake, intake.finish(), self.file_name or "file.csv")

    def upload_interrupted(self) -> None:
        """The browser went away in mid-file."""
        self._give_up()

    def _give_up(self) -> None:
        if self._intake is not None:
            self._intake.give_up()
            self._intake = None


class SmallFileHandler(FileUploadHandler):
    """Keeps a mapping file in memory, whatever the size of the body around it; a larger one is cut and then refused."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk as long as there is room."""
        self._held.write(raw_data[: max(MOST_MAPPING_BYTES - self._held.tell(), 0)])

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file."""
        self._held.seek(0)
        return InMemoryUploadedFile(
            self._held, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


def handlers(request: HttpRequest) -> list[FileUploadHandler]:
    """What takes the files of an import form in: ours first, then memory for the small mapping file. None uses a disk."""
    return [SealedUploadHandler(request), SmallFileHandler(request)]
