"""Attachments of a file: taken in without touching the disk in clear, handed out as plain downloads, audited first."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from zhike.customers import actions as do
from zhike.desk import problems
from zhike.desk.views.file import head_of
from zhike.secure import actions as secure
from zhike.secure.permissions import needs


class InMemory(FileUploadHandler):
    """Keeps a file in memory up to the largest that is taken; a larger one is cut there and then refused."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk while there is room; one byte more than allowed tells that it was too large."""
        self._held.write(raw_data[: max(do.LARGEST_BYTES + 1 - self._held.tell(), 0)])

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file."""
        self._held.seek(0)
        return InMemoryUploadedFile(
            self._held, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


@csrf_exempt  # checked below, once the handler stands: reading the token would read the file to a disk
def attach(request: HttpRequest, public_id: str) -> HttpResponse:
    """Attach a file to the customer's file."""
    request.upload_handlers = [InMemory(request)]
    return _attach(request, public_id)


@csrf_protect
@needs("customers.edit")
@require_POST
def _attach(request: HttpRequest, public_id: str) -> HttpResponse:
    head = head_of(request.viewer, public_id)  # type: ignore[attr-defined]
    given = request.FILES.get("attachment")
    try:
        if given is None:
            raise do.FileRefused("empty")
        content = given.read()
        title, kind = request.POST.get("title", ""), request.POST.get("kind", "")
        do.attach(head.row.customer_id, kind, given.name or "", content, by=request.viewer, title=title)  # type: ignore[attr-defined]
    except do.FileRefused as refusal:
        messages.error(request, problems.words(f"file.{refusal.code}", {}))
    else:
        messages.success(request, _("The file is attached, sealed."))
    return redirect("desk:file", head.row.public_id)


attach.zhike_needs = "customers.edit"  # type: ignore[attr-defined]


@needs("customers.view")
@require_POST
def download(request: HttpRequest, public_id: str, file_id: str) -> Any:
    """An attachment's bytes: permission, quota and audit come first. Never shown inside the page."""
    head = head_of(request.viewer, public_id)  # type: ignore[attr-defined]
    try:
        name, stream = do.download(file_id, by=request.viewer, purpose=request.POST.get("purpose", ""))  # type: ignore[attr-defined]
    except (do.CustomerUnknown, FileNotFoundError):
        raise Http404 from None
    except (secure.QuotaExceeded, secure.ReasonMissing):
        messages.error(request, _("Your values of this hour are used up, or no purpose was chosen."))
        return redirect("desk:file", head.row.public_id)
    answer = StreamingHttpResponse(iter(lambda: stream.read(65536), b""), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


@needs("customers.edit")
@require_POST
def remove(request: HttpRequest, public_id: str, file_id: str) -> HttpResponse:
    """Destroy an attachment's bytes."""
    head = head_of(request.viewer, public_id)  # type: ignore[attr-defined]
    try:
        do.remove_attachment(file_id, by=request.viewer)  # type: ignore[attr-defined]
    except do.CustomerUnknown:
        raise Http404 from None
    messages.success(request, _("The attached file is destroyed."))
    return redirect("desk:file", head.row.public_id)
