-- Sessions, and what of them changes with every append or lease: also the row that writers lock.
CREATE TABLE session (
  session_key ${identity},
  id ${session_id} NOT NULL,
  -- Minus the nanoseconds since 1970 of the last activity: ascending is newest first.
  activity_order BIGINT NOT NULL,
  -- Exact whatever a database's collation thinks of case and spaces.
  architecture_hash ${hash} NOT NULL,
  profile_hash ${hash} NOT NULL,
  -- In lower case.
  name_search ${text},
  last_seq BIGINT NOT NULL,
  newest_epoch BIGINT NOT NULL,
  lease_owner ${bytes},
  lease_until BIGINT NOT NULL,
  has_manifest SMALLINT NOT NULL,
  CONSTRAINT session_by_id UNIQUE (id)
);
CREATE INDEX session_by_activity ON session (activity_order, id);
CREATE INDEX session_by_architecture ON session (architecture_hash, activity_order, id);
CREATE INDEX session_by_profile ON session (profile_hash, activity_order, id);

-- Apart from the session's row, which is written far more often.
CREATE TABLE session_record (
  session_key BIGINT NOT NULL PRIMARY KEY,
  record ${bytes} NOT NULL
);

-- An epoch is given once, whatever sessions come and go.
CREATE TABLE lease_epoch (
  id SMALLINT NOT NULL PRIMARY KEY,
  last_epoch BIGINT NOT NULL
);
INSERT INTO lease_epoch (id, last_epoch) VALUES (1, 0);

-- An event is as many rows as its size needs, nearly always one.
CREATE TABLE event (
  session_key BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  part INTEGER NOT NULL,
  -- 0 any, 1 delta of a block, 2 completion of a block.
  kind SMALLINT NOT NULL,
  payload ${bytes} NOT NULL,
  PRIMARY KEY (session_key, seq, part)
) ${clustered};

CREATE TABLE transcript_file (
  file_key ${identity},
  session_key BIGINT NOT NULL,
  -- 0 a file of the transcript store, 1 the session's text, 2 a subagent's text.
  kind SMALLINT NOT NULL,
  name_hash ${hash} NOT NULL,
  name ${bytes} NOT NULL,
  -- 0 as given, 1 UTF-8, 2 UTF-16.
  encoding SMALLINT NOT NULL,
  size BIGINT NOT NULL,
  -- Rises when bytes change that were there before.
  revision BIGINT NOT NULL,
  CONSTRAINT transcript_file_by_name UNIQUE (session_key, kind, name_hash)
);

CREATE TABLE transcript_chunk (
  file_key BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  content ${bytes} NOT NULL,
  PRIMARY KEY (file_key, start_at)
);

CREATE TABLE workspace_file (
  session_key BIGINT NOT NULL,
  -- 0 a file of the basic operations, 1 a line of the manifest.
  space SMALLINT NOT NULL,
  path_hash ${hash} NOT NULL,
  file ${bytes} NOT NULL,
  -- The content of a file of the basic operations.
  blob_key BIGINT,
  PRIMARY KEY (session_key, space, path_hash)
);

CREATE TABLE stored_blob (
  blob_key ${identity},
  session_key BIGINT NOT NULL,
  -- As in workspace_file.
  space SMALLINT NOT NULL,
  hash ${hash} NOT NULL,
  -- 0 coming in, 1 there, 2 no longer needed.
  state SMALLINT NOT NULL,
  -- 1 when put since the last manifest.
  fresh SMALLINT NOT NULL,
  size BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX stored_blob_by_hash ON stored_blob (session_key, space, hash);
CREATE INDEX stored_blob_by_state ON stored_blob (state);

CREATE TABLE blob_chunk (
  blob_key BIGINT NOT NULL,
  part INTEGER NOT NULL,
  content ${bytes} NOT NULL,
  PRIMARY KEY (blob_key, part)
);

CREATE TABLE profile (
  id ${profile_id} NOT NULL PRIMARY KEY,
  summary ${bytes} NOT NULL,
  content ${large} NOT NULL
);

-- Deleted sessions of which something is still there.
CREATE TABLE removed_session (
  session_key BIGINT NOT NULL PRIMARY KEY
);
