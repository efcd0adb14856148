/* src/view/pages/cobro-developers-private.h — what the files of the place "Developers" share.
 * Layer: view, private to it. Main thread. */
#pragma once
#include "cobro-asked-view.h"
#include "cobro-developers-page.h"
#include "cobro-status-label.h"
#include "cobro-sync-button.h"

G_BEGIN_DECLS

struct _CobroDevelopersPage
{
  AdwBin parent_instance;
  GtkWidget *sidebar_button;
  CobroSyncButton *sync_button;
  GtkBox *tab_box;
  GtkStack *stack;
  CobroDevelopers *developers;
  CobroEvents *events;
  CobroRowList *event_list;
  GtkDropDown *event_filter; /* lent */
  GtkStack *event_stack;     /* lent */
  GtkLabel *event_note;      /* lent */
  GHashTable *marked;        /* (element-type utf8) ids of dead letters */
  GtkWidget *marked_button;  /* lent */
  GtkWidget *all_button;     /* lent */
  guint replaying;           /* how many of them are being sent again; 0: none */
  CobroReplay replay;        /* how far that is */
  guint replay_id;           /* shows it */
  GtkWidget *health;         /* lent */
};

/* Lent: the views, made once. */
GtkWidget *cobro_developers_create_endpoints (CobroDevelopersPage *self);
GtkWidget *cobro_developers_create_deliveries (CobroDevelopersPage *self);
GtkWidget *cobro_developers_create_retry (CobroDevelopersPage *self);
GtkWidget *cobro_developers_create_events (CobroDevelopersPage *self);
GtkWidget *cobro_developers_create_keys (CobroDevelopersPage *self);
GtkWidget *cobro_developers_create_devices (CobroDevelopersPage *self);
GtkWidget *cobro_developers_create_health (CobroDevelopersPage *self);

/* ── What rows have in common ── */

/* Puts a status at the end of @row, once; cobro_developers_set_status() fills it and the row's name. */
void cobro_developers_add_status (AdwActionRow *row);
void cobro_developers_set_status (AdwActionRow *row, CobroViewStatus status);
/* Shows a delivery in a row: title, detail, status. @item: of CobroWebhookDelivery. */
void cobro_developers_show_delivery (AdwActionRow *row, CobroAskedItem *item);
/* Opens one delivery with its tries. */
void cobro_developers_open_delivery (CobroDevelopersPage *self, CobroAskedItem *item);
/* Says for a moment how an order went: @text, or what was wrong. */
void cobro_developers_say (CobroDevelopersPage *self, const char *text, const GError *error);

G_END_DECLS
