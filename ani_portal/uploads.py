"""How large a file somebody may give. One that is larger is read to its end and dropped, so that the page can say so."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

# The largest official register is 4 MB, a workbook of it 2 MB.
MAX_UPLOAD = 25 * 1024 * 1024


class LimitedUpload(FileUploadHandler):
    """Stands before the handlers that keep a file."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """A request that is too large as a whole has no file that is small enough."""
        self.refused = content_length > MAX_UPLOAD + 64 * 1024
        self.seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        if self.refused:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and hand on."""
        self.seen += len(raw_data)
        if self.seen > MAX_UPLOAD:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has it."""

    def _refuse(self) -> None:
        if self.request is not None:
            self.request.META["ani.file_too_large"] = True
        raise SkipFile
