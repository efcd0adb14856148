/* tests/wire/judge-vectors.h — stored vectors of other people's libraries, one JSON object a line, and where ours may
 * differ from them on purpose. Layer: tests. */
#pragma once
#include "cobro-wire.h"

/* A kind of vector that all judges accept, and ours refuses, and why. */
typedef struct
{
  const char *kind, *why;
} JudgeDifference;

/* What one line says. */
typedef struct
{
  char *kind, *text, *verdicts, *key, *content; /* key, content: "" where there is none */
  gint64 now;                                   /* seconds */
} JudgeVector;

/* Asks @accepts about every vector of tests/data/@file, and counts by kind. Whoever is laxer than any judge fails;
 * whoever is stricter than all of them needs a difference of that kind, and every difference must be met with. @must:
 * (NULL-terminated): kinds that may not be refused. Says what it found. */
void judge_vectors (const char *file, gboolean (*accepts) (const JudgeVector *vector), const char *const *must,
                    const JudgeDifference *differences, gsize n_differences, guint at_least);
