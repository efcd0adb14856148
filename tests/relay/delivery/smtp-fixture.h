/* tests/relay/delivery/smtp-fixture.h — a mail server in a process of its own (tests/support/smtp_sink.py). Layer:
 * tests. */
#pragma once
#include <gio/gio.h>

typedef struct
{
  GSubprocess *process;
  GAsyncQueue *mails; /* (element-type utf8) what it took, as JSON; "" when it has ended */
  GThread *reader;    /* so that it never waits for a test that does not look */
  char *folder, *certificate, *url;
} Sink;

/* @how: options of smtp_sink.py, separated by blanks; @scheme and @host: how it is spoken to. */
Sink *sink_new (const char *how, const char *scheme, const char *host);
void sink_free (Sink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sink, sink_free)
/* What it took next, as JSON; waits for it. */
char *sink_next (Sink *sink);
/* It is gone; what is said to it meets a closed door. */
void sink_kill (Sink *sink);
