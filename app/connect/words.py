"""The words of each failure on the connect page: what happened, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FailureKind = Literal[
    "denied",
    "wrong_address",
    "not_a_site",
    "refused",
    "lacks_rights",
    "timed_out",
    "provider_down",
    "other_books",
    "used",
    "expired",
    "unknown",
    "not_offered",
    "consent_lost",
    "internal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureWords:
    """One failure's title, what happened and what to do; `{name}` stands for the integration."""

    title: str
    happened: str
    do: str


WORDS: dict[FailureKind, FailureWords] = {
    "denied": FailureWords(
        title="You did not approve the connection",
        happened="Access was declined in {name}, so nothing was connected and nothing was changed.",
        do="If you did not mean to decline, start again and approve the request in {name}.",
    ),
    "wrong_address": FailureWords(
        title="There is nothing at that address",
        happened="The address you gave could not be reached.",
        do="Open {name} in your browser, copy the address from the address bar, and paste it into the form.",
    ),
    "not_a_site": FailureWords(
        title="That address is not {name}",
        happened="Something answered at the address you gave, but it was not {name}.",
        do="Open {name} in your browser, log in, and copy the address you see there.",
    ),
    "refused": FailureWords(
        title="{name} did not accept what you gave",
        happened="{name} answered, but refused the credentials.",
        do="Check that each was copied whole and is still in use, then give them again.",
    ),
    "lacks_rights": FailureWords(
        title="That user may not read the books",
        happened="{name} knows the user whose access you gave, but does not let that user read what is needed.",
        do="Ask an administrator of {name} for the rights, or connect as a user who has them.",
    ),
    "timed_out": FailureWords(
        title="{name} took too long to answer",
        happened="We waited for {name}, but no answer came in time.",
        do="Try again in a minute. If it goes on, check that {name} opens in your browser.",
    ),
    "provider_down": FailureWords(
        title="{name} is not available right now",
        happened="{name} answered that it cannot help at the moment. What you gave may well be right.",
        do="Try again in a few minutes.",
    ),
    "other_books": FailureWords(
        title="These are other books",
        happened="This link renews an existing connection, and what you gave leads to another account or company.",
        do="Give access to the same {name} account as before. To connect a new one, ask for a new link.",
    ),
    "used": FailureWords(
        title="This link has already been used",
        happened="A link connects one account, and this one has done so.",
        do="There is nothing left to do here. To connect another account, ask for a new link.",
    ),
    "expired": FailureWords(
        title="This link has expired",
        happened="For your safety a link works for a limited time only. Nothing was connected.",
        do="Go back to where you got the link and ask for a new one.",
    ),
    "unknown": FailureWords(
        title="This link does not work",
        happened="We do not know this link. It may have been cut short when it was copied.",
        do="Open it again from where you got it, or ask for a new one.",
    ),
    "not_offered": FailureWords(
        title="This cannot be connected here",
        happened="The link does not lead to an integration that is offered.",
        do="Choose another one, or ask whoever gave you the link.",
    ),
    "consent_lost": FailureWords(
        title="We lost track of your approval",
        happened="The approval from {name} did not belong to what was started in this browser, so it was not used.",
        do="Start again, and finish in the same browser.",
    ),
    "internal": FailureWords(
        title="Something went wrong on our side",
        happened="The connection could not be finished. It was not your doing.",
        do="Try again. If it goes on, tell whoever gave you the link.",
    ),
}
