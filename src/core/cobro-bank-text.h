/* src/core/cobro-bank-text.h — what payers and banks write, made comparable: without case, accents and separators.
 * Pure. Layer: core. Any thread. */
#pragma once
#include <glib.h>

/* Text as capitals and digits only, which remembers what stood apart. */
typedef struct
{
  char *folded;   /* UTF-8 letters and digits, nothing between them */
  GArray *starts; /* (element-type guint8) per byte of folded, and one for its end: whether something stood before it */
  GHashTable *words; /* (element-type utf8) set of the single words */
} CobroBankText;

CobroBankText *cobro_bank_text_new (const char *text);
void cobro_bank_text_free (CobroBankText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBankText, cobro_bank_text_free)
/* (transfer full) letters and digits alone. */
char *cobro_bank_fold (const char *text);
/* Whether @folded may begin at @at and end @n bytes later without cutting a number (or, for a short one, a word) in
 * two.
 */
gboolean cobro_bank_text_fits (const CobroBankText *text, gsize at, gsize n);

/* (transfer full) the words of a name without titles and legal forms, sorted: two ways of writing one name give one
 * text. "" for a name of nothing else. */
char *cobro_bank_name_fold (const char *name);
/* How alike two folded names are: 0 … 1000 (the same, or all words of one are in the other). */
guint cobro_bank_name_likeness (const char *a, const char *b);

/* A creditor reference of ISO 11649 ("RF18 5390 0754 7034") with good check digits: (transfer full) what stands behind
 * them, folded; else NULL. */
char *cobro_bank_creditor_reference (const char *text);
