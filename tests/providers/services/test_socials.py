"""Profiles among the links of a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.providers.services.socials import profiles, sites


def found(*links: str, same_as: tuple[str, ...] = (), domain: str = "acme.com") -> dict[str, str]:
    """The profiles, by field."""
    return profiles(links, same_as, domain)


@pytest.mark.parametrize(
    ("link", "field", "profile"),
    [
        ("https://de.linkedin.com/company/acme/?trk=x", "linkedin", "https://www.linkedin.com/company/acme"),
        ("http://linkedin.com/company/acme/about/", "linkedin", "https://www.linkedin.com/company/acme"),
        ("https://www.linkedin.com/school/acme", "linkedin", "https://www.linkedin.com/school/acme"),
        ("https://twitter.com/acme?lang=de", "twitter", "https://twitter.com/acme"),
        ("https://mobile.twitter.com/acme", "twitter", "https://twitter.com/acme"),
        ("https://x.com/acme", "twitter", "https://x.com/acme"),
        ("https://de-de.facebook.com/acme.steel/", "facebook", "https://www.facebook.com/acme.steel"),
        ("https://fb.com/acme", "facebook", "https://www.facebook.com/acme"),
        ("https://facebook.com/pages/Acme/123456", "facebook", "https://www.facebook.com/pages/Acme/123456"),
        ("https://www.facebook.com/sharers", "facebook", "https://www.facebook.com/sharers"),
        ("https://www.instagram.com/acme.steel/", "instagram", "https://www.instagram.com/acme.steel"),
        ("https://youtube.com/@acme/videos", "youtube", "https://www.youtube.com/@acme"),
        ("https://www.youtube.com/channel/UCabc", "youtube", "https://www.youtube.com/channel/UCabc"),
        ("https://github.com/acme", "github", "https://github.com/acme"),
    ],
)
def test_a_profile(link: str, field: str, profile: str) -> None:
    """In its plain form."""
    assert found(link) == {field: profile}


@pytest.mark.parametrize(
    "link",
    [
        "https://www.linkedin.com/in/ada",  # a person
        "https://www.linkedin.com/shareArticle?url=x",
        "https://www.linkedin.com/",
        "https://twitter.com/intent/tweet?text=x",
        "https://twitter.com/share?url=x",
        "https://twitter.com/acme/status/1",
        "https://twitter.com/hashtag/steel",
        "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://www.facebook.com/sharer.php?u=x",
        "https://www.facebook.com/dialog/share",
        "https://www.facebook.com/acme/posts/1",
        "https://www.facebook.com/groups/acme",
        "https://www.facebook.com/tr?id=1",
        "https://www.instagram.com/p/abc/",
        "https://www.instagram.com/explore/",
        "https://www.youtube.com/watch?v=1",
        "https://www.youtube.com/",
        "https://github.com/acme/steel",  # a repository
        "https://github.com/features",
        "https://twitter.com/%7B%7Bhandle%7D%7D",  # nobody filled it in
        "https://www.linkedin.com/company/%20",
        "https://evil.com/linkedin.com/company/acme",
        "https://linkedin.com.evil.com/company/acme",
        "https://notx.com/acme",
        "ftp://x.com/acme",
        "http://[",
    ],
)
def test_no_profile(link: str) -> None:
    """Posts, people, share buttons, the site's own pages, other sites."""
    assert found(link) == {}


def test_one_or_none() -> None:
    """The same one twice is one; of two, nobody knows which."""
    assert found("https://x.com/acme", "https://twitter.com/Acme/") == {"twitter": "https://x.com/acme"}
    assert found("https://x.com/acme", "https://x.com/other") == {}


def test_what_the_site_says_of_itself_comes_first() -> None:
    """Whatever it links to besides; but two there are two."""
    links = ("https://x.com/other", "https://x.com/third")
    assert found(*links, same_as=("https://x.com/acme",)) == {"twitter": "https://x.com/acme"}
    assert found("https://x.com/acme", same_as=links) == {}


def test_a_platforms_own_pages() -> None:
    """Are no profiles on it."""
    assert found("https://github.com/acme", "https://x.com/github", domain="github.com") == {
        "twitter": "https://x.com/github"
    }


@given(st.sampled_from([f"https://{host}/" for site in sites().values() for host in site.hosts]), st.text())
def test_any_address(start: str, rest: str) -> None:
    """Is a profile that can stand in a cell, or none; and a profile is its own plain form."""
    for profile in found(start + rest).values():
        assert profile.isprintable() and " " not in profile
        assert list(found(profile).values()) == [profile]
