/* src/document/cobro-json-text.h — JSON laid out for people.
 * Layer: document. Any thread. */
#pragma once
#include <glib.h>

/* (transfer full) the same values, a member a line, two blanks for each level. @json: well-formed; what is not comes
 * out as it is found. */
char *cobro_json_text (const char *json);
