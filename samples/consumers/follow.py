#!/usr/bin/env python3
"""Follow an EventFeed feed into a SQLite file, each event exactly once.

Written from feeds/README.md alone; "section" means a section there. Needs Python 3.11 on a Unix.
The rows of a batch and the checkpoint change in one transaction, so this may be killed at any
moment and started again. The chain is computed from the events and compared at every answer.
"""
import argparse, base64, datetime, email.utils, hashlib, http.client, json, random, re, signal
import sqlite3, struct, sys, time, urllib.error, urllib.request, zlib
import xml.etree.ElementTree as ET
from collections import namedtuple
from urllib.parse import urljoin

ATOM, EF = "{http://www.w3.org/2005/Atom}", "{urn:eventfeed:1}"
ATOM_TYPES = ("application/atom+xml", "application/xml", "text/xml")
SOCKET_SECONDS, ANSWER_SECONDS = 30, 120  # without a byte; for a whole answer
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_RETRY_AFTER = 1, 60, 300  # seconds
BAD_ANSWERS = 10  # in a row, then it gives up
DOCUMENT_BYTES = 500 * 327_680 + 131_072  # section 16, with the largest page size
VALUE_BYTES = 4_194_304  # section 16
BATCH_BYTES = 16 * 2**20  # of values out of line in memory, then they are committed
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

SCHEMA = """BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, stream TEXT, version INTEGER,
    type TEXT, id TEXT, recorded_at TEXT, media_type TEXT, data, metadata);
CREATE TABLE IF NOT EXISTS checkpoint (number INTEGER, epoch TEXT, chain TEXT);
INSERT INTO checkpoint SELECT 0, NULL, '%s' WHERE NOT EXISTS (SELECT 1 FROM checkpoint);
COMMIT""" % hashlib.sha256(b"eventfeed-1").hexdigest()


class Later(Exception):
    """Nothing is wrong with the history: the same again after a pause."""
    def __init__(self, message, seconds=None):
        super().__init__(message)
        self.seconds = seconds  # what the server asked for


class Bad(Later):
    """An answer that cannot be used: the same again, but not for ever."""


class Stop(Exception):
    """Another history or another contract: to go on would do harm."""


# Requests: sections 13 and 18.

class Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(self, request, file, code, message, headers, target):
        if not target.startswith(("https:",) if request.type == "https" else ("http:", "https:")):
            raise Stop(f"{request.full_url} leads to {target}, which is not followed")
        return super().redirect_request(request, file, code, message, headers, target)


def get(address, limit):
    """Status, headers and body; the body has at most `limit` bytes, before and after gzip."""
    fields = {"Accept-Encoding": "gzip", "User-Agent": "eventfeed-follow.py"}
    signal.setitimer(signal.ITIMER_REAL, ANSWER_SECONDS)  # its handler raises Later
    try:
        request = urllib.request.Request(address, headers=fields)
        try:
            response = urllib.request.build_opener(Redirects).open(request, timeout=SOCKET_SECONDS)
        except urllib.error.HTTPError as error:  # an answer as well
            response = error
        with response:
            body, missing = response.read(limit + 1), response.length
        if response.headers.get("Content-Encoding") == "gzip" and body:
            unzip = zlib.decompressobj(wbits=31)
            body = unzip.decompress(body, limit + 1)
            missing = missing or not unzip.eof
    except (OSError, http.client.HTTPException) as error:
        raise Later(f"{address}: {error or type(error).__name__}") from None
    except (ValueError, zlib.error) as error:
        raise Bad(f"{address}: {error}") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if response.status in (408, 429) or response.status >= 500:
        raise Later(f"{address}: status {response.status}", retry_after(response.headers))
    if len(body) > limit or missing:
        raise Bad(f"{address}: the answer is cut off, or has more than {limit} bytes")
    return response.status, response.headers, body


def retry_after(headers):
    """Seconds, from a count or a date; None from anything else."""
    text = headers.get("Retry-After", "")
    try:
        seconds = int(text[:9]) if text.isdecimal() else (
            email.utils.parsedate_to_datetime(text).timestamp() - time.time())
        return min(max(seconds, 0), LONGEST_RETRY_AFTER)
    except (ValueError, TypeError, OverflowError):
        return None


# Documents: sections 3, 5, 6, 8 and 19.

UUID, HASH = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "[0-9a-f]{64}"
NAME = r"(?! )[^\x00-\x1f\x7f-\x9f\ufffe\uffff]{1,512}(?<! )"
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
MEDIA_TYPE = rf"(?=.{{1,255}}\Z){TOKEN}/{TOKEN}( *;[ -~]*)?(?<! )"

Away = namedtuple("Away", "length digest")  # a value out of line
Event = namedtuple("Event", "number stream version type id recorded_at"
                   " media_type data metadata_media_type metadata")  # no metadata: "" and None


def sha256(value):
    if isinstance(value, Away):
        return value.digest
    return hashlib.sha256(value.encode() if isinstance(value, str) else value or b"").digest()


def next_chain(before, event):
    """c(number), from c(number - 1)."""
    fields = (event.stream.encode(), event.type.encode(), bytes.fromhex(event.id.replace("-", "")),
              event.media_type.encode(), sha256(event.data),
              event.metadata_media_type.encode(), sha256(event.metadata))
    d = sha256(b"".join(struct.pack(">Q", len(field)) + field for field in fields))
    return sha256(before + struct.pack(">QQQ", event.number, event.version, event.recorded_at) + d)


class Tree(ET.TreeBuilder):
    def doctype(self, *_):  # is called before anything in it takes effect
        raise Bad("it has a document type declaration")


def tree(body):
    encoding = re.match(rb"[^<]*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", body)
    if encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"iso-8859-1"):
        raise Bad("its encoding is not allowed")
    try:
        root = ET.fromstring(body, ET.XMLParser(target=Tree()))
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Bad(f"it is not well-formed: {error}") from None
    level, depth = [root], 0
    while level:
        level, depth = [child for each in level for child in each], depth + 1
    if depth > 64:
        raise Bad("more than 64 elements are within each other")
    return root


def one(parent, tag):
    found = parent.findall(tag)
    if len(found) != 1:
        raise Bad(f"it has {len(found)} elements {tag} in {parent.tag}")
    return found[0]


def fact(element, name, pattern):
    text = element.get(name, "")
    if not re.fullmatch(pattern, text):
        raise Bad(f"its {name} is {text[:100]!r}")
    return text


def number(element, name, least, most=2**63 - 1):
    found = int(fact(element, name, "0|[1-9][0-9]{0,18}"))
    if not least <= found <= most:
        raise Bad(f"its {name} is {found}")
    return found


def value(element, ef):
    """Media type and value of `content` or `ef:metadata`, as section 6.3 has readers do it."""
    kind, encoding = element.get("type", "text"), element.get(ef + "encoding")
    names = {"text": "text/plain", "html": "text/html"}
    media_type = element.get(ef + "media-type", names.get(kind, kind))
    if len(element) or not re.fullmatch(MEDIA_TYPE, media_type):
        raise Bad(f"a value has child elements, or the media type {media_type[:100]!r}")
    if element.get("src") is not None:
        digest = bytes.fromhex(fact(element, ef + "digest", HASH))
        return media_type, Away(number(element, ef + "length", 0), digest)
    essence, text = kind.split(";")[0].strip().lower(), element.text or ""
    if encoding is None and (essence in names or essence.startswith("text/")):
        return media_type, text
    is_xml = essence == "xhtml" or essence.endswith(("+xml", "/xml"))
    if encoding != "base64" and (encoding is not None or is_xml):
        raise Bad(f"a value has type {kind[:100]!r} and encoding {str(encoding)[:100]!r}")
    try:
        return media_type, base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise Bad(f"a value is not base64: {error}") from None


def event(entry):
    facts, urn = one(entry, EF + "event"), (one(entry, ATOM + "id").text or "").strip()
    if not re.fullmatch(f"urn:uuid:{UUID}", urn):
        raise Bad(f"an event has the id {urn[:100]!r}")
    has_metadata = entry.find(EF + "metadata") is not None
    return Event(number(facts, "number", 1), fact(facts, "stream", NAME),
                 number(facts, "version", 1), fact(facts, "type", NAME), urn[9:].lower(),
                 number(facts, "recorded-at", 0, 253_402_300_799_999_999),
                 *value(one(entry, ATOM + "content"), EF),
                 *(value(one(entry, EF + "metadata"), "") if has_metadata else ("", None)))


class Document:
    """A complete page or another document of the whole feed, sound in itself."""

    def __init__(self, body):
        root = tree(body)
        facts = one(root, EF + "feed")
        if root.tag != ATOM + "feed":
            raise Bad("it is not an Atom feed")
        if fact(facts, "format", ".+") != "1" or {"filter", "stream"} & set(facts.keys()):
            raise Stop("the answer has another format than 1, or is only a part of the feed")
        self.epoch = fact(facts, "epoch", UUID).lower()
        self.page_size = number(facts, "page-size", 10, 500)
        self.is_page = facts.get("first") is not None
        if self.is_page:
            self.after = number(facts, "first", 1) - 1
            self.scanned_to = self.head = self.after + self.page_size
            if self.after % self.page_size or number(facts, "last", 1) != self.scanned_to:
                raise Bad("its numbers are not those of a page")
        else:
            self.head = number(facts, "head", 0)
            self.scanned_to = number(facts, "scanned-to", 0, self.head)
            self.after = number(facts, "after", 0, self.scanned_to)
        chain = fact(facts, "chain-before" if self.is_page else "chain-after", HASH)
        self.chains, last = {self.after: bytes.fromhex(chain)}, self.after  # c by number
        # A set, for identical repetitions are allowed; sorted, for a head document goes backwards.
        self.events = sorted(set(map(event, root.findall(ATOM + "entry"))), key=lambda e: e.number)
        for each in self.events:
            if each.number != last + 1:
                raise Bad(f"event {each.number} follows event {last} in it")
            self.chains[each.number], last = next_chain(self.chains[last], each), each.number
        if last != self.scanned_to or len({each.id for each in self.events}) < len(self.events):
            raise Bad(f"it does not hold all events up to {self.scanned_to}, or repeats an id")
        if self.chains[last].hex() != fact(facts, "chain", HASH):
            raise Bad("its chain is not that of its events")


# The follower: section 18.

class Follower:
    def __init__(self, address, file):
        self.address, self.bad = address, 0  # bad answers in a row
        self.database = sqlite3.connect(file, timeout=30, isolation_level=None)
        self.database.executescript(SCHEMA)

    def follow(self, every, until_caught_up):
        failures = 0
        while True:
            try:
                caught_up = self.round()
                if caught_up and until_caught_up:
                    return
                failures, self.bad, pause = 0, 0, every if caught_up else 0
            except Later as problem:
                self.bad += isinstance(problem, Bad)
                if self.bad == BAD_ANSWERS:
                    raise Stop(f"{problem}; {self.bad} bad answers in a row") from None
                pause = min(FIRST_PAUSE * 2**failures, LONGEST_PAUSE) * random.uniform(0.5, 1)
                pause = problem.seconds or pause
                failures += 1
                say(f"{problem}; again in {pause:.1f} s")
            time.sleep(pause)

    def round(self):
        """Ask once, then read complete pages while far behind. True: nothing is left to read."""
        self.number, self.epoch, self.chain = self.database.execute(
            "SELECT number, epoch, chain FROM checkpoint").fetchone()
        asked, document = self.number, self.document(f"feed.atom?after={self.number}")
        if document.head < self.number:
            raise Later(f"the feed's head is {document.head}, before {self.number}: it lags")
        if document.after <= self.number <= document.scanned_to:
            self.take(document)
        # Far behind, and where a static copy ignored the query and begins later: complete pages.
        size = document.page_size
        while self.number < max(document.after, document.head - size + 1):
            first, last = self.number // size * size + 1, self.number // size * size + size
            page = self.document(f"{self.folder}/{first}-{last}.atom")
            if not page.is_page or page.scanned_to != last:
                raise Later(f"page {first}-{last} is not complete: the server lags")
            self.take(page)
        if document.after <= self.number < document.scanned_to:
            self.take(document)
        if self.number == asked < document.head:
            raise Later(f"the feed's head is {document.head}, but nothing came after {asked}")
        return self.number == document.head

    def ask(self, reference, limit):
        """Headers and body of what is beside the head document."""
        status, headers, body = get(urljoin(self.address, reference), limit)
        if status == 200:
            return headers, body
        try:
            problem = dict(json.loads(body))
        except (ValueError, TypeError, RecursionError):
            problem = {}  # this is not from an EventFeed server
        kind = str(problem.get("type")).removeprefix("urn:eventfeed:problem:")
        message = f"{reference}: status {status} {problem.get('detail', '')}"
        if status == 404 and kind in ("after-head", "no-such-page", "another-epoch"):
            self.compare_epoch(str(problem.get("epoch")))
            raise Later(message)  # the server lags
        raise Bad(message) if status == 404 and reference.startswith("feed/") else Stop(message)

    def document(self, reference):
        headers, body = self.ask(reference, DOCUMENT_BYTES)
        try:
            if headers.get_content_type() not in ATOM_TYPES:
                raise Bad(f"it is {headers.get_content_type()}")
            document = Document(body)
        except Bad as problem:
            raise Bad(f"{reference}: {problem}") from None
        self.compare_epoch(document.epoch)
        return document

    def compare_epoch(self, epoch):
        if self.epoch not in (None, epoch):
            raise Stop(f"epoch {self.epoch} was expected, {epoch} came: this is another history")
        self.epoch, self.folder = epoch, "feed/" + epoch.replace("-", "")[:12]

    def take(self, document):
        """Apply what is new in a document that begins at the checkpoint or before it."""
        chain = document.chains[self.number].hex()
        if chain != self.chain:
            raise Stop(f"chain {self.chain} was expected at event {self.number}, {chain} came:"
                       " this is another history")
        rows, waiting = [], 0
        for event in document.events[self.number - document.after:]:
            moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(0, 0, event.recorded_at)
            rows.append((event.number, event.stream, event.version, event.type, event.id,
                         moment.isoformat(timespec="microseconds") + "Z", event.media_type,
                         self.here(event.data, "data", event.number),
                         self.here(event.metadata, "metadata", event.number)))
            waiting += sum(each.length for each in event if isinstance(each, Away))
            if waiting >= BATCH_BYTES or event.number == document.scanned_to:
                self.commit(rows, event.number, document.chains[event.number].hex())
                rows, waiting = [], 0

    def here(self, value, kind, number):
        """The value, fetched if it is out of line. The address is computed, as in section 2."""
        if not isinstance(value, Away):
            return value
        reference = f"{self.folder}/{kind}/{number}"
        _, body = self.ask(reference, VALUE_BYTES)
        if (len(body), sha256(body)) != value:
            raise Bad(f"{reference} does not have the length and digest that were announced")
        return body

    def commit(self, rows, number, chain):
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # the batch in hand is finished
        try:
            with self.database:
                self.database.execute("BEGIN IMMEDIATE")
                moved = self.database.execute(
                    "UPDATE checkpoint SET number = ?1, epoch = ?2, chain = ?3"
                    " WHERE number = ?4 AND chain = ?5 AND ifnull(epoch, ?2) = ?2",
                    (number, self.epoch, chain, self.number, self.chain)).rowcount
                if moved != 1:
                    raise Later("another program has moved the checkpoint")
                self.database.executemany("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?)", rows)
            self.number, self.chain, self.bad = number, chain, 0
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def say(message):
    print(f"follow.py: {message}", file=sys.stderr, flush=True)


def on_signal(which, _):
    if which == signal.SIGALRM:
        raise Later(f"no whole answer in {ANSWER_SECONDS} s")
    sys.exit(0)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], formatter_class=argparse.RawTextHelpFormatter,
        epilog="""Examples:
  follow.py http://127.0.0.1:2113/ copy.db
  follow.py http://127.0.0.1:2113/feed.atom copy.db --until-caught-up
  follow.py https://example.org/published/ copy.db --every 60

Exit status: 0 caught up, or ended by TERM or INT; 64 wrong usage; 74 the file cannot be used;
76 another history, or an answer that does not get better.""")
    parser.error = lambda message: parser.exit(64, f"follow.py: {message}; see --help\n")
    parser.add_argument("feed", metavar="FEED_URL", help="a server/, a folder/ or its feed.atom")
    parser.add_argument("file", metavar="FILE.db", help="made if it is not there")
    parser.add_argument("--every", metavar="SECONDS", type=float, default=2,
                        help="poll interval, 2 if it is not given")
    parser.add_argument("--until-caught-up", action="store_true", help="end when all is read")
    arguments = parser.parse_args()
    if not re.fullmatch("https?://[^?#]+", arguments.feed) or not 0.1 <= arguments.every <= 86_400:
        parser.error("FEED_URL is http: or https: without a query, SECONDS is 0.1 to 86400")
    for which in (signal.SIGALRM, *STOP_SIGNALS):
        signal.signal(which, on_signal)
    try:
        Follower(arguments.feed, arguments.file).follow(arguments.every, arguments.until_caught_up)
    except (Stop, sqlite3.Error) as problem:
        say(problem)
        sys.exit(76 if isinstance(problem, Stop) else 74)


if __name__ == "__main__":
    main()
