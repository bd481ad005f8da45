"""Pages that say nothing of a company although they answer."""

from __future__ import annotations

import pytest

from glaze_cli.providers.services.page import Page
from glaze_cli.providers.services.walls import wall_of


def wall(html: str, url: str = "https://acme.com/", domain: str = "acme.com") -> str | None:
    """What kind of page this is, without the title that gives it away."""
    found = wall_of(Page(html.encode(), url, None), domain)
    return found.split(" (")[0] if found else None


CHECK, PARKED, OWN = "a check for robots", "a parked domain, or one for sale", "a server's own page"
ERROR, BUILT = "an error page", "a page that is being built"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Just a moment...", CHECK),
        ("Attention Required! | Cloudflare", CHECK),
        ("Access Denied", CHECK),
        ("Access to this page has been denied.", CHECK),
        ("Verifying you are human", CHECK),
        ("acme.com - Domain is for sale", PARKED),
        ("Acme.com | For sale", PARKED),
        ("Diese Domain steht zum Verkauf", PARKED),
        ("acme.com is available at HugeDomains.com - HugeDomains.com", PARKED),
        ("Welcome to nginx!", OWN),
        ("Apache2 Debian Default Page: It works", OWN),
        ("IIS Windows Server", OWN),
        ("Test Page for the HTTP Server on Fedora", OWN),
        ("Index of /", OWN),
        ("React App", OWN),
        ("Apache Tomcat/9.0.1", OWN),
        ("404 Not Found", ERROR),
        ("Page not found – Acme", ERROR),
        ("Acme | 404", ERROR),
        ("Seite nicht gefunden", ERROR),
        ("Error establishing a database connection", ERROR),
        ("Account Suspended", ERROR),
        ("Redirecting…", ERROR),
        ("Coming Soon", BUILT),
        ("Acme - Under Construction", BUILT),
        ("Before you continue to Acme", "a question about cookies"),
        ("Log in · Acme", "a sign-in page"),
        # Companies, for all that:
        ("404 Media", None),
        ("Error Handling Ltd", None),
        ("The Login Company – secure sign-in for banks", None),
        ("Apache Tomcat® - Welcome!", None),
        ("Houses for sale in Ulm - Acme", None),
        ("Friendly Captcha | Spam protection", None),
        ("Forbidden Fruit Cider", None),
        ("Acme: steel", None),
        ("", None),
    ],
)
def test_by_its_title(title: str, kind: str | None) -> None:
    """Whole parts of it, or phrases that no company has in its."""
    assert wall(f"<title>{title}</title>") == kind


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<title>acme.com</title><form id="challenge-form"></form>', CHECK),
        ('<title>acme.com</title><script src="https://geo.captcha-delivery.com/c.js"></script>', CHECK),
        ('<html data-adblockkey="x"><title>acme.com</title></html>', PARKED),
        ('<title>acme.com</title><iframe src="//www.sedoparking.com/x"></iframe>', PARKED),
        (
            '<title>acme.com</title><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
            None,
        ),
    ],
)
def test_by_what_it_is_made_of(html: str, kind: str | None) -> None:
    """Elements and hosts that only such pages have."""
    assert wall(html) == kind


def test_a_seller_of_domains_has_a_page_of_its_own() -> None:
    """Its own scripts say nothing against it."""
    assert wall(
        '<title>Afternic</title><script src="https://www.afternic.com/a.js"></script>', domain="x.com"
    )
    html = '<title>Names</title><script src="https://www.afternic.com/a.js"></script>'
    assert wall(html, "https://www.afternic.com/", "afternic.com") is None


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://acme.com/error404.htm", ERROR),
        ("https://acme.com/404/", ERROR),
        ("https://consent.acme.com/collect", "a question about cookies"),
        ("https://acme.com/en/", None),
        ("https://acme.com/errors-and-omissions/insurance", None),
    ],
)
def test_by_its_address(url: str, kind: str | None) -> None:
    """Where a site led whoever asked for its home page."""
    assert wall("<title>Acme</title>", url) == kind
