/* src/core/cobro-pair-link.h — what connects a desktop with a relay: a one-time code, and the link that carries it with
 * the relay's address: "cobro://pair?relay=https%3A%2F%2Fpay.example&code=1A2B-3C4D-5E6F-7G8H". Layer: core. */
#pragma once
#include <glib.h>

/* (transfer full) the code as it is shown, "1A2B-3C4D-5E6F-7G8H", from what somebody typed: case, blanks and dashes do
 * not count, O is 0, I and L are 1. NULL with COBRO_ERROR_INVALID at "code". */
char *cobro_pair_code_normalise (const char *code, GError **error);

/* (transfer full) the link. @relay: its public address. */
char *cobro_pair_link_new (const char *relay, const char *code);

/* Whether @text wants to be such a link: then it is one, or it is wrong. */
gboolean cobro_pair_link_is (const char *text);

/**
 * cobro_pair_link_read:
 * @out_relay: (transfer full): its address, without a slash at the end
 * @out_code: (transfer full): as it is shown
 *
 * Strict, because anybody may send such a link: nothing but "relay" and "code", each once.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID at "link", "relay", "code", or the name of what does not belong there
 */
gboolean cobro_pair_link_read (const char *text, char **out_relay, char **out_code, GError **error);
