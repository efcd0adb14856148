# tests/support/stripe_money.py — Stripe's units, written down once more from Stripe's own list of currencies, independently of
# relay/providers/stripe/relay-stripe-currencies.c.
ZERO = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()      # whole units
HUNDREDFOLD = "ISK UGX".split()                                                    # hundredths ending in 00
THREE = "BHD JOD KWD OMR TND".split()                                              # thousandths ending in 0
ISO = {**dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0), **dict.fromkeys(THREE, 3)}
MOST = {"COP": 9999999999, "INR": 999999999, "IDR": 999999999999}               # all others: eight digits


def stripe_digits(currency):
    return 0 if currency in ZERO else 3 if currency in THREE else 2


def ours(currency, units):
    """Stripe's amount in ISO minor units."""
    currency = currency.upper()
    shift = ISO.get(currency, 2) - stripe_digits(currency)
    assert shift >= 0 or units % 10 ** -shift == 0, f"{units} {currency} is no whole number of ours"
    return units * 10 ** shift if shift >= 0 else units // 10 ** -shift


def theirs(currency, minor):
    currency = currency.upper()
    shift = stripe_digits(currency) - ISO.get(currency, 2)
    assert shift >= 0 or minor % 10 ** -shift == 0, f"{minor} {currency} is no whole number of Stripe's"
    return minor * 10 ** shift if shift >= 0 else minor // 10 ** -shift


def wrong_amount(currency, units):
    """What Stripe has against it, or None: (code, message)."""
    currency = currency.upper()
    if units < 1:
        return "parameter_invalid_integer", "This value must be greater than or equal to 1."
    if units > MOST.get(currency, 99999999):
        return "amount_too_large", "Amount must be no more than 99,999,999"
    if currency in HUNDREDFOLD and units % 100:
        return "parameter_invalid_integer", f"{currency} amounts must end in 00"
    if currency in THREE and units % 10:
        return "parameter_invalid_integer", f"{currency} amounts must end in 0"
    return None


def shown(currency, units):
    digits = stripe_digits(currency.upper())
    text = str(units).rjust(digits + 1, "0")
    return f"{currency.upper()} {text}" if digits == 0 else f"{currency.upper()} {text[:-digits]}.{text[-digits:]}"
