/* tests/document/document-language.h — that a document speaks one language. Layer: tests. */
#pragma once
#include <glib.h>

/* Asserts that @text has no sentence that another language than @own has (an index into cobro_words_languages()). */
void document_assert_language (const char *text, guint own);
