/* relay/html/relay-template-loader.h — templates, their texts and styles from the resources inside the binary.
 * Layer: relay/html. Used at start; the results may be used from any thread. */
#pragma once
#include "relay-catalogue.h"
#include "relay-template.h"

/* One text that people read: templates and code name it by key; the English text is the catalogue's msgid. */
typedef struct
{
  const char *key;
  const char *text;
} RelayText;

/* The languages we have catalogues for; "en", the texts' own, first. Ends with NULL. */
extern const char *const relay_languages[];

/**
 * relay_catalogue_load:
 * @language: one of relay_languages
 * @out_catalogue: (out) (nullable): %NULL for "en"
 *
 * Returns: %FALSE with %COBRO_ERROR_CORRUPT
 */
gboolean relay_catalogue_load (const char *language, RelayCatalogue **out_catalogue, GError **error);

/* (transfer none) (nullable) the text of @key in the catalogue's language. @texts ends with key NULL. */
const char *relay_text (const RelayText *texts, const RelayCatalogue *catalogue, const char *key);

/**
 * relay_template_read:
 *
 * Returns: (transfer full): a file of a resource folder; of a .css file the comments and idle white space are left out
 */
char *relay_template_read (GResource *resource, const char *folder, const char *file, GError **error);

/* (transfer full) compiles @file of @folder with its includes; as relay_template_compile(). */
RelayTemplate *relay_template_load (GResource *resource, const char *folder, const char *file, const char *const *names,
                                    const RelayText *texts, const RelayCatalogue *catalogue, GError **error);
