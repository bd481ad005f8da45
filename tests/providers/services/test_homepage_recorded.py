"""What sites really sent, redirects and all; and what other services sent, as if it were a site's page."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import httpx
import pytest

from glaze_cli.errors import ProviderError
from glaze_cli.model import Found, NotFound
from tests.loopback import SHARED, Say
from tests.providers.services.visiting import Network, ask, fails, site, values

ALL = sorted((SHARED / "recordings").glob("*/*.json"))
SITES = [path for path in ALL if path.parent.name == "website"]
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SITES, reason="needs ../shared/recordings"),
]

FOUND: list[tuple[str, dict[str, Any]]] = [
    (  # http only; names itself in og:site_name
        "alibaba.com",
        {
            "website": "https://www.alibaba.com/",
            "company": "Alibaba",
            "page_title": "Manufacturers, Suppliers, Exporters & Importers from the world's largest online "
            "B2B marketplace-Alibaba.com",
            "linkedin": "https://www.linkedin.com/company/alibaba.com",
            "facebook": "https://www.facebook.com/AlibabaUS",
            "youtube": "https://www.youtube.com/user/TeamAlibaba",
        },
    ),
    (  # an organisation in JSON-LD, with another inside and two contact points; one link dials
        "apple.com",
        {
            "website": "https://www.apple.com/",
            "company": "Apple",
            "page_title": "Apple",
            "phone": "1-800-692-7753",
            "logo": "https://www.apple.com/ac/structured-data/images/knowledge_graph_logo.png?202110180743",
            "linkedin": "https://www.linkedin.com/company/apple",
            "twitter": "https://twitter.com/Apple",
            "facebook": "https://www.facebook.com/Apple",
            "youtube": "https://www.youtube.com/user/Apple",
        },
    ),
    (  # from https back to http, to a page deep inside
        "www.ard.de",
        {
            "website": "https://www.ard.de/home/ard/ARD_Startseite/21920/index.html",
            "company": "ard.de",
            "page_title": "ARD Startseite",
            "logo": "https://www.ard.de/ARD-144.png",
            "facebook": "https://www.facebook.com/ARD",
            "twitter": "https://twitter.com/ardde",
            "youtube": "https://www.youtube.com/user/ARD",
        },
    ),
    (  # three redirects; a phone number and a mail box of its own
        "car2go.com",
        {
            "website": "https://www.car2go.com/US/en/",
            "company": "car2go",
            "page_title": "car2go Carsharing",
            "phone": "877-488-4224",
            "email": "memberservicesna@car2go.com",
        },
    ),
    (  # one profile among the posts of others
        "daringfireball.net",
        {
            "website": "http://daringfireball.net/",
            "page_title": "Daring Fireball",
            "logo": "http://daringfireball.net/graphics/apple-touch-icon.png",
            "twitter": "https://twitter.com/daringfireball",
        },
    ),
    (  # in Cyrillic
        "www.dnevnik.bg",
        {
            "website": "http://www.dnevnik.bg/",
            "page_title": "Новини, анализи и коментари - Dnevnik.bg",
            "logo": "http://www.dnevnik.bg/images/layout/apple-touch-icon.png",
            "twitter": "https://twitter.com/dnevnik",
            "instagram": "https://www.instagram.com/dnevnik.bg",
        },
    ),
    (  # its links start from another host, by `<base>`
        "eat24.com",
        {
            "website": "http://eat24.com/",
            "page_title": "EAT24 - Just Click, Relax and Enjoy",
            "twitter": "https://twitter.com/eat24",
            "instagram": "https://www.instagram.com/eat24",
        },
    ),
    (  # nobody at its bare domain: by `www.`
        "netflix.com",
        {
            "website": "https://www.netflix.com/de-en/",
            "page_title": "Netflix Germany - Watch TV Shows Online, Watch Movies Online",
            "logo": "https://assets.nflxext.com/us/ffe/siteui/common/icons/nficon2016.png",
            "phone": "0800-724-0697",
        },
    ),
    (
        "random.org",
        {
            "website": "https://www.random.org/",
            "page_title": "RANDOM.ORG - True Random Number Service",
            "logo": "https://www.random.org/graphics/touch/app-touch-72x72.png",
            "twitter": "https://twitter.com/RandomOrg",
        },
    ),
    (  # a site of many, and itself
        "xing.com",
        {
            "website": "https://www.xing.com/",
            "company": "XING",
            "page_title": "XING - Finde den Job, der zu Dir passt. Oder lass Dich finden!",
        },
    ),
    (  # a site of many, and itself; redirects to its own address once, and then answers
        "youtube.com",
        {"website": "https://www.youtube.com/", "page_title": "YouTube"},
    ),
]
"""Site → all that it gives but the description and the domain."""


def recorded() -> Network:
    """All recorded exchanges by address, in their order; whatever was not recorded cannot be reached."""
    said: defaultdict[str, list[Say]] = defaultdict(list)
    for path in SITES:
        document = json.loads(path.read_text("utf-8"))
        if document["class"] == "recorded" and document["request"]["method"] == "GET":
            said[str(httpx.URL(document["request"]["url"]))].append(Say.recording("website", path.stem))

    origins = {httpx.URL(url).copy_with(path="/") for url in said} | {httpx.URL("http://www.ard.de/")}

    def answer(request: httpx.Request) -> Say:
        if request.url.path == "/robots.txt" and request.url.copy_with(path="/") in origins:
            return Say(404)
        answers, secure = said[str(request.url)], str(request.url.copy_with(scheme="https"))
        if not answers and said[secure]:
            return Say.redirect(secure)
        if not answers:
            raise httpx.ConnectError("not recorded")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    return answer


@pytest.mark.parametrize(("website", "expected"), FOUND)
def test_what_each_site_gives(website: str, expected: dict[str, Any]) -> None:
    """Through its redirects to the page; these values and no others."""
    found = values(ask(recorded(), website=website))
    domain = website.removeprefix("www.")
    assert found.pop("domain") == domain
    found.pop("description", None)
    assert found == expected


@pytest.mark.parametrize(
    ("website", "why"),
    [
        ("example.com", "a server's own page"),
        ("aws.amazon.com", "a page on amazon.com"),
        ("printables.com", "an empty page"),  # a shell with a title, for a script to fill
    ],
)
def test_what_is_no_companys_site(website: str, why: str) -> None:
    """Is not found, for a reason."""
    answer = ask(recorded(), website=website)
    assert isinstance(answer, NotFound) and why in answer.detail


@pytest.mark.parametrize(
    ("website", "reason"),
    [
        ("github.com", "unreachable"),  # what it redirects to was not recorded
        ("kicktipp.de", "unreachable"),
        ("dnevnik.bg", "unreachable"),  # only `http://www.` was
        ("storage.googleapis.com", "provider_error"),  # status 400
    ],
)
def test_what_fails(website: str, reason: str) -> None:
    """Is no miss."""
    assert fails(recorded(), website=website).reason == reason


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("aws_amazon_com_0_200", {"company": "Amazon Web Services, Inc."}),
        ("opengraph", {"company": "Event Education", "page_title": "Himanshu's Open Graph Protocol"}),
        ("jsonld_with_control_characters", None),  # no organisation in it, nor anything to read
        ("jsonld_with_js_comment", None),  # an article
        ("alibaba_com_1_200", {"company": "Alibaba"}),
    ],
)
def test_pages_by_themselves(case: str, expected: dict[str, str] | None) -> None:
    """As the page of some site."""
    answer = ask(site(Say.recording("website", case)))
    if expected is None:
        assert isinstance(answer, NotFound)
    else:
        assert expected.items() <= values(answer).items()


@pytest.mark.parametrize("provider", sorted({path.parent.name for path in ALL}))
def test_no_value_comes_from_what_is_no_page(provider: str) -> None:
    """Whatever any service sent, sent by a site: only a web page with status 200 gives values."""
    for path in ALL:
        if path.parent.name == provider:
            said = Say.recording(provider, path.stem)
            kind = {name.lower(): text for name, text in said.headers.items()}.get("content-type", "")
            try:
                answer = ask(site(said))
            except ProviderError:
                continue
            if isinstance(answer, Found):
                assert said.status == 200 and "html" in kind, path
