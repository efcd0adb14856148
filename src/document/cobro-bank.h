/* src/document/cobro-bank.h — account statements as banks hand them out: CAMT.053 (ISO 20022), MT940 (SWIFT) and the
 * many tables called CSV. All become the same lines; a file that is wrong says where and why. Layer: document. Any
 * thread. */
#pragma once
#include "cobro-bank-line.h"

#define COBRO_BANK_BYTES_MAX (64 * 1024 * 1024)
#define COBRO_BANK_LINES_MAX 100000

typedef enum
{
  COBRO_BANK_CAMT053,
  COBRO_BANK_MT940,
  COBRO_BANK_CSV,
} CobroBankFormat;

/* How 03/04/2026 is read. */
typedef enum
{
  COBRO_BANK_ORDER_UNKNOWN,
  COBRO_BANK_DAY_FIRST,
  COBRO_BANK_MONTH_FIRST,
} CobroBankOrder;

typedef struct
{
  CobroCurrency currency; /* of amounts beside which the file says none */
  CobroBankOrder order;   /* for a table whose dates all read both ways */
} CobroBankSetup;

typedef struct
{
  CobroBankFormat format;
  GPtrArray *lines; /* (element-type CobroBankLine) what is booked, in the order of the file */
  guint n_pending;  /* not booked yet, or never: left out */
  char *unclear; /* a date that reads both ways, where setup did not say how: ask, and read again; lines are empty. Else
                    "" */
} CobroBankFile;

/**
 * cobro_bank_read:
 *
 * The format is found in the file. Nothing outside of it is looked at: no schema, no entity, no network.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_INVALID, whose message begins with "line N: " where there is
 * one, _CURRENCY, _OVERFLOW (an amount) or _TOO_LARGE
 */
CobroBankFile *cobro_bank_read (GBytes *bytes, const CobroBankSetup *setup, GError **error);
void cobro_bank_file_free (CobroBankFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBankFile, cobro_bank_file_free)
