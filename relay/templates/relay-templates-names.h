/* relay/templates/relay-templates-names.h — the values that templates may name, and their numbers.
 * Layer: relay/templates. Private. */
#pragma once

/* clang-format off */
#define RELAY_TEMPLATES_NAMES(X) \
  /* every page */ \
  X (LANG, "lang") X (DIR, "dir") X (TITLE, "title") X (THEME, "theme") X (ACCENT, "accent") X (TEST, "test") \
  X (SCRIPTS, "scripts") X (SCRIPT_URL, "script_url") X (SCRIPT_INTEGRITY, "script_integrity") \
  X (TOKEN, "token") X (LIVE, "live") X (VERSION, "version") X (STEADY, "steady") X (WAIT, "wait") \
  X (REFRESH, "refresh") X (PREVIEW, "preview") X (ASK, "ask") \
  /* what happened */ \
  X (NOTICE, "notice") X (TONE, "tone") X (HEADING, "heading") X (WORDS, "words") X (OWN_WORDS, "own_words") \
  X (ICON_CHECK, "icon_check") X (ICON_CROSS, "icon_cross") X (ICON_CLOCK, "icon_clock") X (ICON_PAUSE, "icon_pause") \
  X (ICON_BACK, "icon_back") X (ICON_SPIN, "icon_spin") X (ICON_ASK, "icon_ask") X (REQUEST_ID, "request_id") \
  /* who and what for */ \
  X (SELLER, "seller") X (MARK, "mark") X (SUPPORT, "support") X (WEBSITE, "website") \
  X (BILL, "bill") X (SUM, "sum") X (LINK_TITLE, "link_title") X (ABOUT, "about") X (REFERENCE, "reference") \
  X (REFERENCE_TEXT, "reference_text") X (CUSTOMER, "customer") X (EXPIRES, "expires") X (PARTLY, "partly") \
  X (PAID_SHARE, "paid_share") X (TOTAL, "total") X (PAID, "paid") X (DUE, "due") \
  X (LINES, "lines") X (LINE_NAME, "line_name") X (LINE_QUANTITY, "line_quantity") X (LINE_UNIT, "line_unit") \
  X (LINE_TOTAL, "line_total") X (LINE_FIELD, "line_field") X (LINE_MAXIMUM, "line_maximum") \
  X (LINE_FIXED, "line_fixed") X (LINE_ERROR, "line_error") \
  X (CREDITED, "credited") X (DUE_BY, "due_by") X (LATE, "late") \
  /* an invoice */ \
  X (DOC, "doc") X (FOLDED, "folded") X (WIDE, "wide") X (PDF, "pdf") X (SEEN, "seen") \
  X (FROM, "from") X (TO, "to") X (DATES, "dates") X (ITEMS, "items") X (MORE_ITEMS, "more_items") \
  X (MORE_COUNT, "more_count") X (ITEMS_LEFT, "items_left") X (SUMS, "sums") \
  X (ROW_LABEL, "row_label") X (ROW_COUNT, "row_count") X (ROW_VALUE, "row_value") X (ROW_STRONG, "row_strong") \
  X (NOTES, "notes") X (LEGAL, "legal") \
  X (PARTS, "parts") X (PART_DATE, "part_date") X (PART_WORDS, "part_words") X (PART_LATE, "part_late") \
  X (PART_AMOUNT, "part_amount") \
  /* how to pay */ \
  X (FORM, "form") X (FORM_ERROR, "form_error") X (CONFIRM, "confirm") X (CHOOSE_QUANTITIES, "choose_quantities") \
  X (CHOOSE_AMOUNT, "choose_amount") X (SIGN, "sign") X (AMOUNT, "amount") X (AMOUNT_HINT, "amount_hint") \
  X (AMOUNT_ERROR, "amount_error") \
  X (ASK_NAME, "ask_name") X (NAME, "name") X (NAME_ERROR, "name_error") \
  X (ASK_EMAIL, "ask_email") X (EMAIL, "email") X (EMAIL_ERROR, "email_error") \
  X (ASK_PHONE, "ask_phone") X (PHONE, "phone") X (PHONE_ERROR, "phone_error") \
  X (ASK_ADDRESS, "ask_address") X (ADDRESS, "address") X (ADDRESS_ERROR, "address_error") \
  X (FIELDS, "fields") X (FIELD_ID, "field_id") X (FIELD_LABEL, "field_label") X (FIELD_REQUIRED, "field_required") \
  X (FIELD_VALUE, "field_value") X (FIELD_ERROR, "field_error") \
  X (ONE_WAY, "one_way") X (WAYS, "ways") X (WAY_VALUE, "way_value") X (WAY_METHOD, "way_method") \
  X (WAY_TITLE, "way_title") X (WAY_CHOSEN, "way_chosen") X (WAY_DOWN, "way_down") X (WAY_ERROR, "way_error") \
  X (PAY_AMOUNT, "pay_amount") X (PAY_VALUE, "pay_value") X (ALL_AMOUNT, "all_amount") X (ALL_VALUE, "all_value") \
  X (QR, "qr") \
  /* what to do next */ \
  X (CONTINUE_URL, "continue_url") X (NEXT_URL, "next_url") X (LOOK_AGAIN, "look_again") X (ANEW, "anew") \
  X (OTHER_WAY, "other_way") \
  /* by transfer, or in a shop */ \
  X (SLIP, "slip") X (SLIP_LABEL, "slip_label") X (SLIP_VALUE, "slip_value") X (SLIP_COPY, "slip_copy") \
  X (BARCODE, "barcode") X (BARCODE_BOX, "barcode_box") X (BARCODE_TEXT, "barcode_text") X (VOUCHER, "voucher") \
  X (TO_PAY, "to_pay") \
  /* with the provider's script */ \
  X (EMBED, "embed") X (EMBED_TITLE, "embed_title") X (EMBED_BEGUN, "embed_begun") X (EMBED_CARD, "embed_card") \
  X (EMBED_FRAME, "embed_frame") \
  X (EMBED_WAY, "embed_way") X (EMBED_KEY, "embed_key") X (EMBED_SECRET, "embed_secret") \
  X (EMBED_ACCOUNT, "embed_account") X (EMBED_AMOUNT, "embed_amount") X (EMBED_CURRENCY, "embed_currency") \
  X (EMBED_BACK, "embed_back") X (EMBED_SOURCES, "embed_sources") X (EMBED_TEST, "embed_test") \
  X (KEPT, "kept") X (KEPT_NAME, "kept_name") X (KEPT_VALUE, "kept_value") \
  /* receipt */ \
  X (RECEIPT, "receipt") X (RECEIPT_AMOUNT, "receipt_amount") X (RECEIPT_DATE, "receipt_date") \
  X (RECEIPT_METHOD, "receipt_method") X (RECEIPT_REFUNDED, "receipt_refunded") X (RECEIPT_NUMBER, "receipt_number")
/* clang-format on */

typedef enum
{
#define X(symbol, name) NAME_##symbol,
  RELAY_TEMPLATES_NAMES (X)
#undef X
    N_NAMES
} RelayName;
