/* tests/model/test-keyring.h — keyrings of every temper: one that works, one that refuses, one that never answers.
 * Layer: tests. */
#pragma once
#include "cobro-keyring.h"

typedef enum
{
  TEST_KEYRING_WORKS,
  TEST_KEYRING_LOCKED,
  TEST_KEYRING_ABSENT,
  TEST_KEYRING_REFUSES,
  TEST_KEYRING_HANGS
} TestKeyringTemper;

/* (transfer full) */
CobroKeyring *test_keyring_new (TestKeyringTemper temper);
/* The secret kept for a relay; NULL for none. */
const char *test_keyring_peek (CobroKeyring *keyring, const char *relay);
void test_keyring_set_temper (CobroKeyring *keyring, TestKeyringTemper temper);
