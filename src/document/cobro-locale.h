/* src/document/cobro-locale.h — one reader's locale: how amounts, numbers and dates read there. Made once per language
 * and kept; formatters inside are made on demand.
 * Layer: document. Any thread (it locks). */
#pragma once
#include <glib.h>

typedef struct _CobroLocale CobroLocale;

/**
 * cobro_locale_new:
 * @tag: a BCP 47 tag ("es-MX") or a POSIX name ("es_MX.UTF-8"); unknown tags and "C" read as English
 * @time_zone: (nullable): IANA name; %NULL, "" and unknown names are UTC
 *
 * Returns: (transfer full):
 */
CobroLocale *cobro_locale_new (const char *tag, const char *time_zone);
CobroLocale *cobro_locale_ref (CobroLocale *locale);
void cobro_locale_unref (CobroLocale *locale);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroLocale, cobro_locale_unref)

/* The tag in BCP 47 form ("es-MX"), fit for an HTML lang attribute. */
const char *cobro_locale_get_tag (CobroLocale *locale);
gboolean cobro_locale_is_rtl (CobroLocale *locale);
