#!/usr/bin/python3
# tests/bites/bites.py SOURCE: breaks each guarantee on purpose in a copy of the sources and sees the test that
# guards it turn red. README.md says more.
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap

SOURCE = os.path.abspath(sys.argv[1])
MESON = "meson"


class Mutant:
    """One guarantee, how it is broken, and which test must notice. `cases` chooses among a scenario's stories; without a
    test it is the compiler that must notice."""

    def __init__(self, name, path, old, new, test, cases=None):
        self.name = name
        self.path = path
        self.old = old
        self.new = new
        self.test = test
        self.cases = cases


MUTANTS = [
    Mutant("money: a sum may wrap", "src/core/cobro-money.c",
           "if (__builtin_add_overflow (a.minor, b.minor, &sum))", "sum = (gint64) ((guint64) a.minor + (guint64) b.minor); if (0)",
           "core-money"),
    Mutant("money: halves are cut off", "src/core/cobro-money.c", "return quotient + away;\n    case", "return quotient;\n    case",
           "core-oracle-money"),
    Mutant("money: a split loses the rest", "src/core/cobro-money.c", "rest > 0; i++, rest--", "rest > 1; i++, rest--",
           "core-oracle-money"),
    Mutant("money: currencies are mixed", "src/core/cobro-money.c", "if (a.currency != b.currency)", "if (0)", "core-money"),
    Mutant("money: a floating-point number gets in", "src/core/cobro-money.c", "return a.minor == b.minor &&",
           "volatile double cents = (double) a.minor; return cents == (double) b.minor &&", None),
    Mutant("currency: the yen has cents", "src/core/cobro-currency.c", '{ "JPY", 0,', '{ "JPY", 2,', "core-oracle-money"),
    Mutant("payment: failed takes back succeeded", "src/core/cobro-payment.c",
           "  { COBRO_PAYMENT_CANCELLED,       COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       LATE    },",
           "  { COBRO_PAYMENT_CANCELLED,       COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       LATE    },\n"
           "  { COBRO_PAYMENT_SUCCEEDED,       COBRO_FACT_FAILED,        COBRO_PAYMENT_FAILED,          EVENT   },", "core-payment"),
    Mutant("payment: late success is forgotten", "src/core/cobro-payment.c",
           "  { COBRO_PAYMENT_FAILED,          COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       LATE    },", "",
           "core-payment"),
    Mutant("payment: the first of two final words wins", "src/core/cobro-payment.c",
           "  { COBRO_PAYMENT_FAILED,          COBRO_FACT_CANCELLED,     COBRO_PAYMENT_CANCELLED,       EVENT   },", "",
           "core-payment"),
    Mutant("payment: a slot is not given back", "src/core/cobro-payment.c",
           "#define RELEASE (COBRO_EFFECT_EVENT | COBRO_EFFECT_RELEASE)", "#define RELEASE (COBRO_EFFECT_EVENT)", "core-payment"),
    Mutant("link: expiry is a moment late", "src/core/cobro-link-status.c", "now >= link->expires_at", "now > link->expires_at",
           "core-link-status"),
    Mutant("link: a lost dispute still counts as paid", "src/core/cobro-link-status.c",
           "if (cobro_money_is_set (tally->lost) &&", "if (0 &&", "core-link-status"),
    Mutant("link: too much is as good as enough", "src/core/cobro-link-rules.c",
           "cobro_money_compare (amount, most) <= 0", "1", "core-link"),
    Mutant("text: the reading direction may be turned", "src/core/cobro-text.c", "(c >= 0x2066 && c <= 0x2069)", "0", "core-text"),
    Mutant("ids: a millisecond has no order", "src/core/cobro-random.c", "ms <= random->last_ms &&", "0 &&", "core-base"),
    Mutant("event: the object is outside the hash", "src/core/cobro-event.c", "add_text (checksum, event->object);", "",
           "core-nouns"),

    # ── The relay, by its stories ──
    Mutant("slots: a second payer is let in", "relay/store/relay-payment-store.c", "gint64 limit = cobro_link_use_limit (link->link);",
           "gint64 limit = cobro_link_use_limit (link->link) + 1;", "scenario-races", "1000 races for a single-use link"),
    Mutant("webhooks: signatures are not checked", "relay/providers/mock/relay-mock-hooks.c",
           "if (!matches_a_secret (account, timestamp, raw, signature + 3))", "if (0)", "scenario-stories",
           "forged webhooks change nothing"),
    Mutant("webhooks: old ones are taken", "relay/providers/mock/relay-mock-hooks.c", "> TOLERANCE)", "> TOLERANCE * 1000)",
           "scenario-stories", "forged webhooks change nothing"),
    Mutant("webhooks: what is signed is believed", "relay/checkout/relay-inbox-apply.c",
           "*out_believed = ok && (*record)->payment->state == COBRO_PAYMENT_SUCCEEDED;", "*out_believed = ok;",
           "scenario-stories", "the provider must confirm"),
    Mutant("facts: any amount settles", "relay/checkout/relay-apply.c",
           "!cobro_money_equal (fact->amount, payment->amount))\n    relay_apply", "0)\n    relay_apply",
           "scenario-stories", "another amount than asked"),
    Mutant("facts: late money is not told", "relay/checkout/relay-apply.c",
           "if (status == COBRO_LINK_EXPIRED || status == COBRO_LINK_CANCELLED)", "if (status == COBRO_LINK_EXPIRED)",
           "scenario-stories", "late success of a cancelled link"),
    Mutant("ledger: a payment is not written down", "relay/checkout/relay-apply.c",
           "return relay_ledger_append (self->tx, self->payment, RELAY_LEDGER_PAYMENT, payment->received, self->fact->event_id,\n"
           "                              error);", "return TRUE;", "scenario-stories", "paid"),
    Mutant("log: the chain is broken", "relay/store/relay-event-store.c",
           "cobro_event_seal (event, previous[0] != '\\0' ? previous : NULL);", "cobro_event_seal (event, NULL);",
           "scenario-stories", "paid"),
    Mutant("books: an answer without a commit", "src/db/cobro-db-writer.c", "  if (!cobro_db_commit (self->db, error))\n",
           "  if (g_get_monotonic_time () % 20 == 0)\n    cobro_db_rollback (self->db);\n"
           "  else if (!cobro_db_commit (self->db, error))\n", "scenario-kills"),
    # ── The books on PostgreSQL ──
    Mutant("server: what is acknowledged need not be on its disk", "src/db/cobro-db-postgres-session.c",
           "WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END", "WHEN 'off' THEN 'off' ELSE 'on' END", "db-server"),
    Mutant("server: a COMMIT without an answer is taken for lost", "src/db/cobro-db-lane.c",
           "  kept = number == self->number + 1;\n", "  kept = FALSE;\n", "db-lanes"),
    Mutant("server: a COMMIT without an answer is taken for kept", "src/db/cobro-db-lane.c",
           "  kept = number == self->number + 1;\n", "  kept = TRUE;\n", "db-lanes"),
    Mutant("server: a COMMIT that comes too late is not stopped", "src/db/cobro-db-lane.c",
           "THEN lane.number ELSE :fenced END", "THEN lane.number ELSE lane.number END", "db-lanes"),
    Mutant("server: writers of one key do not wait for each other", "src/db/cobro-db-lane.c",
           '"; SELECT pg_advisory_xact_lock (%" G_GINT64_FORMAT ")"', '"; SELECT %" G_GINT64_FORMAT', "db-lanes"),
    Mutant("server: a failed transaction is taken for committed", "src/db/cobro-db-postgres-talk.c",
           '|| strcmp (PQcmdStatus (result), "ROLLBACK") != 0 ||', "|| TRUE ||", "db-server"),

    Mutant("merchants: a link is found by its id alone", "relay/store/relay-link-store.c",
           '"WHERE merchant_id = :merchant AND id = :id AND livemode = :livemode"',
           '"WHERE :merchant IS NOT NULL AND id = :id AND livemode = :livemode"', "scenario-isolation",
           "foreign objects do not exist"),
    Mutant("merchants: payments of everybody are listed", "relay/store/relay-list.c",
           '" WHERE merchant_id = :merchant AND livemode = :livemode"', '" WHERE :merchant IS NOT NULL AND livemode = :livemode"',
           "scenario-isolation", "lists, feed and filters"),
    Mutant("pairing: a code is good twice", "relay/store/relay-pair-store.c",
           'else if (!cobro_db_column_is_null (found, "spent_at"))', "else if (0)", "scenario-bad-input", "pairing codes"),
    Mutant("pairing: a code is good for ever", "relay/store/relay-pair-store.c",
           'else if (cobro_db_column_time (found, "expires_at") <= tx->now)', "else if (0)", "scenario-bad-input", "pairing codes"),
    Mutant("keys: one request key makes two links", "relay/store/relay-idempotency-store.c",
           'if (g_strcmp0 (cobro_db_column_text (statement, "state"), "done") == 0)', "if (0)", "scenario-races",
           "one idempotency key, ten requests at once"),

    # ── The whole, by the simulator ──
    Mutant("disk: a commit is not flushed", "src/db/cobro-db-sqlite.c", "PRAGMA synchronous = FULL;", "PRAGMA synchronous = NORMAL;",
           "simulator-1"),
    Mutant("simulated: any amount settles", "relay/checkout/relay-apply.c",
           "!cobro_money_equal (fact->amount, payment->amount))\n    relay_apply", "0)\n    relay_apply",
           "simulator-1"),
    Mutant("calls: a repeated call has another key than the first", "relay/store/relay-attempt-store.c",
           "refund_id IS NOT DISTINCT FROM :refund ORDER BY number LIMIT 1",
           "refund_id IS NOT DISTINCT FROM :refund ORDER BY number LIMIT 0", "relay-checkout-charge"),
    Mutant("webhooks: a repeated one is another one", "relay/store/relay-inbox-store.c",
           'cobro_db_bind_text (statement, ":event", event_id);\n  cobro_db_bind_blob',
           'g_autofree char *other = g_strdup_printf ("%s/%u", event_id, g_random_int ());\n'
           '  cobro_db_bind_text (statement, ":event", other);\n  cobro_db_bind_blob', "relay-checkout-inbox"),
    Mutant("secrets: sealed for any place", "relay/store/relay-store-secrets.c",
           'return g_strdup_printf ("%s|%s|%s|%s|%d", place->table, place->column, place->row, place->merchant_id->text,\n'
           "                          place->livemode);", 'return g_strdup ("");', "relay-secrets"),
    Mutant("keys: a revoked one is good", "relay/store/relay-key-store.c",
           '&& cobro_db_column_is_null (row, "revoked_at") &&', "&&", "relay-keys"),

    # ── The card-and-link API ──
    Mutant("tokens: one that is over is good", "src/wire/cobro-wire-jwt.c", "if (expires != 0 && now >= expires)", "if (0)", "wire-jwt"),
    Mutant("tokens: two texts for one", "src/wire/cobro-wire-base64url.c", "if ((bits & ((1u << count) - 1)) != 0)", "if (0)", "wire-jwe"),
    Mutant("tokens: a short secret will do", "src/wire/cobro-wire-jwt.c", "return n >= COBRO_WIRE_JWT_KEY_MIN ||", "return n > 0 ||", "wire-jwt"),
    Mutant("tokens: a header may say anything", "src/wire/cobro-wire-jwt.c", "return cobro_wire_done (header, NULL) ||", "return TRUE ||", "wire-jwt"),
    Mutant("tokens: the stored link is not looked at", "relay/api/relay-api-dyn-access.c",
           "return (equal (claims->id, id) && equal (claims->email, link->link->customer_email)) ||",
           "return (equal (claims->id, id) || TRUE) ||", "relay-dyn-access"),
    Mutant("tokens: the keys of a period end with it", "relay/api/relay-api-dyn-access.c", "if (age < RELAY_DYN_TOKEN_LIFE + SKEW)", "if (0)",
           "relay-dyn-access"),
    Mutant("payloads: the parties are left out", "src/wire/cobro-wire-jwe.c", "add_field (sum, jwe->apv) &&", "add_field (sum, NULL) &&", "wire-jwe"),
    Mutant("payloads: crit is not looked at", "src/wire/cobro-wire-jwe.c",
           'if (cobro_wire_kind (header, "crit") != COBRO_WIRE_ABSENT || cobro_wire_kind (header, "zip") != COBRO_WIRE_ABSENT)',
           'if (cobro_wire_get_raw (header, "crit") == NULL && cobro_wire_get_raw (header, "zip") == NULL && 0)', "wire-jwe"),
    Mutant("payloads: the same one charges again", "relay/api/relay-api-dyn-pay.c",
           'named != NULL ? named : adding->jwe);', 'request->id);', "scenario-dyn", "the same payload charges once"),
    Mutant("payloads: any amount will do", "relay/api/relay-api-dyn-pay.c",
           "(cobro_money_is_set (due) && !cobro_money_equal (*out_amount, due))", "0", "scenario-dyn", "payloads are read strictly"),
    Mutant("cards: what is encrypted may hold one", "relay/api/relay-api-dyn-pay.c",
           "if (cobro_card_number_is_in (text, (gssize)length))", "if (0)", "scenario-dyn", "card numbers are refused"),
    Mutant("cards: blanks hide one", "src/core/cobro-card-number.c", "#define GAP_MAX    6", "#define GAP_MAX    0", "core-card-number"),
    Mutant("balance: test money counts", "relay/store/relay-balance-store.c", '"AND payment.livemode = :livemode GROUP', '"AND :livemode IS NOT NULL GROUP',
           "relay-dyn-access"),

    # ── Stripe ──
    Mutant("stripe: a time in the future is good", "relay/providers/stripe/relay-stripe-signature.c",
           "ABS (header.seconds - now / COBRO_SECOND) > TOLERANCE",
           "now / COBRO_SECOND - header.seconds > TOLERANCE", "stripe-signature"),
    Mutant("stripe: an upper-case signature is good", "relay/providers/stripe/relay-stripe-signature.c",
           "relay_adapter_hex_equal (header->v1[k], mac, MAC_LENGTH)",
           "relay_adapter_hex_equal (g_ascii_strdown (header->v1[k], -1), mac, MAC_LENGTH)", "stripe-signature"),
    Mutant("stripe: an unknown status is paid", "relay/providers/stripe/relay-stripe-facts.c",
           'return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "\\"%.40s\\" is not known here", status);',
           "return (*out_kind = COBRO_FACT_SUCCEEDED) == COBRO_FACT_SUCCEEDED;", "stripe"),
    Mutant("stripe: a session may say paid and its intent not", "relay/providers/stripe/relay-stripe-facts.c",
           "if (alone == COBRO_FACT_SUCCEEDED && intent != COBRO_FACT_SUCCEEDED)",
           "if (0)", "stripe"),
    Mutant("stripe: a declined card ends the payment", "relay/providers/stripe/relay-stripe-facts.c",
           '{ "requires_payment_method", COBRO_FACT_PENDING }',
           '{ "requires_payment_method", COBRO_FACT_FAILED }', "stripe-hooks"),
    Mutant("stripe: everybody's events are ours", "relay/providers/stripe/relay-stripe-hooks.c",
           "if (strcmp (said, connected) == 0)",
           "if (*connected == 0 || *said != 0)", "stripe-hooks"),
    Mutant("stripe: play money settles", "relay/providers/stripe/relay-stripe-hooks.c",
           "if (live != account->livemode)",
           "if (live != account->livemode && 0)", "stripe-hooks"),
    Mutant("stripe: a refund of another amount is ours", "relay/providers/stripe/relay-stripe-back.c",
           "return cobro_money_equal (talk->fact->amount, talk->amount) ||",
           "return TRUE ||", "stripe"),
    Mutant("stripe: a refund goes without its key", "relay/providers/stripe/relay-stripe-requests.c",
           'g_strdup ("/v1/refunds"), talk->key, form)',
           'g_strdup ("/v1/refunds"), "refund", form)', "stripe"),
    Mutant("stripe: a key that was used is not looked for", "relay/providers/stripe/relay-stripe-talks.c",
           "if (is_idempotency_error (answer))",
           "if (0 && is_idempotency_error (answer))", "stripe"),
    Mutant("stripe: only the first page is looked through", "relay/providers/stripe/relay-stripe-find.c",
           "if (after == NULL)",
           "if (TRUE)", "stripe"),
    Mutant("stripe: a 404 of anybody means never seen", "relay/providers/stripe/relay-stripe-errors.c",
           'if (strcmp (code, "resource_missing") == 0)',
           "if (TRUE)", "stripe"),

    # ── The main job through real providers ──
    Mutant("companies: a key that they repeat is kept", "relay/providers/relay-adapter.c", "blank_secrets (self, talk, failure->message);", "",
           "scenario-provider-stripe", "no secret is seen anywhere"),
    Mutant("companies: what they send rests in clear", "relay/store/relay-inbox-store.c",
           "g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed)", "g_bytes_get_data (raw, NULL), g_bytes_get_size (raw)",
           "scenario-provider-stripe", "no secret is seen anywhere"),
    Mutant("companies: a second charge goes unnoticed", "relay/checkout/relay-apply.c",
           "if (is_another_charge (record, fact) && fact->kind >= COBRO_FACT_SUCCEEDED)",
           "if (is_another_charge (record, fact) && fact->kind > COBRO_FACT_SUCCEEDED)", "scenario-provider-razorpay", "paid twice there"),
    Mutant("stripe: abandoned pages stay open", "relay/providers/stripe/relay-stripe-requests.c", '"/v1/checkout/sessions/%s/expire"',
           '"/v1/checkout/sessions/%s"', "scenario-provider-stripe", "abandoned"),
    Mutant("razorpay: all refunds have one key", "relay/providers/razorpay/relay-razorpay-back.c", '"X-Refund-Idempotency", key);',
           '"X-Refund-Idempotency", "cobro-refund-key");', "scenario-provider-razorpay", "refunded in parts"),
    Mutant("flutterwave: any secret will do", "relay/providers/flutterwave/relay-flutterwave-hooks.c",
           "strlen (header) == length && cobro_bytes_equal_constant_time (header, secret, length)", "strlen (header) + length > 0", "scenario-provider-flutterwave", "forged webhooks"),

    # ── Openpay ──
    Mutant("openpay: half a password will do", "relay/providers/openpay/relay-openpay-hooks.c",
           "strlen (expected) == length && cobro_bytes_equal_constant_time (expected, credentials, length)",
           "length > 16 && strncmp (expected, credentials, 16) == 0", "openpay-hooks"),
    Mutant("openpay: a charge is sent without a look", "relay/providers/openpay/relay-openpay-begin.c",
           "if ((charge = relay_openpay_charges_find (charges, talk->intent->reference)) != NULL)",
           "if ((charge = relay_openpay_charges_find (charges, talk->intent->reference)) != NULL && again)", "openpay"),
    Mutant("openpay: a refund that may have been made is sent again", "relay/providers/openpay/relay-openpay-refund.c",
           "if (talk->target->tried && !shows_all (charge))", "if (0 && !shows_all (charge))", "scenario-openpay",
           "a refund behind another"),
    Mutant("openpay: a refund that is booked is asked about", "relay/checkout/relay-inbox-apply.c", "if (booked || (record", "if (booked > 1 || (record",
           "scenario-openpay", "a refund that is shown no more"),
    Mutant("openpay: a failed card ends its order", "relay/providers/openpay/relay-openpay-charge.c", "if (fact->kind != COBRO_FACT_FAILED ||",
           "if (fact->kind == COBRO_FACT_FAILED ||", "scenario-openpay", "a token at risk"),
    Mutant("openpay: a wrong address means that nothing was paid", "relay/providers/openpay/relay-openpay-answer.c",
           "if (answer->status == 404)", "if (0)", "openpay"),
    Mutant("openpay: other orders mean that ours is not there", "relay/providers/openpay/relay-openpay-look.c", "if (length == 0)",
           "if (length < 1000)", "openpay"),

    # ── Razorpay ──
    Mutant("razorpay: any order that the browser brings", "relay/providers/razorpay/relay-razorpay-hook.c",
           "strcmp (field (fields, prefix), object_id) == 0 ? g_strdup_printf (\"%s|%s\", object_id, charge) : NULL",
           "g_strdup_printf (\"%s|%s\", field (fields, prefix), charge)", "razorpay-vectors"),
    Mutant("razorpay: a short secret is one, too", "relay/providers/razorpay/relay-razorpay-hook.c", "#define SECRET_MIN 16", "#define SECRET_MIN 1",
           "razorpay-vectors"),
    Mutant("razorpay: an order is made without a look", "relay/providers/razorpay/relay-razorpay-begin.c",
           "return talk->intent->embedded ? relay_razorpay_find_order (talk, ask) : make (talk, ask, FALSE, error);",
           "return make (talk, ask, talk->intent->embedded, error);", "razorpay"),
    Mutant("razorpay: the newer of two orders", "relay/providers/razorpay/relay-razorpay-begin.c", "order->created_at < best->created_at",
           "order->created_at > best->created_at", "razorpay"),
    Mutant("razorpay: an authorisation is money", "relay/providers/razorpay/relay-razorpay-read.c",
           "case RELAY_RAZORPAY_AUTHORIZED:\n      return COBRO_FACT_PROCESSING;", "case RELAY_RAZORPAY_AUTHORIZED:\n      return COBRO_FACT_SUCCEEDED;",
           "scenario-razorpay", "never captured"),
    Mutant("razorpay: a refund without its key", "relay/providers/razorpay/relay-razorpay-back.c", '"X-Refund-Idempotency"', '"X-Idempotency"',
           "razorpay-back"),

    # ── Flutterwave ──
    Mutant("flutterwave: the secret will do as a signature", "relay/providers/flutterwave/relay-flutterwave-hooks.c",
           "matches |= is_the_mac (signature, secret, raw);",
           "matches |= is_the_mac (signature, secret, raw) || is_the_secret (signature, secret);", "flutterwave-hooks"),
    Mutant("flutterwave: a charge is sent without a look", "relay/providers/flutterwave/relay-flutterwave-begin.c",
           "return look_before (talk, NULL, ask, error);",
           "return ask_for_payment (talk, ask, error);", "flutterwave"),
    Mutant("flutterwave: a lost answer to a charge means that nothing happened", "relay/providers/flutterwave/relay-flutterwave-talk.c",
           'cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "it is not known',
           'cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "it is not known', "flutterwave"),
    Mutant("flutterwave: the currency is left out", "relay/providers/flutterwave/relay-flutterwave-begin.c",
           'cobro_wire_put_text (writer, "currency", cobro_money_code (intent->amount));',
           "(void)0;", "flutterwave"),
    Mutant("flutterwave: another reference's payment is ours", "relay/providers/flutterwave/relay-flutterwave-read.c",
           "if (strcmp (found.tx_ref, reference) != 0)",
           "if (0)", "flutterwave"),
    Mutant("flutterwave: the fees are the seller's", "relay/providers/flutterwave/relay-flutterwave-read.c",
           'relay_adapter_text (data, "amount");',
           'relay_adapter_text (data, "charged_amount");', "flutterwave"),
    Mutant("flutterwave: the first transaction is the only one", "relay/providers/flutterwave/relay-flutterwave-read.c",
           "if (best.kind == COBRO_FACT_SUCCEEDED)",
           "if (best.kind != COBRO_FACT_PENDING)", "flutterwave"),
    Mutant("flutterwave: a list that cannot be read is empty", "relay/providers/flutterwave/relay-flutterwave-talk.c",
           'if (raw == NULL || (list->len == 0 && strcmp (raw, "[]") != 0))',
           "if (0)", "flutterwave-back"),
    Mutant("flutterwave: a refund that may have been made is sent again", "relay/providers/flutterwave/relay-flutterwave-refund.c",
           "(talk->kind == RELAY_TALK_REFUND && !talk->target->tried)",
           "talk->kind == RELAY_TALK_REFUND", "flutterwave-back"),

    # ── Outgoing webhooks ──
    Mutant("deliveries: written after the event, not with it", "relay/store/relay-event-store.c",
           "!relay_delivery_fan_out (tx, scope, event, error))", "FALSE)", "relay-delivery-worker"),
    Mutant("deliveries: whoever is late may still have the last word", "relay/store/relay-delivery-store.c",
           "WHERE row = :row AND attempt = :attempt AND state = 'leased'", "WHERE row = :row AND :attempt = :attempt",
           "relay-delivery-worker"),
    Mutant("deliveries: retries live in memory", "relay/delivery/relay-deliverer-turn.c", "(turn->reap &&", "(FALSE &&",
           "relay-delivery-worker"),
    Mutant("deliveries: one that hangs takes every place", "relay/delivery/relay-deliverer.c",
           "while (lane->flying < RELAY_DELIVERER_LANE &&", "while (", "relay-delivery-worker"),
    Mutant("deliveries: redirects are followed", "src/net/cobro-net-client.c",
           'return exchange->redirects_left > 0 && g_str_equal (exchange->method, "GET") &&', "return", "relay-delivery-dialer"),
    Mutant("deliveries: any address will do", "relay/delivery/relay-dialer.c", "if (!check_address (host, one->data, error))",
           "if (!check_address (host, one->data, NULL) && FALSE)", "relay-delivery-dialer"),
]


class Copy:
    """The sources in a folder that may be broken, built once."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="cobro-bites-")
        self.source = os.path.join(self.folder, "source")
        self.build = os.path.join(self.folder, "build")

    def __enter__(self):
        shutil.copytree(SOURCE, self.source, ignore=lambda folder, names: [
            name for name in names if name.startswith("build") or name in (".git", "node_modules", "__pycache__")])
        self.must("configure", [MESON, "setup", self.build, self.source])
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def must(what, command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{what}: {done.stdout[-3000:]} {done.stderr[-3000:]}"

    def test(self, mutant):
        """Builds everything and runs the test; whether it was green. Where a test is to notice, the build must work."""
        if mutant.test is None:
            return subprocess.run(["ninja", "-C", self.build], capture_output=True, check=False).returncode == 0
        self.must("build", ["ninja", "-C", self.build])
        environment = {**os.environ, "COBRO_TEST_ONLY": mutant.cases or ""}
        done = subprocess.run([MESON, "test", "-C", self.build, "--no-rebuild", "--setup", "slow", mutant.test], capture_output=True,
                              text=True, env=environment, check=False)
        assert "No suitable tests" not in done.stdout + done.stderr, f"no test is called {mutant.test}"
        return done.returncode == 0


def bite(copy, mutant):
    def case():
        path = os.path.join(copy.source, mutant.path)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert text.count(mutant.old) == 1, f"{mutant.path} has {text.count(mutant.old)} times: {mutant.old}"
        try:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(mutant.old, mutant.new))
            assert not copy.test(mutant), f"{mutant.test or 'the build'} stayed green"
        finally:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    return case


def unbroken(copy):
    """Without a mutant all these tests are green: their red means something."""
    def case():
        for test, cases in sorted({(mutant.test, mutant.cases or "") for mutant in MUTANTS if mutant.test}):
            assert copy.test(Mutant("", "", "", "", test, cases)), f"{test} is red without a mutant"
    return case


if __name__ == "__main__":
    with Copy() as copied:
        tap.run([("nothing broken, nothing red", unbroken(copied))] + [(one.name, bite(copied, one)) for one in MUTANTS])
