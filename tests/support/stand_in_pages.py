# tests/support/stand_in_pages.py — hosted pages of the stand-ins (stand_in.py): plain forms with the same words everywhere, so that
# one browser test drives all providers.
import html
import re

from stand_in_wire import Answer


def document(title, content):
    """A page. Its h1 is @title."""
    return Answer(200, f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title>"
                       f"<meta name=viewport content='width=device-width'><h1>{html.escape(title)}</h1>{content}",
                  media="text/html; charset=utf-8")


def form(action, fields="", buttons="", method="post"):
    return f"<form method={method} action='{html.escape(action)}'>{fields}{buttons}</form>"


def field(label, name, value=""):
    return f"<p><label>{html.escape(label)} <input name='{html.escape(name)}' value='{html.escape(value)}'></label>"


def button(label, name="do", value=""):
    return f"<button name='{html.escape(name)}' value='{html.escape(value or label.lower())}'>{html.escape(label)}</button>"


def card_form(action, amount, message="", walk_away=None):
    """Card number, Expiry, CVC, and buttons Pay (do=pay) and Cancel (do=cancel); @walk_away: address of a link "Back"."""
    note = f"<p role=alert>{html.escape(message)}" if message else ""
    back = f"<p><a href='{html.escape(walk_away)}'>Back</a>" if walk_away else ""
    return document(f"Pay {amount}", note + form(action, field("Card number", "number") + field("Expiry", "expiry") + field("CVC", "cvc"),
                                                 button("Pay") + button("Cancel")) + back)


def challenge_form(action):
    """3-D Secure: buttons Approve (answer=approve) and Refuse (answer=refuse)."""
    return document("Your bank asks", form(action, "", button("Approve", "answer") + button("Refuse", "answer")))


def digits(number):
    """A card number as it was typed, without blanks."""
    return re.sub(r"\D", "", number or "")
