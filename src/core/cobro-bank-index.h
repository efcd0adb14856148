/* src/core/cobro-bank-index.h — what is open, found by number, amount and name, so that a long statement does not meet
 * every invoice. Private to core. Pure. Layer: core. Any thread. */
#pragma once
#include "cobro-bank-score.h"

typedef struct
{
  GPtrArray *targets;  /* borrowed */
  GHashTable *numbers; /* (element-type utf8 GArray<guint>) folded number → targets */
  GHashTable *digits;  /* the same of the digits alone, where there are enough */
  GHashTable *orders;  /* the same of the buyers' order numbers */
  GHashTable *amounts; /* (element-type gint64 GArray<guint>) due or next part, in minor units */
  GHashTable *names;   /* (element-type utf8 GArray<guint>) folded name */
  GPtrArray *folded;   /* (element-type utf8) names, by target */
  GArray *lengths;     /* (element-type gsize) of all numbers there are, the longest first */
} CobroBankIndex;

/* (transfer full) over @targets, which must outlive it. */
CobroBankIndex *cobro_bank_index_new (GPtrArray *targets);
void cobro_bank_index_free (CobroBankIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBankIndex, cobro_bank_index_free)

/* (transfer full) (element-type guint → CobroBankNaming) whom the line names. */
GHashTable *cobro_bank_index_named (CobroBankIndex *index, const CobroBankLook *look);
/* (transfer full) (element-type guint) whom it might be for: those named, of that amount, of that name. */
GHashTable *cobro_bank_index_candidates (CobroBankIndex *index, const CobroBankLook *look, GHashTable *named);
/* What is known of one of them. */
CobroBankFit cobro_bank_index_fit (CobroBankIndex *index, guint target, CobroBankNaming naming);
/* (nullable) (element-type guint) what the owner of that folded name owes. */
GArray *cobro_bank_index_of_name (CobroBankIndex *index, const char *name);
