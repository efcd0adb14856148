/* tests/ui/native/ui-fixture.c — see ui-fixture.h.
 * Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "test-keyring.h"

#define PICTURES_ENV "COBRO_UI_PICTURES"

void
ui_fixture_init (int *argc, char ***argv)
{
  for (int i = 1; i + 1 < *argc; i++)
    if (g_str_equal ((*argv)[i], "--pictures"))
      g_setenv (PICTURES_ENV, (*argv)[i + 1], TRUE);

  gtk_test_init (argc, argv, NULL);
  adw_init ();
  /* A cursor that blinks draws all the time: nothing would ever be settled. */
  g_object_set (gtk_settings_get_default (), "gtk-cursor-blink", FALSE, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-font-name", "Cantarell 11",
                "gtk-icon-theme-name", "Adwaita", "gtk-decoration-layout", ":close", NULL);
}

void
ui_fixture_set_up (UiFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_set_up (&self->books, data);
  self->application = g_object_new (ADW_TYPE_APPLICATION, "application-id", "app.cobro.Cobro.Test", "flags",
                                    G_APPLICATION_NON_UNIQUE, "resource-base-path", COBRO_RESOURCE, NULL);
  g_assert_true (g_application_register (G_APPLICATION (self->application), NULL, &error));
  g_assert_no_error (error);
  self->engine = cobro_sync_engine_new (self->books.store);
  self->keyring = test_keyring_new (TEST_KEYRING_WORKS);
  self->overview = cobro_overview_new (self->books.store);
  self->links = cobro_links_new (self->books.store);
  self->business = cobro_business_new (self->books.store);
  self->bookshelf = cobro_bookshelf_new (self->books.folder);
  self->connection = cobro_connection_new (self->books.store, self->engine, self->keyring, NULL);
  self->providers = cobro_providers_new (self->books.store, self->engine, self->connection, self->keyring);
  self->refunds = cobro_refunds_new (self->links, self->engine, self->connection);
  self->invoices = cobro_invoices_new (self->books.store, cobro_links_get_undo (self->links));
  self->customers = cobro_customers_new (self->books.store, cobro_links_get_undo (self->links));
  self->products = cobro_products_new (self->books.store, cobro_links_get_undo (self->links));
  self->payments = cobro_payments_new (self->books.store);
  self->developers =
    cobro_developers_new (self->books.store, self->engine, self->connection, cobro_links_get_undo (self->links));
  self->events = cobro_events_new (self->books.store);
  self->schedules = cobro_schedules_new (self->books.store);
  self->attention = cobro_attention_new (self->links, self->invoices, self->refunds, self->engine);
  self->books_import = cobro_books_import_new (self->books.store, self->business);
  self->books_export = cobro_books_export_new (self->books.store, self->business);
  self->backups = cobro_backups_new (self->books.store);
}

static void
count_down (gpointer left, GObject *gone)
{
  (*(guint *)left)--;
}

/* Nothing keeps a window that was closed. */
static void
close_windows (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint left = 0;

  while (g_list_model_get_n_items (windows) > 0)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, 0);

      left++;
      g_object_weak_ref (G_OBJECT (window), count_down, &left);
      gtk_window_destroy (window);
    }
  wait_until (left == 0);
}

void
ui_fixture_tear_down (UiFixture *self, gconstpointer data)
{
  close_windows ();
  ui_settle ();
  cobro_connection_stop (self->connection);
  g_clear_object (&self->refunds);
  g_clear_object (&self->backups);
  g_clear_object (&self->books_export);
  g_clear_object (&self->books_import);
  g_object_run_dispose (G_OBJECT (self->attention));
  g_clear_object (&self->attention);
  g_clear_object (&self->schedules);
  g_clear_object (&self->events);
  g_clear_object (&self->developers);
  g_clear_object (&self->payments);
  g_clear_object (&self->products);
  g_clear_object (&self->customers);
  g_clear_object (&self->invoices);
  g_clear_object (&self->providers);
  g_clear_object (&self->overview);
  g_clear_object (&self->connection);
  g_clear_object (&self->business);
  g_clear_object (&self->bookshelf);
  g_clear_object (&self->keyring);
  g_clear_object (&self->application);
  g_object_add_weak_pointer (G_OBJECT (self->links), (gpointer *)&self->links);
  g_object_unref (self->links);
  wait_until (self->links == NULL); /* no widget that is gone keeps the model */
  g_clear_object (&self->engine);
  store_fixture_tear_down (&self->books, data);
}

static void
make_window (UiFixture *self)
{
  CobroWindowModels models = { .overview = self->overview,
                               .links = self->links,
                               .business = self->business,
                               .bookshelf = self->bookshelf,
                               .connection = self->connection,
                               .providers = self->providers,
                               .refunds = self->refunds,
                               .invoices = self->invoices,
                               .customers = self->customers,
                               .products = self->products,
                               .payments = self->payments,
                               .developers = self->developers,
                               .events = self->events,
                               .schedules = self->schedules,
                               .attention = self->attention,
                               .books_import = self->books_import,
                               .backups = self->backups,
                               .books_export = self->books_export };

  self->window = cobro_window_new (self->application, &models);
}

void
ui_fixture_make_window (UiFixture *self)
{
  make_window (self);
  if (g_str_equal (gtk_stack_get_visible_child_name (GTK_STACK (ui_id (self->window, "root_stack"))), "main"))
    gtk_widget_activate_action (GTK_WIDGET (self->window), "place.show", "(su)", "links", COBRO_LINK_FILTER_ALL);
}

static void
present (UiFixture *self)
{
  gtk_window_present (GTK_WINDOW (self->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
  ui_settle ();
}

void
ui_fixture_open (UiFixture *self)
{
  ui_fixture_make_window (self);
  present (self);
}

void
ui_fixture_start (UiFixture *self, int width, int height)
{
  make_window (self);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  present (self);
}

CobroLinkItem *
ui_fixture_create (UiFixture *self, const char *title, gint64 minor)
{
  g_autoptr (CobroLink) link = new_link (title, minor);
  g_autoptr (GAsyncResult) result = NULL;
  CobroLinkItem *item;

  cobro_clock_advance (self->books.clock, COBRO_MINUTE);
  cobro_links_create_async (self->links, link, NULL, on_result_cb, &result);
  item = cobro_links_create_finish (self->links, wait_for_result (&result), NULL);
  g_assert_nonnull (item);
  return item;
}

void
ui_fixture_fill (UiFixture *self)
{
  static const char *const titles[] = { "Garden work, October", "Guitar lesson", "Birthday cake",
                                        "Coffee beans, 1 kg" };

  pair_books (&self->books);
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    g_object_unref (ui_fixture_create (self, titles[i], (gint64)(i + 1) * 1250));
  exec_in_books (&self->books, "UPDATE link SET rev = 1, waiting = 0 WHERE row <= 3;"
                               "UPDATE link SET paid = total, uses = 1, attempts = 1 WHERE row = 3;"
                               "UPDATE link SET last_failed = 1, attempts = 1 WHERE row = 2;");
  ui_settle ();
}

void
ui_fixture_hear_payment (UiFixture *self, CobroId *out_id)
{
  g_autofree char *sql = NULL;

  *out_id = cobro_id_new (COBRO_ID_PAYMENT, self->books.clock, self->books.random);
  sql = g_strdup_printf (
    "INSERT INTO payment (id, document, state, currency, amount, received, received_currency, created_at, updated_at) "
    "VALUES ('%s', "
    "'{\"id\":\"%s\",\"linkId\":null,\"amount\":1250,\"received\":{\"amount\":1250,\"currency\":\"EUR\"},\"currency\":"
    "\"EUR\","
    "\"status\":\"succeeded\",\"gateway\":\"stripe\",\"createdAt\":\"2026-11-21T09:30:00Z\"}', %d, 'EUR', 1250, 1250, "
    "'EUR', 1, 1)",
    out_id->text, out_id->text, COBRO_PAYMENT_SUCCEEDED);
  exec_in_books (&self->books, sql);
}

void
ui_must_hide_nothing (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (!gtk_widget_get_visible (at->data))
      g_error ("a hidden window is kept: %s “%s”", G_OBJECT_TYPE_NAME (at->data), gtk_window_get_title (at->data));
}

/* ── Waiting ── */

void
ui_settle (void)
{
  gint64 quiet_since = g_get_monotonic_time ();

  while (g_get_monotonic_time () - quiet_since < 60 * 1000)
    {
      if (g_main_context_iteration (NULL, FALSE))
        quiet_since = g_get_monotonic_time ();
      else
        g_usleep (1000);
    }
}

/* ── Finding ── */

typedef gboolean (*Match) (GtkWidget *widget, gconstpointer data);

static GtkWidget *
find (GtkWidget *root, Match match, gconstpointer data)
{
  if (match (root, data))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, match, data);

      if (found)
        return found;
    }
  return NULL;
}

static gboolean
has_id (GtkWidget *widget, gconstpointer id)
{
  return g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), id) == 0;
}

static gboolean
has_id_and_is_shown (GtkWidget *widget, gconstpointer id)
{
  return gtk_widget_get_mapped (widget) && has_id (widget, id);
}

GtkWidget *
ui_id (gpointer root, const char *id)
{
  GtkWidget *found = find (GTK_WIDGET (root), has_id_and_is_shown, id);

  if (!found)
    found = find (GTK_WIDGET (root), has_id, id);

  if (!found)
    g_error ("there is no widget “%s”", id);
  return found;
}

GtkWidget *
ui_stand (gpointer window, const char *page)
{
  return gtk_stack_get_child_by_name (GTK_STACK (ui_id (window, "content_stack")), page);
}

GtkWidget *
ui_page (gpointer window, const char *page)
{
  GtkWidget *found = adw_bin_get_child (ADW_BIN (ui_stand (window, page)));

  if (!found)
    g_error ("the page “%s” was never seen", page);
  return found;
}

static gboolean
is_label (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0;
}

GtkWidget *
ui_find_label (gpointer root, const char *text)
{
  return find (GTK_WIDGET (root), is_label, text);
}

static gboolean
is_button (GtkWidget *widget, gconstpointer name)
{
  if (!GTK_IS_BUTTON (widget) || !gtk_widget_get_mapped (widget))
    return FALSE;

  return g_strcmp0 (gtk_widget_get_tooltip_text (widget), name) == 0 || find (widget, is_label, name) != NULL;
}

GtkWidget *
ui_button (gpointer root, const char *name)
{
  GtkWidget *found = find (GTK_WIDGET (root), is_button, name);

  if (!found)
    g_error ("there is no button “%s”", name);
  return found;
}

GtkWidget *
ui_toplevel (const char *title)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (g_strcmp0 (gtk_window_get_title (at->data), title) == 0 && gtk_widget_get_visible (at->data))
      return at->data;
  g_error ("there is no window “%s”", title);
}

void
ui_walk (GtkWidget *root, void (*func) (GtkWidget *widget, gpointer data), gpointer data)
{
  func (root, data);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    ui_walk (child, func, data);
}

char *
ui_clipboard (gpointer widget)
{
  GdkContentProvider *content = gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (widget)));
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  if (!content || !gdk_content_provider_get_value (content, &value, NULL))
    return g_strdup ("");
  return g_value_dup_string (&value);
}

#define TAB_STOPS_MAX 200

gboolean
ui_tab (GtkWidget *window)
{
  return ui_press (window, GDK_KEY_Tab, 0) || gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD);
}

GPtrArray *
ui_tab_ring (GtkWidget *window)
{
  GPtrArray *stops = g_ptr_array_new ();

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  while (stops->len < TAB_STOPS_MAX && ui_tab (window))
    {
      GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

      if (!focus || g_ptr_array_find (stops, focus, NULL))
        break;
      g_ptr_array_add (stops, focus);
    }
  return stops;
}

/* ── Looking ── */

/* (transfer full) (nullable) what the widget draws; %NULL before its first frame. */
static GskRenderNode *
draw (GtkWidget *widget, int *width, int *height)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  *width = gdk_paintable_get_intrinsic_width (paintable);
  *height = gdk_paintable_get_intrinsic_height (paintable);
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), *width, *height);
  return gtk_snapshot_free_to_node (snapshot);
}

void
ui_picture (gpointer widget, const char *name)
{
  const char *folder = g_getenv (PICTURES_ENV);
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  int width = 0, height = 0;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *file = NULL;

  ui_settle ();
  wait_until ((node = draw (widget, &width, &height)) != NULL);
  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  g_assert_nonnull (texture);
  if (!folder)
    return;

  file = g_strdup_printf ("%s/%s.png", folder, name);
  g_assert_true (gdk_texture_save_to_png (texture, file));
}

/* ── The keyboard ── */

/* GTK has no way to make key events up, so shortcuts are looked for where GTK looks: from the focus outwards. */
static gboolean
try_controllers (GtkWidget *widget, guint keyval, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      guint n = GTK_IS_SHORTCUT_CONTROLLER (controller) ? g_list_model_get_n_items (G_LIST_MODEL (controller)) : 0;

      for (guint j = 0; j < n; j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);
          guint key = 0;
          GdkModifierType mask = 0;

          if (GTK_IS_KEYVAL_TRIGGER (trigger))
            {
              key = gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger));
              mask = gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger));
            }
          if (key == keyval && mask == modifiers &&
              gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), GTK_SHORTCUT_ACTION_EXCLUSIVE, widget,
                                            gtk_shortcut_get_arguments (shortcut)))
            return TRUE;
        }
    }
  return FALSE;
}

gboolean
ui_press (gpointer window, guint keyval, GdkModifierType modifiers)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

  for (GtkWidget *at = focus ? focus : GTK_WIDGET (window); at; at = gtk_widget_get_parent (at))
    if (try_controllers (at, keyval, modifiers))
      return TRUE;
  return FALSE;
}
