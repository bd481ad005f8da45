"""A first manifest for a service of the user's own: it loads as it is, and says what to fill in."""

from __future__ import annotations

from glaze_cli.providers.manifest.load import ID

_TEMPLATE = """\
# {id}: a service of your own. Fill in what stands after FILL IN from the service's documentation, and delete
# what it does not have. `glaze providers check FILE` says with its line what is wrong.

id = "{id}"
title = "{id}"                             # FILL IN: its name, for people
docs = ""                                  # FILL IN: the address of its documentation
version = "1"                              # raise it when answers change meaning: older ones are asked anew
tier = "cheap"                             # free, cheap or premium: cheaper ones are asked first
base_url = "https://api.example.com/v1"    # FILL IN: what all its addresses begin with

[auth]
kind = "bearer"                            # FILL IN: or none, query, header, basic, oauth_client_credentials
env = "{env}"{pad}# where the key comes from; never the key itself
# name = "X-Api-Key"                       # of the header or parameter, for kind header and query
# optional = true                          # it can be asked without a key

[limits]
windows = ["60/1m"]                        # FILL IN: at most 60 calls a minute; "10/s", "5000/1d"
concurrency = 2                            # calls at once

[terms]
license = ""                               # FILL IN: of the data
attribution = ""                           # what has to stand beside it
store = true                               # false: its terms forbid to keep answers

[price]
published = ""                             # FILL IN: what it says of its price, "$5 per 1,000 searches"
read = ""                                  # when that was read, "2026-08"

# [check]                                  # a question that costs nothing, for `glaze providers check {id}`
# request = {{path = "/account"}}

[[op]]                                     # one kind of question; the first whose `needs` the row has is used
id = "by_domain"
needs = ["domain"]                         # FILL IN: fields the row must have; only these are sent
gives = ["employee_count", "industry"]     # FILL IN: fields it fills; `glaze columns` lists them all
request = {{path = "/companies", query = {{domain = "{{domain}}"}}}}  # FILL IN
# request = {{method = "POST", path = "/companies", json = {{domain = "{{domain}}"}}}}

# What an answer means: the first that holds. JMESPath over status, headers, body and text. Where none holds,
# the status says it: 2xx hit, 401 and 403 auth, 402 quota, 429 and 500 retry.
rules = [
    {{when = "status == `404`", then = "miss"}},
    # {{when = "body.error == 'no credit'", then = "quota", why = "no credit is left"}},
]

# Keeps answers about others out; `similarity = {{field = "company", path = "...", min = 0.85}}` for names.
accept = {{equal = {{field = "domain", path = "host(body.domain)"}}}}  # FILL IN
# confidence = {{path = "body.score", scale = 100}}                  # where it says how sure it is
cost = {{usd = "0.01", charge_on = ["hit"]}}                         # FILL IN: at most, and for which answers
# idempotent = true                                                # safe to ask again after a lost reply

[op.extract]                               # field = where it stands in the answer (JMESPath)
employee_count = "body.employees"          # FILL IN
industry = "body.industry"                 # FILL IN
"""


def manifest_template(id: str) -> str:
    """A commented manifest of that id. Raises ValueError, saying why it can be no id."""
    if not ID.fullmatch(id):
        raise ValueError("an id is lower-case letters, digits, `-` and `_`, and begins with a letter")
    env = id.upper().replace("-", "_") + "_API_KEY"
    return _TEMPLATE.format(id=id, env=env, pad=" " * max(2, 35 - len(env)))
