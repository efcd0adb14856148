/* tests/store/invoice-fixture.h — books of a merchant who writes invoices.
 * Layer: tests. */
#pragma once
#include "cobro-customer-store.h"
#include "cobro-invoice-store.h"
#include "store-fixture.h"

/* store_fixture_set_up() and a profile: The Vacuum Shop, AUD, Melbourne, 10 % GST. */
void invoice_fixture_set_up (StoreFixture *self, gconstpointer data);
CobroCurrency aud (void);
/* (transfer full) stored; with an e-mail address. */
CobroCustomer *must_add_customer (StoreFixture *self, const char *name);
/* (transfer full) not stored: one line over @minor, 10 % GST on top of it. @customer: (nullable). */
CobroInvoice *new_draft (const CobroCustomer *customer, gint64 minor);

/* What a job of the store does, waiting; the test fails when it does. (transfer full) */
CobroInvoiceChange *must_put_invoice (StoreFixture *self, const CobroInvoice *invoice);
CobroInvoiceChange *must_issue (StoreFixture *self, const CobroInvoice *draft);
CobroInvoiceChange *must_void (StoreFixture *self, const CobroId *id, const char *reason);
CobroInvoiceChange *must_credit (StoreFixture *self, const CobroId *id, gint64 minor);
CobroInvoiceChange *must_record (StoreFixture *self, const CobroId *id, CobroRecordHow how, gint64 minor);
CobroInvoiceRecord *must_find (StoreFixture *self, const CobroId *id);
CobroInvoiceView view_of (StoreFixture *self, const CobroId *id);

/* An asynchronous call that answers with a change: wait for it by this. @call is a statement that uses `&result`. */
#define WAIT_FOR_CHANGE(fixture, change, error, call)                                                                  \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autoptr (GAsyncResult) result = NULL;                                                                            \
    call;                                                                                                              \
    change = cobro_invoice_store_finish (fixture->store, wait_for_result (&result), error);                            \
  }                                                                                                                    \
  G_STMT_END
