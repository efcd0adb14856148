/* src/store/cobro-a-store.h — keeps a. Layer: store. */
#pragma once
