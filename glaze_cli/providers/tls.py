"""Whom TLS trusts: those whom the machine trusts, a company's own authority included."""

from __future__ import annotations

import ssl
import sys


def trusted_context(platform: str = sys.platform) -> ssl.SSLContext:
    """A context of the system's certificates, for HTTP/1.1.

    macOS and Windows verify by themselves, through truststore. Elsewhere the system's certificates are files
    that OpenSSL reads once; truststore, which reads them for every connection (40 ms for the usual file),
    is asked only where OpenSSL does not know where they are.
    """
    context = ssl.create_default_context()
    if platform in ("darwin", "win32") or not context.cert_store_stats()["x509_ca"]:
        try:
            import truststore

            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        except (ImportError, NotImplementedError):  # a Python or system that it does not know
            pass
    context.set_alpn_protocols(["http/1.1"])
    return context
