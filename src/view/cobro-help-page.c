/* src/view/cobro-help-page.c — a page of help: Mallard in the resources, brought to widgets. Layer: view. Main thread.
 */
#include "config.h"

#include "cobro-help-page.h"

#include <string.h>

#define FOLDER "/app/cobro/Cobro/help"

static const char *const pages[] = { "start",    "links",  "invoices",   "customers", "products",
                                     "payments", "bank",   "overview",   "attention", "connect",
                                     "business", "backup", "developers", "desktop",   NULL };

const char *const *
cobro_help_pages (void)
{
  return pages;
}

static void
part_free (gpointer data)
{
  CobroHelpPart *part = data;

  g_free (part->markup);
  g_free (part);
}

void
cobro_help_page_free (CobroHelpPage *page)
{
  g_free (page->title);
  g_free (page->about);
  g_ptr_array_unref (page->parts);
  g_free (page);
}

/* ── Reading ── */

typedef struct
{
  CobroHelpPage *page;
  GString *text; /* (nullable) of the title, desc or p that is open, as Pango's markup */
  CobroHelpKind kind;
} Reader;

/* What stands inside a paragraph, and how it looks. */
static const struct
{
  const char *element, *open, *close;
} inlines[] = {
  { "gui", "<b>", "</b>" },
  { "key", "<tt><b>", "</b></tt>" },
  { "em", "<i>", "</i>" },
};

static gboolean
is_block (const char *element)
{
  return g_str_equal (element, "title") || g_str_equal (element, "desc") || g_str_equal (element, "p");
}

static void
on_start (GMarkupParseContext *context, const char *element, const char **names, const char **values, gpointer data,
          GError **error)
{
  Reader *reader = data;

  if (g_str_equal (element, "item"))
    reader->kind = COBRO_HELP_STEP;
  if (g_str_equal (element, "note"))
    reader->kind = COBRO_HELP_NOTE;
  if (is_block (element))
    reader->text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (inlines) && reader->text; i++)
    if (g_str_equal (element, inlines[i].element))
      g_string_append (reader->text, inlines[i].open);
}

static void
close_block (Reader *reader, const char *element)
{
  char *text = g_strstrip (g_string_free (g_steal_pointer (&reader->text), FALSE));

  if (g_str_equal (element, "title"))
    reader->page->title = text;
  else if (g_str_equal (element, "desc"))
    reader->page->about = text;
  else
    {
      CobroHelpPart *part = g_new0 (CobroHelpPart, 1);

      part->kind = reader->kind;
      part->markup = text;
      g_ptr_array_add (reader->page->parts, part);
    }
}

static void
on_end (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Reader *reader = data;

  for (gsize i = 0; i < G_N_ELEMENTS (inlines) && reader->text; i++)
    if (g_str_equal (element, inlines[i].element))
      g_string_append (reader->text, inlines[i].close);
  if (is_block (element) && reader->text)
    close_block (reader, element);
  if (g_str_equal (element, "item") || g_str_equal (element, "note"))
    reader->kind = COBRO_HELP_PARAGRAPH;
}

/* Line breaks and indentation of the file are one blank. */
static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
  Reader *reader = data;
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autofree char *escaped = NULL;

  if (!reader->text)
    return;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      g_string_append_c (plain, text[i]);
    else if (i == 0 || !g_ascii_isspace (text[i - 1]))
      g_string_append_c (plain, ' ');
  escaped = g_markup_escape_text (plain->str, (gssize)plain->len);
  g_string_append (reader->text, escaped);
}

CobroHelpPage *
cobro_help_page_parse (const char *text, GError **error)
{
  static const GMarkupParser parser = { .start_element = on_start, .end_element = on_end, .text = on_text };
  g_autoptr (CobroHelpPage) page = g_new0 (CobroHelpPage, 1);
  Reader reader = { .page = page };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  gboolean read;

  page->parts = g_ptr_array_new_with_free_func (part_free);
  read = g_markup_parse_context_parse (context, text, -1, error) && g_markup_parse_context_end_parse (context, error);
  if (reader.text)
    g_string_free (reader.text, TRUE);
  return read ? g_steal_pointer (&page) : NULL;
}

/* (nullable) (transfer full) the file in the first language that there is; "C" is English. */
static GBytes *
find_file (const char *id, const char *const *languages)
{
  for (const char *const *language = languages; *language; language++)
    {
      g_autofree char *folder = g_strndup (*language, strcspn (*language, "_.@")); /* "es_MX.UTF-8" reads "es" */
      g_autofree char *path = g_strdup_printf (FOLDER "/%s/%s.page", g_str_equal (folder, "en") ? "C" : folder, id);
      GBytes *bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

      if (bytes)
        return bytes;
    }
  return NULL;
}

CobroHelpPage *
cobro_help_page_load (const char *id, const char *const *languages)
{
  g_autoptr (GBytes) bytes = find_file (id, languages);
  g_autofree char *text = NULL;

  if (!bytes)
    return NULL;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return cobro_help_page_parse (text, NULL);
}

/* ── Showing ── */

static GtkWidget *
create_label (const char *markup)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

static GtkWidget *
create_step (const char *markup, guint number)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "spacing", 12, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM, NULL);
  g_autofree char *text = g_strdup_printf ("%u.", number);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), create_label (markup));
  return box;
}

static GtkWidget *
create_note (const char *markup)
{
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = create_label (markup);

  gtk_widget_add_css_class (frame, "card");
  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_margin_bottom (label, 12);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_box_append (GTK_BOX (frame), label);
  return frame;
}

GtkWidget *
cobro_help_page_create (const CobroHelpPage *page)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *steps = NULL;
  guint number = 0;

  for (guint i = 0; i < page->parts->len; i++)
    {
      const CobroHelpPart *part = g_ptr_array_index (page->parts, i);

      if (part->kind != COBRO_HELP_STEP)
        {
          gtk_box_append (GTK_BOX (box),
                          part->kind == COBRO_HELP_NOTE ? create_note (part->markup) : create_label (part->markup));
          continue;
        }
      if (!steps)
        {
          steps = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 12, "accessible-role",
                                GTK_ACCESSIBLE_ROLE_LIST, NULL);
          gtk_box_append (GTK_BOX (box), steps);
        }
      gtk_box_append (GTK_BOX (steps), create_step (part->markup, ++number));
    }
  return box;
}
