/* src/core/cobro-provider.h — a payment provider as its settings are shown to the merchant: what can be set, what is,
 * and how it stands; and what a pasted key gives away about itself. Layer: core. Same sharing rule as cobro-link.h. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"

typedef enum
{
  COBRO_SETTING_TEXT,
  COBRO_SETTING_SECRET, /* written, never read again */
  COBRO_SETTING_NUMBER,
  COBRO_SETTING_RANGE, /* a number, or "low-high" */
} CobroSettingKind;
/* "text", "secret", "number", "range"; FALSE for kinds of a newer relay. */
gboolean cobro_setting_kind_from_name (const char *name, CobroSettingKind *out_kind);

typedef struct
{
  char *name, *title, *help;
  CobroSettingKind kind;
  gboolean required;
  char *initial; /* (nullable) what holds while it is not set */
  char *value;   /* (nullable) never that of a secret */
  gboolean is_set;
  CobroTime set_at; /* 0: unknown */
} CobroSetting;

typedef enum
{
  COBRO_PROVIDER_NOT_SET_UP,
  COBRO_PROVIDER_DISABLED,
  COBRO_PROVIDER_DEGRADED, /* does not answer, and is left alone for a while */
  COBRO_PROVIDER_READY,
} CobroProviderStatus;
gboolean cobro_provider_status_from_name (const char *name, CobroProviderStatus *out_status);

/* What a provider is offered for; several are alternatives, none means everything. */
typedef struct
{
  char *currency;          /* (nullable) code; NULL: any */
  guint methods;           /* CobroMethods; 0: any */
  gint64 minimum, maximum; /* minor units of the currency; 0: no limit */
} CobroProviderRule;
CobroProviderRule *cobro_provider_rule_new (const char *currency, guint methods, gint64 minimum, gint64 maximum);
void cobro_provider_rule_free (CobroProviderRule *rule);
/* (transfer full) (element-type CobroProviderRule) */
GPtrArray *cobro_provider_rules_copy (GPtrArray *rules);
gboolean cobro_provider_rules_equal (GPtrArray *a, GPtrArray *b);

typedef struct
{
  gint ref_count; /* private */
  char *name, *title;
  gboolean livemode;
  gboolean test_only; /* takes no real money, ever */
  gboolean embeds;    /* can be paid with on our own page */
  guint methods;      /* CobroMethods */
  GStrv currencies;   /* (nullable) codes; NULL: all */
  gboolean enabled;
  CobroProviderStatus status;
  char *account, *webhook_url; /* (nullable) before it was set up */
  char *notice;                /* (nullable) what it has to say to the merchant */
  gboolean secret_is_set;      /* of its webhooks */
  CobroTime secret_set_at, secret_before_until;
  gint64 position;     /* the least is offered and tried first */
  GPtrArray *rules;    /* (element-type CobroProviderRule) */
  GPtrArray *settings; /* (element-type CobroSetting) */
} CobroProvider;
/* (transfer full) every text that may not be NULL is ""; _ref and _unref are atomic. */
CobroProvider *cobro_provider_new (void);
CobroProvider *cobro_provider_ref (CobroProvider *provider);
void cobro_provider_unref (CobroProvider *provider);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroProvider, cobro_provider_unref)
CobroSetting *cobro_setting_new (void);
void cobro_setting_free (CobroSetting *setting);
/* (nullable) Lent. */
const CobroSetting *cobro_provider_find_setting (const CobroProvider *provider, const char *name);
/* Whether everything that is required is set. */
gboolean cobro_provider_is_complete (const CobroProvider *provider);
/* Whether anything is set at all. */
gboolean cobro_provider_has_keys (const CobroProvider *provider);

/* What the merchant wants to be otherwise. */
typedef struct
{
  int enabled;          /* 0, 1; -1: as it is */
  GHashTable *settings; /* (element-type utf8 utf8) "" takes one away */
  char *webhook_secret; /* (nullable) NULL: as it is; "": none */
  gint64 position;      /* -1: as it is */
  GPtrArray *rules;     /* (nullable) (element-type CobroProviderRule) NULL: as they are */
} CobroProviderChange;
CobroProviderChange *cobro_provider_change_new (void);
/* Wipes what it held. */
void cobro_provider_change_free (CobroProviderChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroProviderChange, cobro_provider_change_free)
void cobro_provider_change_set (CobroProviderChange *change, const char *name, const char *value);
/* What @newer says counts; what it leaves out stays as @change has it. */
void cobro_provider_change_merge (CobroProviderChange *change, const CobroProviderChange *newer);

/* ── What a key gives away ──────────────────────────────────────────────────────────────────────────────────────── */

typedef enum
{
  COBRO_KEY_FINE,      /* nothing speaks against it */
  COBRO_KEY_BLANK,     /* blanks or line ends inside */
  COBRO_KEY_IS_LIVE,   /* moves real money, and the account is for testing */
  COBRO_KEY_IS_TEST,   /* is for testing, and the account takes real money */
  COBRO_KEY_IS_PUBLIC, /* the public half, where the secret one belongs */
  COBRO_KEY_IS_SECRET, /* the secret half, where everybody may read it */
  COBRO_KEY_IS_HOOK,   /* the secret of webhooks, where a key belongs */
  COBRO_KEY_IS_OTHERS, /* of another provider */
} CobroKeyProblem;

/* Where a text was pasted. */
typedef enum
{
  COBRO_KEY_FIELD_SECRET,
  COBRO_KEY_FIELD_TEXT,
  COBRO_KEY_FIELD_HOOK,
} CobroKeyField;

/**
 * cobro_key_check:
 * @provider: "stripe" …; of others only what all have in common is known
 * @livemode: whether the account takes real money
 * @text: as it was pasted
 * @out_owner: (out) (optional): COBRO_KEY_IS_OTHERS: the name of that provider; static
 *
 * Providers give their keys away by how they begin: sk_test_, pk_live_, whsec_, rzp_test_, FLWSECK-.
 */
CobroKeyProblem cobro_key_check (const char *provider, gboolean livemode, CobroKeyField field, const char *text,
                                 const char **out_owner);
