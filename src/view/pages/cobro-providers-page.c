/* src/view/pages/cobro-providers-page.c — Preferences → Payments.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-providers-page.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-mode-banner.h"
#include "cobro-provider-dialog.h"
#include "cobro-provider-row.h"

struct _CobroProvidersPage
{
  CobroLatePage parent_instance;
  GtkWidget *banner_group;
  GtkWidget *mode_group;
  CobroModeBanner *mode_banner;
  GtkSwitch *live_switch;
  GtkWidget *list_group;
  GtkListBox *list;
  GtkWidget *offline_label;
  GtkWidget *none_group;
  CobroProviders *providers;
};

G_DEFINE_FINAL_TYPE (CobroProvidersPage, cobro_providers_page, COBRO_TYPE_LATE_PAGE)

enum
{
  CONNECT_WANTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* What takes pretended money only is of no use to somebody who takes real money. */
static gboolean
is_shown (GtkListBoxRow *row)
{
  const CobroProvider *provider =
    cobro_provider_item_get_provider (cobro_provider_row_get_item (COBRO_PROVIDER_ROW (row)));

  return !provider->test_only || !provider->livemode;
}

static void
number_rows (CobroProvidersPage *self)
{
  guint n = cobro_providers_get_n_offered (self->providers);
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)); i++)
    {
      cobro_provider_row_set_place (COBRO_PROVIDER_ROW (row), (guint)i, n);
      gtk_widget_set_visible (GTK_WIDGET (row), is_shown (row));
    }
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self->list_group),
    n > 1 ? _ ("You have an account with a provider; it takes your customers' money and pays it out to you. Customers "
               "are offered them in this order, and the next one is tried when one does not answer.")
          : _ ("You have an account with a provider; it takes your customers' money and pays it out to you."));
}

static void
update (CobroProvidersPage *self)
{
  gboolean paired = cobro_providers_get_paired (self->providers);
  gboolean any = g_list_model_get_n_items (cobro_providers_get_list (self->providers)) > 0;
  gboolean live = cobro_providers_get_livemode (self->providers);

  cobro_mode_banner_set_livemode (self->mode_banner, live);
  gtk_switch_set_active (self->live_switch, live);
  gtk_switch_set_state (self->live_switch, live);
  gtk_widget_set_visible (self->banner_group, paired);
  gtk_widget_set_visible (self->mode_group, paired);
  gtk_widget_set_visible (self->list_group, paired);
  gtk_widget_set_visible (GTK_WIDGET (self->list), any);
  gtk_widget_set_visible (self->offline_label, !cobro_providers_can_ask (self->providers));
  gtk_widget_set_visible (self->none_group, !paired);
  number_rows (self);
}

static void
on_move_cb (CobroProvidersPage *self, int index, CobroProviderRow *row)
{
  const char *name = cobro_provider_item_get_provider (cobro_provider_row_get_item (row))->name;
  GtkListBoxRow *moved;

  cobro_providers_move (self->providers, name, (guint)index);
  number_rows (self);
  moved = gtk_list_box_get_row_at_index (self->list, index); /* the keyboard goes with it */
  if (moved)
    gtk_widget_grab_focus (GTK_WIDGET (moved));
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  GtkWidget *row = cobro_provider_row_new (item);

  g_signal_connect_object (row, "move", G_CALLBACK (on_move_cb), data, G_CONNECT_SWAPPED);
  return row;
}

static void
on_row_activated_cb (CobroProvidersPage *self, GtkListBoxRow *row)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  CobroProviderItem *item = cobro_provider_row_get_item (COBRO_PROVIDER_ROW (row));

  gtk_window_present (GTK_WINDOW (cobro_provider_dialog_new (parent, self->providers, item)));
}

static void
on_connect_activated_cb (CobroProvidersPage *self)
{
  g_signal_emit (self, signals[CONNECT_WANTED], 0);
}

static void
connect_anew (gpointer data)
{
  g_signal_emit (data, signals[CONNECT_WANTED], 0);
}

/* The switch shows what is, never what is wanted: the relay decides by the code. */
static gboolean
on_live_switched_cb (CobroProvidersPage *self, gboolean wanted)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  gboolean live = self->providers && cobro_providers_get_livemode (self->providers);

  if (wanted == live)
    return GDK_EVENT_PROPAGATE;
  gtk_switch_set_active (self->live_switch, live);
  if (wanted)
    cobro_dialogs_confirm (
      window, _ ("Go Live?"),
      _ ("From then on customers' cards are really charged. You need a live pairing code from your relay, and then the "
         "live keys of your provider. Links that you made for testing become sample data, which nobody can pay."),
      _ ("_Go Live…"), TRUE, connect_anew, g_object_ref (self), g_object_unref);
  else
    cobro_dialogs_tell (
      window, _ ("These Books Hold Real Payments"),
      _ (
        "They stay live, so that nothing real is ever mixed with tests. To stop taking money, switch the providers off "
        "or pause your links. To try something, use practice mode on another user account of this computer."));
  return GDK_EVENT_STOP;
}

static void
cobro_providers_page_dispose (GObject *object)
{
  CobroProvidersPage *self = COBRO_PROVIDERS_PAGE (object);

  if (self->providers && self->list)
    {
      gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
      g_signal_handlers_disconnect_by_data (self->providers, self);
    }
  g_clear_object (&self->providers);
  G_OBJECT_CLASS (cobro_providers_page_parent_class)->dispose (object);
}

static void
cobro_providers_page_build (CobroLatePage *page)
{
  CobroProvidersPage *self = COBRO_PROVIDERS_PAGE (page);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->list, cobro_providers_get_list (self->providers), create_row, self, NULL);
  g_signal_connect_swapped (self->providers, "changed", G_CALLBACK (update), self);
  cobro_providers_refresh (self->providers);
  update (self);
}

static void
cobro_providers_page_class_init (CobroProvidersPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_MODE_BANNER);
  COBRO_LATE_PAGE_CLASS (klass)->build = cobro_providers_page_build;
  object_class->dispose = cobro_providers_page_dispose;
  signals[CONNECT_WANTED] =
    g_signal_new ("connect-wanted", COBRO_TYPE_PROVIDERS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-providers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroProvidersPage, banner_group);
  gtk_widget_class_bind_template_child (widget_class, CobroProvidersPage, mode_group);
  gtk_widget_class_bind_template_child (widget_class, CobroProvidersPage, mode_banner);
  gtk_widget_class_bind_template_child (widget_class, CobroProvidersPage, live_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroProvidersPage, list_group);
  gtk_widget_class_bind_template_child (widget_class, CobroProvidersPage, list);
  gtk_widget_class_bind_template_child (widget_class, CobroProvidersPage, offline_label);
  gtk_widget_class_bind_template_child (widget_class, CobroProvidersPage, none_group);
  gtk_widget_class_bind_template_callback (widget_class, on_live_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_activated_cb);
}

static void
cobro_providers_page_init (CobroProvidersPage *self)
{
}

void
cobro_providers_page_set_providers (CobroProvidersPage *self, CobroProviders *providers)
{
  g_return_if_fail (COBRO_IS_PROVIDERS_PAGE (self));
  g_return_if_fail (self->providers == NULL);

  self->providers = g_object_ref (providers);
}
