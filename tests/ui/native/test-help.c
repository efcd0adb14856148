/* tests/ui/native/test-help.c — the help: every page in every language, the window, and the page that belongs to what
 * is shown; and the row in which a language is chosen. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-help-page.h"
#include "cobro-help-window.h"
#include "cobro-language-row.h"
#include "cobro-link-dialog.h"
#include "cobro-test.h"

static CobroHelpPage *
load_in (const char *language, const char *id)
{
  const char *const languages[] = { language, "C", NULL };
  CobroHelpPage *page = cobro_help_page_load (id, languages);

  g_assert_nonnull (page);
  return page;
}

static void
assert_written_in (const CobroHelpPage *page, const char *language)
{
  g_assert_cmpstr (page->title, !=, "");
  g_assert_cmpstr (page->about, !=, "");
  cobro_test_assert_language (page->title, language);
  cobro_test_assert_language (page->about, language);
  for (guint i = 0; i < page->parts->len; i++)
    {
      const CobroHelpPart *part = g_ptr_array_index (page->parts, i);
      g_autofree char *text = NULL;

      g_assert_true (pango_parse_markup (part->markup, -1, 0, NULL, &text, NULL, NULL));
      g_assert_cmpstr (text, !=, "");
      cobro_test_assert_language (text, language);
    }
}

/* Ten tasks and more, in English and Spanish, step by step the same. */
static void
test_pages (void)
{
  guint n = 0;

  for (const char *const *id = cobro_help_pages (); *id; id++, n++)
    {
      g_autoptr (CobroHelpPage) english = load_in ("en_GB.UTF-8", *id), spanish = load_in ("es_MX.UTF-8", *id),
                                other = load_in ("sv", *id);

      assert_written_in (english, "en");
      assert_written_in (spanish, "es");
      g_assert_cmpstr (other->title, ==, english->title); /* a language without pages reads English */
      g_assert_cmpuint (english->parts->len, ==, spanish->parts->len);
      for (guint i = 0; i < english->parts->len; i++)
        g_assert_cmpint (((CobroHelpPart *)english->parts->pdata[i])->kind, ==,
                         ((CobroHelpPart *)spanish->parts->pdata[i])->kind);
    }
  g_assert_cmpuint (n, >=, 10);
  g_assert_null (cobro_help_page_load ("no-such-page", g_get_language_names ()));
}

static void
test_parse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroHelpPage) page = cobro_help_page_parse (
    "<page><info><desc>d</desc></info><title>t &amp; u</title><p>Press\n    <key>F1</key> &lt;now&gt;.</p>"
    "<steps><item><p>one</p></item></steps><note><p>n</p></note></page>",
    &error);
  const CobroHelpPart *part;

  g_assert_no_error (error);
  g_assert_cmpstr (page->title, ==, "t &amp; u");
  g_assert_cmpuint (page->parts->len, ==, 3);
  part = g_ptr_array_index (page->parts, 0);
  g_assert_cmpstr (part->markup, ==, "Press <tt><b>F1</b></tt> &lt;now&gt;.");
  g_assert_cmpint (((CobroHelpPart *)page->parts->pdata[1])->kind, ==, COBRO_HELP_STEP);
  g_assert_cmpint (((CobroHelpPart *)page->parts->pdata[2])->kind, ==, COBRO_HELP_NOTE);
  g_assert_null (cobro_help_page_parse ("<page><p>cut", &error));
  g_assert_nonnull (error);
}

static const char *
title_of (GtkWidget *help)
{
  return adw_window_title_get_title (ADW_WINDOW_TITLE (ui_id (help, "window_title")));
}

static void
test_window (UiFixture *self, gconstpointer data)
{
  GtkWidget *help;

  ui_fixture_fill (self);
  ui_fixture_open (self);
  cobro_window_show_help (self->window, GTK_WINDOW (self->window));
  help = ui_toplevel ("Help");
  g_assert_nonnull (help);
  ui_settle ();
  g_assert_cmpstr (title_of (help), ==, "Ask for money with a link"); /* the links are shown */
  ui_picture (help, "help-page");

  g_assert_true (ui_press (help, GDK_KEY_Left, GDK_ALT_MASK));
  ui_settle ();
  g_assert_cmpstr (title_of (help), ==, "Help");
  g_assert_nonnull (ui_find_label (help, "Send an invoice"));
  ui_picture (help, "help-list");
  g_signal_emit_by_name (ui_id (help, "list"), "row-activated",
                         gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_id (help, "list")), 2));
  g_assert_cmpstr (title_of (help), ==, "Send an invoice");
  g_assert_nonnull (ui_find_label (help, "1."));

  /* Another question is answered in the same window. */
  gtk_widget_activate_action (GTK_WIDGET (self->window), "place.show", "(su)", "customers", 0);
  cobro_window_show_help (self->window, GTK_WINDOW (self->window));
  g_assert_true (ui_toplevel ("Help") == help);
  g_assert_cmpstr (title_of (help), ==, "Keep customers, and send a statement");
  gtk_stack_set_visible_child_name (GTK_STACK (ui_id (self->window, "content_stack")), "bank");
  cobro_window_show_help (self->window, GTK_WINDOW (self->window));
  g_assert_cmpstr (title_of (help), ==, "Match a bank statement");
  g_object_add_weak_pointer (G_OBJECT (help), (gpointer *)&help);
  gtk_window_close (GTK_WINDOW (help));
  ui_settle ();
  g_assert_null (help);
}

/* Every page as it is read, also on a phone and in the dark: nothing asks for more room than there is. */
static void
test_looks (UiFixture *self, gconstpointer data)
{
  static const int widths[] = { 640, 360 };

  ui_fixture_open (self);
  for (const char *const *page = cobro_help_pages (); *page; page++)
    for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
      {
        g_autofree char *name = g_strdup_printf ("help-%s-%d", *page, widths[i]);
        GtkWidget *help;

        adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                            i == 0 ? ADW_COLOR_SCHEME_FORCE_LIGHT : ADW_COLOR_SCHEME_FORCE_DARK);
        cobro_help_window_show (GTK_WINDOW (self->window), *page);
        help = ui_toplevel ("Help");
        gtk_window_set_default_size (GTK_WINDOW (help), widths[i], 720);
        ui_settle ();
        ui_picture (help, name);
        g_assert_cmpint (gtk_widget_get_width (help), <=, widths[i] + 2);
      }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_LIGHT);
}

/* A dialog has the page about what it does. */
static void
test_dialog (UiFixture *self, gconstpointer data)
{
  GtkWindow *dialog;

  ui_fixture_open (self);
  dialog = GTK_WINDOW (
    cobro_link_dialog_new (GTK_WINDOW (self->window), self->links, self->business, COBRO_LINK_DIALOG_NEW, NULL));
  g_assert_cmpstr (cobro_help_page_of_dialog (dialog), ==, "links");
  gtk_window_present (dialog);
  ui_settle ();
  g_assert_true (ui_press (dialog, GDK_KEY_F1, 0));
  g_assert_cmpstr (title_of (ui_toplevel ("Help")), ==, "Ask for money with a link");
  gtk_window_close (GTK_WINDOW (ui_toplevel ("Help")));
  gtk_window_destroy (dialog);
  ui_settle ();
}

/* ── Nothing is without help ── */

/* The class of a template, and whether it is a window or a page of Preferences. */
static void
on_template (GMarkupParseContext *context, const char *element, const char **names, const char **values, gpointer data,
             GError **error)
{
  const char *type = NULL, *parent = NULL;

  if (!g_str_equal (element, "template") ||
      !g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "class", &type,
                                    G_MARKUP_COLLECT_STRING, "parent", &parent, G_MARKUP_COLLECT_INVALID))
    return;
  if ((g_str_has_suffix (parent, "Window") || g_str_equal (parent, "CobroLatePage")) &&
      !g_str_equal (type, "CobroWindow") && !g_str_equal (type, "CobroHelpWindow"))
    g_ptr_array_add (data, g_strdup (type));
}

static void
collect_types (const char *file, GPtrArray *types)
{
  const GMarkupParser parser = { .start_element = on_template };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, types, NULL);
  g_autofree char *path = g_strconcat (COBRO_RESOURCE "/", file, NULL);
  g_autoptr (GBytes) text = g_resources_lookup_data (path, 0, NULL);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *start = g_bytes_get_data (text, &length);

  g_markup_parse_context_parse (context, start, (gssize)length, &error);
  g_assert_no_error (error);
}

/* F1 finds a page in every dialog and on every page of Preferences that the program has. */
static void
test_everything (void)
{
  g_auto (GStrv) files = g_resources_enumerate_children (COBRO_RESOURCE, 0, NULL);
  g_autoptr (GPtrArray) types = g_ptr_array_new_with_free_func (g_free);

  for (char **file = files; *file; file++)
    if (g_str_has_suffix (*file, ".ui"))
      collect_types (*file, types);
  g_assert_cmpuint (types->len, >=, 35);
  for (guint i = 0; i < types->len; i++)
    {
      const char *page = cobro_help_page_of_type (types->pdata[i]);

      if (!page)
        g_error ("no help about %s", (char *)types->pdata[i]);
      g_assert_true (g_strv_contains (cobro_help_pages (), page));
    }
}

/* Every language that pages and documents have; one that came from elsewhere is kept. */
static void
test_languages (void)
{
  g_autoptr (CobroLanguageRow) row =
    g_object_ref_sink (g_object_new (COBRO_TYPE_LANGUAGE_ROW, "automatic", "As My Own", NULL));
  static const char *const names[] = {
    "As My Own", "English", "Español", "Deutsch", "Français", "Português", "العربية"
  };
  GListModel *model = adw_combo_row_get_model (ADW_COMBO_ROW (row));

  g_assert_cmpstr (cobro_language_row_get_tag (row), ==, "auto");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (gtk_string_list_get_string (GTK_STRING_LIST (model), i), ==, names[i]);
  cobro_language_row_set_tag (row, "fr");
  g_assert_cmpstr (cobro_language_row_get_tag (row), ==, "fr");
  cobro_language_row_set_tag (row, "de-AT");
  g_assert_cmpstr (cobro_language_row_get_tag (row), ==, "de-AT");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, G_N_ELEMENTS (names) + 1);
  cobro_language_row_set_tag (row, "");
  g_assert_cmpstr (cobro_language_row_get_tag (row), ==, "auto");
}

#define add(path, func) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, func, ui_fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  g_test_add_func ("/help/pages", test_pages);
  g_test_add_func ("/help/parse", test_parse);
  add ("/help/window", test_window);
  add ("/help/looks", test_looks);
  add ("/help/dialog", test_dialog);
  g_test_add_func ("/help/everything", test_everything);
  g_test_add_func ("/help/languages", test_languages);
  return g_test_run ();
}
