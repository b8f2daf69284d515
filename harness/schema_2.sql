-- From version 1 to version 2 of the store.

-- What another grader said about an imported sample.
CREATE TABLE label (
  setting_id INTEGER NOT NULL REFERENCES setting (id),
  query_id INTEGER NOT NULL REFERENCES query (id),
  sample INTEGER NOT NULL,
  correct INTEGER NOT NULL,
  answer TEXT NOT NULL,               -- what that grader took for the answer; empty: unknown
  field TEXT NOT NULL,                -- of the file it came in
  PRIMARY KEY (setting_id, query_id, sample)
) STRICT, WITHOUT ROWID;
