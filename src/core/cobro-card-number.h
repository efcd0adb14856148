/* src/core/cobro-card-number.h — finds card numbers where none may be: Cobro takes a provider's token for a card, never
 * the card. Layer: core. Any thread. */
#pragma once
#include <glib.h>

/**
 * cobro_card_number_is_in:
 * @text: (array length=length): any bytes; JSON escapes (\u0034), percent escapes (%34) and digits of other scripts are
 * read as the digits they stand for
 * @length: bytes, or -1
 *
 * Looks for 12 to 19 digits that pass the Luhn check (ISO/IEC 7812-1, annex B), also with up to six characters
 * between two digits that are neither letters nor digits ("4242 4242-4242.4242", "4242", "4242" in two members of a
 * list). Digits that touch letters, or stand in a longer row of digits, count only when they begin as the numbers of a
 * card scheme do and are as long as those: identifiers in hexadecimal are full of rows that are right by chance.
 *
 * Returns: whether there is one
 */
gboolean cobro_card_number_is_in (const char *text, gssize length);
