-- One release for reading. Concepts are those of the pillar; a cluster is a JSON document, for there are few.
CREATE TABLE concepts (
    id INTEGER PRIMARY KEY,
    iri TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,              -- last two segments of the IRI: skill/0005c151-...
    kind TEXT NOT NULL,              -- skill, group, occupation, isco, scheme; '' where only linked to
    code TEXT NOT NULL DEFAULT '',
    skill_type TEXT NOT NULL DEFAULT '',
    reuse TEXT NOT NULL DEFAULT ''
);
CREATE TABLE labels (
    concept INTEGER NOT NULL,
    language TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (concept, language)
) WITHOUT ROWID;
CREATE TABLE texts (
    concept INTEGER NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,              -- alt, hidden, definition, scope, description
    texts TEXT NOT NULL              -- a JSON list, sorted
);                                   -- its index comes at the end: rows that come in no order would leave gaps
CREATE TABLE descriptions (path TEXT NOT NULL, language TEXT NOT NULL, texts TEXT NOT NULL);  -- until paths are known
CREATE TABLE links (
    subject INTEGER NOT NULL,
    kind TEXT NOT NULL,              -- broader, narrower, essential, optional, essential-for, optional-for, scheme
    object INTEGER NOT NULL,
    PRIMARY KEY (subject, kind, object)
) WITHOUT ROWID;
CREATE TABLE sectors (occupation INTEGER NOT NULL, code TEXT NOT NULL, PRIMARY KEY (occupation, code)) WITHOUT ROWID;
CREATE TABLE allocations (
    skill INTEGER NOT NULL,
    cluster TEXT NOT NULL,
    rank TEXT NOT NULL,              -- primary, used-in, found-under, secondary, rejected
    weight REAL NOT NULL,
    margin REAL,                     -- of a primary place that data gave
    runner_up TEXT NOT NULL,
    method TEXT NOT NULL,
    decision TEXT NOT NULL,
    relevance REAL NOT NULL DEFAULT 0,  -- largest first: see _weigh in read_model.py
    PRIMARY KEY (cluster, rank, skill)
) WITHOUT ROWID;
CREATE INDEX allocations_by_skill ON allocations (skill);
CREATE TABLE strongest (               -- of clusters that have clusters below them
    cluster TEXT NOT NULL,
    place INTEGER NOT NULL,
    skill INTEGER NOT NULL,
    PRIMARY KEY (cluster, place)
) WITHOUT ROWID;
CREATE TABLE clusters (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE subjects (
    subject TEXT NOT NULL,           -- an IRI
    graph TEXT NOT NULL,
    start INTEGER NOT NULL,          -- bytes, in the graph's plain N-Triples
    length INTEGER NOT NULL,
    PRIMARY KEY (subject, graph)
) WITHOUT ROWID;
