/* src/model/cobro-events.h — what happened at the relay, newest first, as far as these books have read it: live, for
 * the feed wakes the books. Layer: model. Main thread. */
#pragma once
#include "cobro-clock.h"
#include "cobro-row-list.h"

G_BEGIN_DECLS

/* One event. */
#define COBRO_TYPE_EVENT_ENTRY (cobro_event_entry_get_type ())
G_DECLARE_FINAL_TYPE (CobroEventEntry, cobro_event_entry, COBRO, EVENT_ENTRY, CobroRowItem)
gint64 cobro_event_entry_get_sequence (CobroEventEntry *self);
CobroTime cobro_event_entry_get_when (CobroEventEntry *self);
/* Lent; "" before it is filled. The type may be one that this program does not know; the object is JSON. */
const char *cobro_event_entry_get_id (CobroEventEntry *self);
const char *cobro_event_entry_get_event_type (CobroEventEntry *self);
const char *cobro_event_entry_get_object_id (CobroEventEntry *self);
const char *cobro_event_entry_get_object (CobroEventEntry *self);

#define COBRO_TYPE_EVENTS (cobro_events_get_type ())
G_DECLARE_FINAL_TYPE (CobroEvents, cobro_events, COBRO, EVENTS, CobroRowSource)

CobroEvents *cobro_events_new (CobroStore *store);
/* (transfer full) all of them. */
CobroRowList *cobro_events_list (CobroEvents *self);
/* @type: CobroEventType; -1: all. */
void cobro_events_ask (CobroEvents *self, CobroRowList *list, gint type);

G_END_DECLS
