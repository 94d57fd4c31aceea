#!/usr/bin/env python3
"""Computes the three read models of this folder from the events, without SQL.

This is written apart from the projections, with dictionaries alone, so that a mistake in one is
not repeated in the other.

    expected.py INPUT approvals|applications|days [--through N]
        prints the rows, ordered by key, as the sqlite3 shell prints them in list mode
    expected.py INPUT --compare FILE.db [--through N]
        opens the file read-only and compares all three tables row by row

INPUT is NDJSON, one event a line, as it is or compressed with gzip. Events have the numbers 1 to N
in the order of the lines, as they have in a store that held nothing before. With --through N only
the first N are computed: what a read model holds that has applied the events up to N.

Exit status: 0 done, or all rows are equal; 1 there are differences; 2 wrong use or unreadable.
"""

import argparse
import datetime
import gzip
import itertools
import json
import pathlib
import signal
import sqlite3
import sys

# So many differences are printed for each table; the rest is counted.
SHOWN_DIFFERENCES = 5


class InputError(Exception):
    """The input is not what the three models are made of."""


class Approvals:
    """Of each application the amount, and the time of its approval."""

    table = "approval"
    columns = ("application", "requested", "approved_at")

    def __init__(self):
        self.by_stream = {}

    def apply(self, number, event):
        stream, data = event["stream"], event["data"]
        if event["type"] == "A_SUBMITTED":
            if stream in self.by_stream:
                raise InputError(f"event {number}: {stream} is submitted a second time")
            self.by_stream[stream] = [data.get("amountRequested"), None]
        elif event["type"] == "A_APPROVED" and stream in self.by_stream:
            self.by_stream[stream][1] = data["occurredAt"]

    def rows(self):
        return [(stream, *row) for stream, row in sorted(self.by_stream.items())]


class Applications:
    """Where each application stands."""

    table = "application"
    columns = (
        "application", "submitted_at", "requested", "state", "decided_at", "offers",
        "fraud_checked", "events", "last_number", "last_at", "last_resource",
    )
    # What an event makes of an application that is not decided.
    next_state = {
        "A_PREACCEPTED": "preaccepted",
        "A_ACCEPTED": "accepted",
        "O_SENT": "offered",
        "O_SENT_BACK": "returned",
        "O_CANCELLED": "accepted",
        "A_APPROVED": "approved",
        "A_DECLINED": "declined",
        "A_CANCELLED": "cancelled",
    }
    decisions = {"approved", "declined", "cancelled"}

    def __init__(self):
        self.by_stream = {}

    def apply(self, number, event):
        stream, kind, data = event["stream"], event["type"], event["data"]
        if kind == "A_SUBMITTED":
            if stream in self.by_stream:
                raise InputError(f"event {number}: {stream} is submitted a second time")
            row = dict.fromkeys(self.columns)
            row.update(application=stream, submitted_at=data["occurredAt"], state="submitted")
            row.update(requested=data.get("amountRequested"), offers=0, fraud_checked=0, events=0)
            self.by_stream[stream] = row
        row = self.by_stream.get(stream)
        if row is None or kind[:2] not in ("A_", "O_", "W_"):
            return
        if row["decided_at"] is None and kind in self.next_state:
            row["state"] = self.next_state[kind]
            if row["state"] in self.decisions:
                row["decided_at"] = data["occurredAt"]
        if kind == "O_CREATED":
            row["offers"] += 1
        if kind == "W_Beoordelen fraude":
            row["fraud_checked"] = 1
        row["events"] += 1
        row["last_number"] = number
        row["last_at"] = data["occurredAt"]
        if data.get("resource") is not None:
            row["last_resource"] = data["resource"]

    def rows(self):
        return [tuple(row.values()) for _, row in sorted(self.by_stream.items())]


class Days:
    """What happened on each working day."""

    table = "day"
    columns = ("day", "submitted", "approved", "declined", "cancelled")
    counted = ("A_SUBMITTED", "A_APPROVED", "A_DECLINED", "A_CANCELLED")

    def __init__(self):
        self.by_day = {}

    def apply(self, number, event):
        if event["type"] in self.counted:
            day = self.working_day(event["data"]["occurredAt"][:10])
            counts = self.by_day.setdefault(day, [0] * len(self.counted))
            counts[self.counted.index(event["type"])] += 1

    @staticmethod
    def working_day(text):
        """The day itself from Monday to Friday, and the next Monday at the weekend."""
        day = datetime.date.fromisoformat(text)
        wait = {5: 2, 6: 1}.get(day.weekday(), 0)
        return (day + datetime.timedelta(days=wait)).isoformat()

    def rows(self):
        return [(day, *counts) for day, counts in sorted(self.by_day.items())]


MODELS = {"approvals": Approvals, "applications": Applications, "days": Days}


def events(path, through):
    """The events of a file with their numbers, the first `through` of them or all."""
    with open(path, "rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    with (gzip.open if is_gzip else open)(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(itertools.islice(lines, through), start=1):
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise InputError(f"line {number} is no JSON: {error}") from error


def computed(path, through, models):
    """Applies the events to new models; returns them and the number of the last event."""
    models = [model() for model in models]
    last = 0
    for last, event in events(path, through):
        for model in models:
            try:
                model.apply(last, event)
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(f"event {last} has not the expected form: {error!r}") from error
    return models, last


def line(row):
    """A row as the sqlite3 shell prints it in list mode."""
    return "|".join("" if value is None else str(value) for value in row)


def differences(expected, found):
    """Says where two lists of rows differ; the first value of a row is its key."""
    expected = {row[0]: row for row in expected}
    found = {row[0]: row for row in found}
    for key in sorted(expected.keys() | found.keys(), key=str):
        want, have = expected.get(key), found.get(key)
        # Types count too: the text 5000 is not the number 5000.
        if [(type(v), v) for v in want or ()] != [(type(v), v) for v in have or ()]:
            yield want, have


def compare(models, last, database):
    """Compares models with the tables of a file, prints what it finds; True if all are equal."""
    address = pathlib.Path(database).resolve(strict=True).as_uri() + "?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    # One transaction, so that all three tables are of one moment while a subscriber goes on.
    connection.execute("BEGIN")
    are_equal = True
    for model in models:
        expected = model.rows()
        try:
            found = connection.execute(
                f"SELECT {', '.join(model.columns)} FROM {model.table}"
            ).fetchall()
        except sqlite3.OperationalError as error:
            print(f"{model.table}: cannot be read: {error}")
            are_equal = False
            continue
        unequal = list(differences(expected, found))
        print(
            f"{model.table}: {len(expected)} rows expected, {len(found)} found, "
            f"{len(unequal)} different"
        )
        for want, have in unequal[:SHOWN_DIFFERENCES]:
            print(f"  expected {line(want) if want else 'no row'}")
            print(f"  found    {line(have) if have else 'no row'}")
        if len(unequal) > SHOWN_DIFFERENCES:
            print(f"  and {len(unequal) - SHOWN_DIFFERENCES} more")
        # A key that is found twice shows in the counts alone.
        are_equal = are_equal and not unequal and len(expected) == len(found)
    connection.close()
    print(f"{'equal' if are_equal else 'NOT equal'} through event {last}")
    return are_equal


def main():
    parser = argparse.ArgumentParser(
        description="Computes the loan read models from the events, without SQL."
    )
    parser.add_argument("input", metavar="INPUT", help="NDJSON, or NDJSON compressed with gzip")
    parser.add_argument("model", nargs="?", choices=MODELS, help="the rows to print")
    parser.add_argument("--compare", metavar="FILE.db", help="compare with this SQLite file")
    parser.add_argument("--through", type=int, metavar="N", help="only the events 1 to N")
    arguments = parser.parse_args()
    if (arguments.model is None) == (arguments.compare is None):
        parser.error("say either which model to print or --compare FILE.db")
    if arguments.through is not None and arguments.through < 0:
        parser.error("--through N: 0 or more")
    chosen = [MODELS[arguments.model]] if arguments.model else MODELS.values()
    models, last = computed(arguments.input, arguments.through, chosen)
    if arguments.through is not None and last < arguments.through:
        raise InputError(f"--through {arguments.through}: the input ends with event {last}")
    if arguments.compare:
        return 0 if compare(models, last, arguments.compare) else 1
    for row in models[0].rows():
        print(line(row))
    return 0


if __name__ == "__main__":
    # Ends quietly where the reader of a pipe has seen enough, as head does.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        sys.exit(main())
    except (InputError, OSError, EOFError, sqlite3.Error) as error:
        print(f"expected.py: {error}", file=sys.stderr)
        sys.exit(2)
