#!/usr/bin/env python3
"""pack.py INPUT… OUTPUT…: each input gzipped into the output of the same place, always to the same bytes."""
import gzip
import sys

paths = sys.argv[1:]
half = len(paths) // 2
for source, packed in zip(paths[:half], paths[half:]):
    with open(source, 'rb') as file:
        content = gzip.compress(file.read(), 9, mtime=0)
    with open(packed, 'wb') as file:
        file.write(content)
