/* src/view/cobro-help-page.h — a page of help: Mallard in the resources, brought to widgets. Layer: view. Main thread.
 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  char *title;
  char *about;      /* one line, for the list of pages */
  GPtrArray *parts; /* (element-type CobroHelpPart) */
} CobroHelpPage;

typedef enum
{
  COBRO_HELP_PARAGRAPH,
  COBRO_HELP_STEP,
  COBRO_HELP_NOTE
} CobroHelpKind;

typedef struct
{
  CobroHelpKind kind;
  char *markup; /* Pango's */
} CobroHelpPart;

/**
 * cobro_help_page_load:
 * @id: a page's name: "links"
 * @languages: (array zero-terminated=1): as g_get_language_names() gives them: with "C" at the end
 *
 * Returns: (transfer full) (nullable): the page in the first of them that has it; %NULL: there is none of this
 * name
 */
CobroHelpPage *cobro_help_page_load (const char *id, const char *const *languages);
void cobro_help_page_free (CobroHelpPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroHelpPage, cobro_help_page_free)

/**
 * cobro_help_page_parse:
 * @text: a page in the part of Mallard that ours use: title, desc, p, steps with items, note; gui, key, em
 *
 * Returns: (transfer full): or %NULL with an error of GMarkup's
 */
CobroHelpPage *cobro_help_page_parse (const char *text, GError **error);

/* (transfer floating) its parts below each other; the title is for a header. */
GtkWidget *cobro_help_page_create (const CobroHelpPage *page);

/* (array zero-terminated=1) the names of all pages, in the order in which they are listed. */
const char *const *cobro_help_pages (void);

G_END_DECLS
