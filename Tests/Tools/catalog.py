#!/usr/bin/env python3
"""Prints what a catalog says, the same for equal logs however they were read: names for numbers, records of files for events of segments.
  catalog.py CATALOG"""
import sqlite3
import sys


def varints(blob):
    value = shift = 0
    for byte in blob:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


db = sqlite3.connect(sys.argv[1])
names = dict(db.execute("SELECT id, text FROM name"))
paths = {}
for source, path, content in db.execute("SELECT s.name, f.path, f.content FROM file f JOIN source s ON s.id = f.source ORDER BY 1, 2"):
    paths.setdefault(content, f"{source}:{path}")
lines = []
for row in db.execute(
    "SELECT s.name, f.path, f.size, f.evidence, f.found, c.sha256, c.bytes, c.format, c.used + c.duplicate, c.filtered,"
    " c.unreadable, c.strange, c.faults, c.broken, c.first, c.last, f.content FROM file f JOIN content c ON c.id = f.content"
    " JOIN source s ON s.id = f.source"
):
    lines.append(("file",) + row[:-1] + (paths[row[-1]],))
for content, number, record, byte, text, kind in db.execute("SELECT * FROM fault"):
    lines.append(("fault", paths[content], record, byte, text, kind))
places = {}
for segment, first, content, part, record, blob in db.execute("SELECT segment, start, content, part, record, places FROM piece"):
    numbers, end = list(varints(blob)), part
    for at in range(0, len(numbers), 3):
        record += numbers[at]
        start = end + numbers[at + 1]
        end = start + numbers[at + 2]
        places[segment, first + at // 3] = (paths[content], record, start, numbers[at + 2])
for kind, table, column in ("identity", "identity_hours", "identity"), ("resource", "resource_days", "resource"):
    for name, segment, first, last, blob in db.execute(f"SELECT {column}, segment, first, last, events FROM {table}"):
        numbers, period = varints(blob), 0
        for distance in numbers:
            period += distance >> 1 if distance % 2 == 0 else -(distance + 1 >> 1)
            assert first <= period <= last
            following = 0
            for _ in range(next(numbers)):
                following += next(numbers)
                # Of a content that is gone, the numbers stay.
                if (segment, following) in places:
                    lines.append((kind, names[name], period) + places[segment, following])
                following += 1
for permission, action, segment, blob in db.execute(
    "SELECT c.permission, c.action, e.segment, e.events FROM call_events e JOIN call c ON c.id = e.call"
):
    following = 0
    for left in varints(blob):
        following += left
        if (segment, following) in places:
            lines.append(("call", permission, action) + places[segment, following])
        following += 1
for row in db.execute("SELECT hash, identity, credential, isTemporary, session, started, first, last FROM actor"):
    lines.append(("actor", row[0], names[row[1]]) + row[2:])
for row in db.execute("SELECT credential, time, segment, event, kind, session, actor, identity, shared FROM mark"):
    lines.append(("mark",) + row[:2] + places[row[2], row[3]] + row[4:7] + (names[row[7]], row[8]))
assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
for line in sorted(map(repr, lines)):
    print(line)
