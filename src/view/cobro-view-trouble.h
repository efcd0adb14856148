/* src/view/cobro-view-trouble.h — what stands between the books and their relay, in words: the cause, and the next
 * step. Layer: view. Main thread. */
#pragma once
#include "cobro-connection.h"

G_BEGIN_DECLS

/* Lent. */
typedef struct
{
  const char *heading; /* the cause, as a title */
  const char *advice;  /* what to do, as sentences */
} CobroViewTrouble;

CobroViewTrouble cobro_view_trouble (CobroLineTrouble trouble);
/* Whether it was found before the pairing code was sent: then the code is still good. */
gboolean cobro_view_trouble_keeps_code (CobroLineTrouble trouble);

G_END_DECLS
