"""An address as a picture to be scanned: plain SVG, without inline style."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from qrcode.constants import ERROR_CORRECT_M

BORDER = 4  # modules of quiet around it (ISO/IEC 18004)


def svg(text: str) -> SafeString:
    """The picture. Its class gives it its size; the text stands beside it for who cannot scan."""
    code = qrcode.QRCode(border=BORDER, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        len(rows), _("The same address, to be scanned"), path,
    )  # fmt: skip
