/* tests/document/document-hostile.h — texts that try to break out of documents, in every field of one. Layer: tests. */
#pragma once
#include "document-sample.h"

typedef struct
{
  const char *text;
  const char *field;
  CobroInvoice *invoice; /* totals computed */
  CobroPayment *payment;
} HostileCase;
typedef void (*HostileWork) (const HostileCase *hostile, gpointer data);

/* Every text in every field, one field at a time; then each text in all fields at once. */
void hostile_each (HostileWork work, gpointer data);
/* The same, all fields at once only. */
void hostile_each_whole (HostileWork work, gpointer data);
/* Whether @at, which begins with "<", is one of the elements that our mails are made of, attributes and all. */
gboolean hostile_tag_is_ours (const char *at);
