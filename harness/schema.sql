-- The store, version 1; schema_2.sql adds to it. One file holds any number of models, benchmarks and runs.
-- Large columns stand last in their rows, so that reading the small ones does not touch them.

-- What all samples behind one row of a report share.
CREATE TABLE setting (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,          -- over every column down to `seed`
  model TEXT NOT NULL,
  checkpoint TEXT NOT NULL,
  engine TEXT NOT NULL,
  tensor_parallel INTEGER NOT NULL,
  benchmark TEXT NOT NULL,
  dataset_hash TEXT NOT NULL,
  prompt_variant TEXT NOT NULL,
  prompt_hash TEXT NOT NULL,
  template_hash TEXT NOT NULL,
  think TEXT NOT NULL,
  temperature REAL NOT NULL,
  top_p REAL NOT NULL,
  max_tokens INTEGER NOT NULL,
  seed INTEGER NOT NULL,              -- 64 bits, two's complement
  published_as TEXT NOT NULL DEFAULT '',
  published_benchmark TEXT NOT NULL DEFAULT '',
  checkpoint_sampled INTEGER NOT NULL DEFAULT 0,
  whole INTEGER NOT NULL DEFAULT 0,   -- some run wanted every query
  samples_wanted INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A query as it is judged. How it is asked depends on the setting: see prompt.
CREATE TABLE query (
  id INTEGER PRIMARY KEY,
  benchmark TEXT NOT NULL,
  dataset_hash TEXT NOT NULL,
  name TEXT NOT NULL,                 -- the query's id in its benchmark
  gold TEXT NOT NULL,
  gold_hash TEXT NOT NULL,
  grader TEXT NOT NULL,
  tests BLOB NOT NULL,                -- packed
  UNIQUE (benchmark, dataset_hash, name)
) STRICT;

-- How a query reaches the model under a setting.
CREATE TABLE prompt (
  setting_id INTEGER NOT NULL REFERENCES setting (id),
  query_id INTEGER NOT NULL REFERENCES query (id),
  ord INTEGER NOT NULL,               -- place in the benchmark
  active INTEGER NOT NULL,            -- wanted by the run that decides what a report shows
  thinking INTEGER NOT NULL,          -- the prompt ends in an open thought
  messages BLOB NOT NULL,             -- packed JSON
  text BLOB NOT NULL,                 -- packed
  token_ids BLOB NOT NULL,            -- packed
  PRIMARY KEY (setting_id, query_id)
) STRICT;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  started INTEGER NOT NULL,           -- Unix seconds
  finished INTEGER,
  state TEXT NOT NULL,                -- running, complete, incomplete, interrupted, failed
  spec TEXT NOT NULL,                 -- JSON
  manifest TEXT NOT NULL              -- JSON
) STRICT;

CREATE TABLE run_setting (
  run_id INTEGER NOT NULL REFERENCES run (id),
  setting_id INTEGER NOT NULL REFERENCES setting (id),
  samples INTEGER NOT NULL,           -- wanted a query
  PRIMARY KEY (run_id, setting_id)
) STRICT, WITHOUT ROWID;

-- A completion belongs to no setting: settings that differ only in what does not change a sample share it.
CREATE TABLE completion (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,           -- harness/identity.h
  run_id INTEGER NOT NULL REFERENCES run (id),
  finish TEXT NOT NULL CHECK (finish IN ('stop', 'length')),
  tokens INTEGER NOT NULL,
  logprob_sum REAL,
  seconds REAL NOT NULL,
  numerics TEXT NOT NULL,
  token_ids BLOB NOT NULL,            -- packed
  text BLOB NOT NULL                  -- packed
) STRICT;

CREATE TABLE sample (
  setting_id INTEGER NOT NULL REFERENCES setting (id),
  query_id INTEGER NOT NULL REFERENCES query (id),
  sample INTEGER NOT NULL,
  completion_id INTEGER NOT NULL REFERENCES completion (id),
  PRIMARY KEY (setting_id, query_id, sample)
) STRICT, WITHOUT ROWID;
CREATE INDEX sample_by_completion ON sample (completion_id);

CREATE TABLE grade (
  id INTEGER PRIMARY KEY,
  completion_id INTEGER NOT NULL REFERENCES completion (id),
  gold_hash TEXT NOT NULL,
  grader_version TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('correct', 'incorrect', 'no-answer')),
  answer TEXT,
  reason TEXT NOT NULL,
  warning TEXT NOT NULL,
  UNIQUE (completion_id, gold_hash, grader_version)
) STRICT;
