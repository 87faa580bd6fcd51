// The tables of the workspace, as the steps that made them: a step that was released is never changed.

/** Step i leads from version i to i + 1; the version is kept in the file itself, as `user_version`. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE dataset (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE,
    layout TEXT NOT NULL,
    layout_name TEXT NOT NULL,
    is_sample INTEGER NOT NULL,
    is_available INTEGER NOT NULL,
    listing TEXT NOT NULL, -- JSON
    notices TEXT NOT NULL, -- JSON
    scan INTEGER NOT NULL -- counts up with every listing
  ) STRICT;

  -- Images by their place in the table, n: small numbers make small indexes.
  CREATE TABLE image (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    dataset INTEGER NOT NULL REFERENCES dataset (n),
    key TEXT NOT NULL,
    folded_key TEXT NOT NULL, -- in small letters, for the search
    path TEXT NOT NULL,
    label_path TEXT,
    label_encoding TEXT,
    split TEXT,
    tags TEXT NOT NULL, -- JSON; once more in image_tag
    width INTEGER,
    height INTEGER,
    classes_read INTEGER NOT NULL, -- 1 once image_class is filled, or has nothing to fill it from
    scan INTEGER NOT NULL, -- of the last listing that found it
    run TEXT, -- the newest finished one; its figures follow
    miou REAL,
    entropy REAL,
    confidence REAL,
    gain REAL
  ) STRICT;
  CREATE UNIQUE INDEX image_by_key ON image (dataset, key);
  CREATE INDEX image_by_split ON image (dataset, split, key);
  CREATE INDEX image_by_miou ON image (dataset, miou, key);
  CREATE INDEX image_by_entropy ON image (dataset, entropy, key);
  CREATE INDEX image_by_confidence ON image (dataset, confidence, key);
  CREATE INDEX image_by_gain ON image (dataset, gain, key);
  CREATE INDEX image_without_classes ON image (dataset, n) WHERE classes_read = 0;

  CREATE TABLE image_tag (
    dataset INTEGER NOT NULL,
    tag TEXT NOT NULL,
    image INTEGER NOT NULL REFERENCES image (n) ON DELETE CASCADE,
    PRIMARY KEY (dataset, tag, image)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX image_tag_by_image ON image_tag (image);

  CREATE TABLE image_class (
    dataset INTEGER NOT NULL,
    train_id INTEGER NOT NULL,
    image INTEGER NOT NULL REFERENCES image (n) ON DELETE CASCADE,
    PRIMARY KEY (dataset, train_id, image)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX image_class_by_image ON image_class (image);

  CREATE TABLE checkpoint (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL, -- JSON of a Checkpoint
    keys TEXT NOT NULL -- JSON of its CheckpointKeys
  ) STRICT;

  CREATE TABLE run_group (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL -- JSON of a RunGroup without its counts
  ) STRICT;

  -- No reference to image, dataset or checkpoint: the history outlives them.
  CREATE TABLE run (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    group_id TEXT,
    status TEXT NOT NULL,
    method TEXT NOT NULL,
    image_id TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    image_key TEXT NOT NULL,
    checkpoint_id TEXT NOT NULL,
    checkpoint_name TEXT NOT NULL,
    num_classes INTEGER NOT NULL,
    config TEXT NOT NULL, -- JSON, like all that follow unless they are figures
    machine TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    error TEXT,
    notes TEXT NOT NULL,
    size TEXT,
    pseudo_label TEXT,
    last_event TEXT,
    provenance TEXT,
    last_loss REAL,
    scores_before TEXT, -- of iteration 0
    scores_after TEXT, -- of the last kept iteration, like the figures that follow
    miou_before REAL,
    miou_after REAL,
    entropy_after REAL,
    confidence_after REAL
  ) STRICT;
  CREATE INDEX run_by_image ON run (image_id, status);
  CREATE INDEX run_by_checkpoint ON run (checkpoint_id, status);
  CREATE INDEX run_by_dataset ON run (dataset_id, checkpoint_id, status);
  CREATE INDEX run_by_group ON run (group_id, status);
  CREATE INDEX run_by_status ON run (status);

  CREATE TABLE run_loss (
    run INTEGER NOT NULL REFERENCES run (n) ON DELETE CASCADE,
    iteration INTEGER NOT NULL, -- from 1
    loss REAL NOT NULL,
    PRIMARY KEY (run, iteration)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE run_kept (
    run INTEGER NOT NULL REFERENCES run (n) ON DELETE CASCADE,
    iteration INTEGER NOT NULL,
    body TEXT NOT NULL, -- JSON of a KeptIteration
    PRIMARY KEY (run, iteration)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE run_view (
    run INTEGER NOT NULL REFERENCES run (n) ON DELETE CASCADE,
    view INTEGER NOT NULL,
    body TEXT NOT NULL, -- JSON of one of a Run's views
    PRIMARY KEY (run, view)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL -- JSON
  ) STRICT, WITHOUT ROWID;
  `,
];
