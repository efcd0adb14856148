/* src/app/cobro-search-provider.c — answers the system's search.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-search-provider.h"

#include "cobro-application-private.h"
#include "cobro-find.h"
#include "cobro-invoice-text.h"
#include "cobro-view-text.h"

#define RESULTS_MAX 5  /* of each noun */
#define REST        10 /* seconds that a program without a window waits for the next letter */

static const char introspection[] =
  "<node><interface name='org.gnome.Shell.SearchProvider2'>"
  "<method name='GetInitialResultSet'><arg type='as' direction='in'/><arg type='as' direction='out'/></method>"
  "<method name='GetSubsearchResultSet'><arg type='as' direction='in'/><arg type='as' direction='in'/>"
  "<arg type='as' direction='out'/></method>"
  "<method name='GetResultMetas'><arg type='as' direction='in'/><arg type='aa{sv}' direction='out'/></method>"
  "<method name='ActivateResult'><arg type='s' direction='in'/><arg type='as' direction='in'/>"
  "<arg type='u' direction='in'/></method>"
  "<method name='LaunchSearch'><arg type='as' direction='in'/><arg type='u' direction='in'/></method>"
  "</interface></node>";

struct _CobroSearchProvider
{
  GObject parent_instance;
  CobroApplication *application; /* weak */
  guint registration;
  guint rest_id;
};

G_DEFINE_FINAL_TYPE (CobroSearchProvider, cobro_search_provider, G_TYPE_OBJECT)

/* ── Staying for the next letter ── */

static gboolean
on_rested_cb (gpointer data)
{
  CobroSearchProvider *self = data;

  self->rest_id = 0;
  if (self->application)
    g_application_release (G_APPLICATION (self->application));
  return G_SOURCE_REMOVE;
}

static void
stay (CobroSearchProvider *self)
{
  if (self->rest_id)
    g_source_remove (self->rest_id);
  else
    g_application_hold (G_APPLICATION (self->application));
  self->rest_id = g_timeout_add_seconds (REST, on_rested_cb, self);
}

/* ── Finding ── */

static void
return_ids (GDBusMethodInvocation *invocation, GPtrArray *ids)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("as"));
  for (guint i = 0; ids && i < ids->len; i++)
    g_variant_builder_add (&builder, "s", ids->pdata[i]);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(as)", &builder));
}

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) ids = cobro_find_finish (COBRO_STORE (source), result, NULL);

  return_ids (user_data, ids);
}

static gboolean
is_wanted (CobroSearchProvider *self)
{
  GSettings *settings = self->application->settings;

  return self->application->context && !cobro_connection_is_sample (self->application->context->connection) &&
         (!settings || g_settings_get_boolean (settings, "search-provider"));
}

static void
find (CobroSearchProvider *self, GVariant *words, GDBusMethodInvocation *invocation)
{
  g_autofree const char **list = g_variant_get_strv (words, NULL);
  g_autofree char *text = g_strjoinv (" ", (char **)list);

  if (!is_wanted (self))
    return return_ids (invocation, NULL);

  cobro_find_async (self->application->context->store, text, RESULTS_MAX, NULL, on_found_cb, invocation);
}

/* ── Telling about what was found ── */

typedef struct
{
  GDBusMethodInvocation *invocation;
  GVariant **metas; /* one per id that was asked for, in that order; NULL: it is gone */
  guint n;
  guint waiting;
} Telling;

typedef struct
{
  Telling *telling;
  guint index;
} Place;

static void
tell_if_complete (Telling *telling)
{
  GVariantBuilder builder;

  if (telling->waiting > 0)
    return;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < telling->n; i++)
    if (telling->metas[i])
      g_variant_builder_add_value (&builder, telling->metas[i]);
  g_dbus_method_invocation_return_value (telling->invocation, g_variant_new ("(aa{sv})", &builder));
  g_free (telling->metas);
  g_free (telling);
}

static void
take_meta (Place *place, const char *id, const char *name, const char *description)
{
  g_autoptr (GIcon) icon = g_themed_icon_new (COBRO_APP_ID);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "s", id);
  g_variant_dict_insert (&dict, "name", "s", name);
  g_variant_dict_insert (&dict, "description", "s", description);
  g_variant_dict_insert_value (&dict, "icon", g_icon_serialize (icon));
  place->telling->metas[place->index] = g_variant_dict_end (&dict);
}

static void
end_place (Place *place)
{
  place->telling->waiting--;
  tell_if_complete (place->telling);
  g_free (place);
}

static void
on_link_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinkItem) item = cobro_links_load_finish (COBRO_LINKS (source), result, NULL);

  if (item)
    {
      const CobroLink *link = cobro_link_item_get_link (item);
      g_autofree char *amount = cobro_view_amount (link);
      g_autofree char *text = g_strdup_printf ("%s · %s", amount, cobro_view_status (item).word);

      take_meta (user_data, cobro_link_item_get_id (item), link->title, text);
    }
  end_place (user_data);
}

static void
on_invoice_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, NULL);

  if (item)
    {
      const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
      g_autofree char *title = cobro_invoice_text_title (invoice);
      g_autofree char *total = cobro_invoice_text_total (invoice);
      g_autofree char *text =
        g_strdup_printf ("%s · %s · %s", invoice->buyer.name, total, cobro_invoice_text_status (item).word);

      take_meta (user_data, cobro_invoice_item_get_id (item), title, text);
    }
  end_place (user_data);
}

static void
on_customer_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroCustomerRecord) record = cobro_invoices_load_customer_finish (COBRO_INVOICES (source), result, NULL);

  if (record)
    take_meta (user_data, record->customer->id.text, record->customer->party.name, record->customer->party.email);
  end_place (user_data);
}

static void
load (CobroContext *context, const char *id, Place *take_place)
{
  CobroId parsed;

  if (cobro_id_parse (COBRO_ID_INVOICE, id, &parsed, NULL))
    cobro_invoices_load_async (context->invoices, id, NULL, on_invoice_loaded_cb, take_place);
  else if (cobro_id_parse (COBRO_ID_CUSTOMER, id, &parsed, NULL))
    cobro_invoices_load_customer_async (context->invoices, &parsed, NULL, on_customer_loaded_cb, take_place);
  else
    cobro_links_load_async (context->links, id, NULL, on_link_loaded_cb, take_place);
}

static void
tell (CobroSearchProvider *self, GVariant *ids, GDBusMethodInvocation *invocation)
{
  g_autofree const char **list = g_variant_get_strv (ids, NULL);
  Telling *telling = g_new0 (Telling, 1);

  telling->invocation = invocation;
  telling->n = is_wanted (self) ? g_strv_length ((char **)list) : 0;
  telling->metas = g_new0 (GVariant *, telling->n + 1);
  telling->waiting = telling->n + 1; /* one for this loop */
  for (guint i = 0; i < telling->n; i++)
    {
      Place *place = g_new0 (Place, 1);

      *place = (Place){ .telling = telling, .index = i };
      load (self->application->context, list[i], place);
    }
  telling->waiting--;
  tell_if_complete (telling);
}

/* ── Opening it ── */

static void
open_result (CobroSearchProvider *self, const char *id)
{
  CobroId parsed;
  const char *action = "show-link";

  if (cobro_id_parse (COBRO_ID_INVOICE, id, &parsed, NULL))
    action = "show-invoice";
  else if (cobro_id_parse (COBRO_ID_CUSTOMER, id, &parsed, NULL))
    action = "show-customer";
  g_action_group_activate_action (G_ACTION_GROUP (self->application), action, g_variant_new_string (id));
}

static void
on_method_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
              GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  CobroSearchProvider *self = user_data;
  g_autoptr (GVariant) first = g_variant_get_child_value (parameters, 0);
  g_autoptr (GVariant) second = NULL;

  if (!self->application)
    return g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED, "leaving");

  stay (self);
  if (g_str_equal (method, "GetInitialResultSet"))
    return find (self, first, invocation);
  if (g_str_equal (method, "GetSubsearchResultSet"))
    {
      second = g_variant_get_child_value (parameters, 1);
      return find (self, second, invocation);
    }
  if (g_str_equal (method, "GetResultMetas"))
    return tell (self, first, invocation);
  if (g_str_equal (method, "ActivateResult"))
    open_result (self, g_variant_get_string (first, NULL));
  else
    {
      g_autofree const char **words = g_variant_get_strv (first, NULL);
      g_autofree char *text = g_strjoinv (" ", (char **)words);

      g_action_group_activate_action (G_ACTION_GROUP (self->application), "search", g_variant_new_string (text));
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

/* ── The object ── */

gboolean
cobro_search_provider_export (CobroSearchProvider *self, GDBusConnection *bus, const char *path, GError **error)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_method_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, error);

  g_return_val_if_fail (COBRO_IS_SEARCH_PROVIDER (self), FALSE);

  if (node)
    self->registration = g_dbus_connection_register_object (bus, path, node->interfaces[0], &vtable, self, NULL, error);
  return self->registration != 0;
}

void
cobro_search_provider_unexport (CobroSearchProvider *self, GDBusConnection *bus)
{
  g_return_if_fail (COBRO_IS_SEARCH_PROVIDER (self));

  if (self->registration)
    g_dbus_connection_unregister_object (bus, self->registration);
  self->registration = 0;
}

static void
cobro_search_provider_dispose (GObject *object)
{
  CobroSearchProvider *self = COBRO_SEARCH_PROVIDER (object);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->application)
    g_object_remove_weak_pointer (G_OBJECT (self->application), (gpointer *)&self->application);
  self->application = NULL;
  G_OBJECT_CLASS (cobro_search_provider_parent_class)->dispose (object);
}

static void
cobro_search_provider_class_init (CobroSearchProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cobro_search_provider_dispose;
}

static void
cobro_search_provider_init (CobroSearchProvider *self)
{
}

CobroSearchProvider *
cobro_search_provider_new (CobroApplication *application)
{
  CobroSearchProvider *self = g_object_new (COBRO_TYPE_SEARCH_PROVIDER, NULL);

  self->application = application;
  g_object_add_weak_pointer (G_OBJECT (application), (gpointer *)&self->application);
  return self;
}
