// The tables of the workspace, as the steps that made them: a step that was released is never changed.

/** Step i leads from version i to i + 1; the version is kept in the file itself, as `user_version`. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE dataset (
    n INTEGER PRIMARY KEY AUTOINCREMENT, -- never given out again: rows of a removed one may still be there
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

  -- Datasets whose rows are still to be swept up.
  CREATE TABLE removed_dataset (
    n INTEGER PRIMARY KEY
  ) STRICT;

  -- Images by their place in the table, n: small numbers make small indexes. Rows of a removed dataset are swept up
  -- bit by bit, so nothing here refers to it.
  CREATE TABLE image (
    n INTEGER PRIMARY KEY AUTOINCREMENT, -- its id is made of this
    dataset INTEGER NOT NULL,
    key TEXT NOT NULL, -- the image's path below the dataset's folder
    folded_key TEXT NOT NULL, -- in small letters, for the search
    label_path TEXT, -- below the dataset's folder
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
  CREATE INDEX image_by_miou ON image (dataset, miou);
  CREATE INDEX image_by_entropy ON image (dataset, entropy);
  CREATE INDEX image_by_confidence ON image (dataset, confidence);
  CREATE INDEX image_by_gain ON image (dataset, gain);
  CREATE INDEX image_without_classes ON image (dataset, n) WHERE classes_read = 0;

  CREATE TABLE image_tag (
    dataset INTEGER NOT NULL,
    tag TEXT NOT NULL,
    image INTEGER NOT NULL,
    PRIMARY KEY (dataset, tag, image)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE image_class (
    dataset INTEGER NOT NULL,
    train_id INTEGER NOT NULL,
    image INTEGER NOT NULL,
    PRIMARY KEY (dataset, train_id, image)
  ) STRICT, WITHOUT ROWID;

  -- How many images a dataset has of each split, tag and class, in all and with labels: counted along, not each time.
  CREATE TABLE dataset_count (
    dataset INTEGER NOT NULL,
    kind TEXT NOT NULL, -- "images", "labelled", "split", "tag" or "class"
    name TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (dataset, kind, name)
  ) STRICT, WITHOUT ROWID;

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
    image INTEGER, -- n of the image, from its id
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
    cost TEXT, -- what its parts took
    last_loss REAL,
    scores_before TEXT, -- of iteration 0
    scores_after TEXT, -- of the last kept iteration, like the figures that follow
    miou_before REAL,
    miou_after REAL,
    entropy_after REAL,
    confidence_after REAL
  ) STRICT;
  CREATE INDEX run_by_image ON run (image, status);
  CREATE INDEX run_by_key ON run (dataset_id, image_key);
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
  `
  -- No reference to dataset or checkpoint: the history outlives them. The figures of an evaluation are in its folder.
  CREATE TABLE evaluation (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    body TEXT NOT NULL -- JSON of an Evaluation without its status
  ) STRICT;

  CREATE TABLE training (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    body TEXT NOT NULL -- JSON of a Training without its status
  ) STRICT;

  CREATE TABLE training_steps (
    training INTEGER NOT NULL REFERENCES training (n) ON DELETE CASCADE,
    block INTEGER NOT NULL, -- from 0, of 256 steps each
    points BLOB NOT NULL, -- loss and learning rate of each step, float64, NaN where there is none
    PRIMARY KEY (training, block)
  ) STRICT;

  CREATE TABLE training_validation (
    training INTEGER NOT NULL REFERENCES training (n) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    body TEXT NOT NULL, -- JSON of one of the validations of TrainingCurves
    PRIMARY KEY (training, epoch)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE training_preview (
    training INTEGER NOT NULL REFERENCES training (n) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    PRIMARY KEY (training, step)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Evaluations whose images have figures. No reference to dataset or checkpoint: the history outlives them.
  CREATE TABLE scored_evaluation (
    evaluation INTEGER PRIMARY KEY REFERENCES evaluation (n) ON DELETE CASCADE,
    dataset INTEGER NOT NULL,
    checkpoint_id TEXT NOT NULL,
    method TEXT NOT NULL,
    scored_at INTEGER NOT NULL, -- what is newer than this counts more
    done INTEGER NOT NULL -- as many images were done when the figures were written down; 0 until all are
  ) STRICT;
  CREATE INDEX scored_evaluation_by_dataset ON scored_evaluation (dataset, scored_at);

  -- By key: images that are gone for a while come back with another place.
  CREATE TABLE evaluation_score (
    evaluation INTEGER NOT NULL REFERENCES evaluation (n) ON DELETE CASCADE,
    key TEXT NOT NULL,
    miou REAL,
    entropy REAL NOT NULL,
    confidence REAL NOT NULL,
    PRIMARY KEY (evaluation, key)
  ) STRICT, WITHOUT ROWID;

  -- The newest finished run, or the newest evaluation where that is newer.
  ALTER TABLE image RENAME COLUMN run TO scored_by;
  `,
  `
  -- What a run is measured against: JSON of its ReferencePredictions, and the mean IoU of the checkpoint as it is stored.
  ALTER TABLE run ADD COLUMN reference_predictions TEXT;
  ALTER TABLE run ADD COLUMN miou_stored REAL;
  `,
  `
  -- What a network sees in an image: its features' means, float32. By key: images that are gone for a while come back.
  CREATE TABLE image_embedding (
    checkpoint TEXT NOT NULL, -- SHA-256 of its file
    dataset INTEGER NOT NULL,
    key TEXT NOT NULL,
    stamp TEXT NOT NULL, -- time and size of the image's file
    vector BLOB NOT NULL,
    PRIMARY KEY (dataset, checkpoint, key)
  ) STRICT;
  `,
  `
  -- No reference to images or checkpoint: the history outlives them. The trials of a tuning are in its folder.
  CREATE TABLE tuning (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    body TEXT NOT NULL -- JSON of a Tuning without its status
  ) STRICT;
  `,
  `
  -- Files that could not be read when they were looked at; forgotten with the next listing.
  CREATE TABLE image_fault (
    image INTEGER NOT NULL,
    file TEXT NOT NULL, -- "image" or "labels"
    dataset INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (image, file)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX image_fault_by_dataset ON image_fault (dataset, image);
  `,
  `
  -- What a training follows from step to step, by name: "loss", "learningRate" and what else its method tells.
  CREATE TABLE training_metric (
    training INTEGER NOT NULL REFERENCES training (n) ON DELETE CASCADE,
    name TEXT NOT NULL,
    block INTEGER NOT NULL, -- from 0, of 256 steps each
    points BLOB NOT NULL, -- of each step, float64, NaN where there is none
    PRIMARY KEY (training, name, block)
  ) STRICT;
  -- Until now loss and learning rate of a step lay side by side.
  INSERT INTO training_metric (training, name, block, points)
    SELECT training, metric.name, block, unhex((
      WITH RECURSIVE step (k) AS (VALUES (0) UNION ALL SELECT k + 1 FROM step WHERE k < 255)
      SELECT group_concat(hex(substr(points, 16 * k + metric.first, 8)), '' ORDER BY k) FROM step
    ))
    FROM training_steps, (SELECT 'loss' AS name, 1 AS first UNION ALL SELECT 'learningRate', 9) AS metric;
  DROP TABLE training_steps;

  -- Methods show several pictures at a step.
  ALTER TABLE training_preview RENAME TO earlier_preview;
  CREATE TABLE training_preview (
    training INTEGER NOT NULL REFERENCES training (n) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    name TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    has_picture INTEGER NOT NULL, -- 1 where it lies over a picture of its own
    PRIMARY KEY (training, step, name)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO training_preview (training, step, name, width, height, has_picture)
    SELECT training, step, 'prediction', width, height, 0 FROM earlier_preview;
  DROP TABLE earlier_preview;
  `,
  `
  -- What the classes of the run's checkpoint were, as JSON; null where their number says it.
  ALTER TABLE run ADD COLUMN label_set TEXT;
  `,
];
