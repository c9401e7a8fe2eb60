-- The engine's own state. Everything lives in schema "landbridge"; `landbridge finish` drops it whole.

-- The unit's row decides who is the authority. It is changed only by compare-and-set on (epoch, fence_id, status).
create table landbridge.unit (
  name text primary key,
  phase text not null default 'mongo' check (phase in ('mongo', 'mirror', 'shadow', 'postgres', 'retired')),
  -- Grows with every change or attempted change of phase and is never used twice.
  epoch bigint not null default 1 check (epoch > 0),
  -- open: writes flow. announced: nodes hold new writes. fenced: no store takes writes.
  status text not null default 'open' check (status in ('open', 'announced', 'fenced')),
  fence_id uuid,
  fence_target text check (fence_target in ('mongo', 'mirror', 'shadow', 'postgres', 'retired')),
  fence_node uuid,
  fence_opened_at timestamptz(3),
  -- After this instant any node may undo the fence.
  fence_deadline timestamptz(3),
  -- phase -> { "epoch": n, "at": timestamp } of the last entry into it.
  entered jsonb not null default '{}',
  changed_at timestamptz(3) not null default now(),
  check ((status = 'open') = (fence_id is null))
);

-- Which tables belong to a unit, so that triggers can be compared with what they should be.
create table landbridge.unit_table (
  table_name text primary key,
  unit text not null references landbridge.unit (name),
  collection text not null,
  -- Column that holds the entity's id: "id" of the root table, the parent's id of a child table.
  entity_column text not null,
  is_root boolean not null
);

-- Running application processes. Live while the heartbeat is younger than 5 s.
create table landbridge.node (
  id uuid primary key,
  name text not null,
  kind text not null check (kind in ('application', 'operator', 'worker')),
  process_id int not null,
  host text not null,
  build text not null,
  backend_pids int[] not null default '{}',
  started_at timestamptz(3) not null default now(),
  heartbeat_at timestamptz(3) not null default now(),
  -- What the node has seen of each unit: unit -> epoch and status, its answer to an announcement.
  seen jsonb not null default '{}'
);

-- One row per exclusive running duty (the change stream, the relay): who does it until when.
create table landbridge.duty (
  name text primary key,
  node uuid not null,
  until timestamptz(3) not null
);

-- How far a capture has read. Only moves forward (asserted by the update).
create table landbridge.position (
  capture text primary key,
  cluster_time numeric(20, 0) not null,
  resume_token jsonb,
  -- Set when history was lost: units named here must be verified and repaired before they may advance.
  lost_at timestamptz(3),
  updated_at timestamptz(3) not null default now()
);

create table landbridge.history_lost (
  unit text primary key references landbridge.unit (name),
  since timestamptz(3) not null default now(),
  detail text not null
);

-- Chunks of a backfill: [lower, upper) over the BSON order of _id, null = open end. Bounds are BSON of { v: id }.
create table landbridge.chunk (
  id bigint generated always as identity primary key,
  unit text not null references landbridge.unit (name),
  collection text not null,
  bson_type text not null,
  lower_bound bytea,
  upper_bound bytea,
  status text not null default 'pending' check (status in ('pending', 'done', 'split')),
  documents bigint,
  quarantined bigint,
  epoch bigint not null,
  finished_at timestamptz(3)
);
create index chunk_collection_status on landbridge.chunk (collection, status);

create sequence landbridge.gap_version;
-- Entities whose mirror to Postgres is not confirmed yet. A note always raises the version; reconcile deletes only
-- the version that it read before it read the source.
create table landbridge.pg_dualwrite_gaps (
  collection text not null,
  legacy_id bytea not null, -- BSON of { v: _id }
  unit text not null references landbridge.unit (name),
  version bigint not null default nextval('landbridge.gap_version'),
  code text not null,
  detail text,
  attempts int not null default 0,
  first_at timestamptz(3) not null default now(),
  last_at timestamptz(3) not null default now(),
  next_attempt_at timestamptz(3) not null default now(),
  primary key (collection, legacy_id)
);
create index pg_dualwrite_gaps_due on landbridge.pg_dualwrite_gaps (unit, next_attempt_at);

-- Documents that cannot be mapped exactly, whole.
create table landbridge.quarantine (
  collection text not null,
  legacy_id bytea not null,
  unit text not null references landbridge.unit (name),
  raw bytea not null,
  path text not null,
  code text not null,
  reason text not null,
  value_type text not null,
  epoch bigint not null,
  first_at timestamptz(3) not null default now(),
  last_at timestamptz(3) not null default now(),
  accepted_by text,
  accepted_reason text,
  accepted_at timestamptz(3),
  primary key (collection, legacy_id),
  check ((accepted_by is null) = (accepted_reason is null))
);
create index quarantine_unit on landbridge.quarantine (unit);

-- The change outbox: written by triggers in the writer's own transaction.
create table landbridge.change_outbox (
  id bigint generated always as identity primary key,
  unit text not null,
  collection text not null,
  entity uuid not null,
  kind text not null check (kind in ('entity', 'parent', 'child')),
  table_name text,
  written_at timestamptz(3) not null default clock_timestamp()
);
create index change_outbox_entity on landbridge.change_outbox (collection, entity);
create index change_outbox_unit on landbridge.change_outbox (unit, id);

-- Sessions of the mirror's own MongoClient, registered before their first write: events that carry one are ours.
create table landbridge.mirror_session (
  lsid bytea primary key,
  node uuid not null,
  registered_at timestamptz(3) not null default now(),
  -- Null while in use; afterwards the cluster time of its last commit. Kept until the position has passed it.
  last_used numeric(20, 0)
);

-- Writes that reached Mongo past the fence while Postgres was the authority, kept whole.
create table landbridge.foreign_event (
  id bigint generated always as identity primary key,
  unit text not null,
  collection text not null,
  legacy_id bytea not null,
  operation text not null,
  event bytea not null,
  cluster_time numeric(20, 0) not null,
  -- The event's resume token: one transaction may write one document twice, and an event may be read twice.
  token text not null unique,
  seen_at timestamptz(3) not null default now()
);

create table landbridge.id_map (
  collection text not null,
  legacy_id bytea not null,
  legacy_text text not null,
  id uuid not null,
  primary key (collection, legacy_id),
  unique (collection, id)
);

-- Foreign keys across units that were taken away at the step into mirror, to be rebuilt.
create table landbridge.taken_foreign_key (
  table_name text not null,
  constraint_name text not null,
  definition text not null,
  referenced_table text not null,
  taken_for_unit text not null,
  taken_at timestamptz(3) not null default now(),
  primary key (table_name, constraint_name)
);

-- What a Mongo collection had before the engine changed it (validator, TTL), to be restored.
create table landbridge.collection_before (
  collection text primary key,
  unit text not null,
  validator bytea,
  validation_level text,
  validation_action text,
  ttl_indexes jsonb not null default '[]',
  pre_images boolean not null default false,
  saved_at timestamptz(3) not null default now()
);

create table landbridge.verify_run (
  id uuid primary key,
  unit text not null,
  collection text not null,
  epoch bigint not null,
  started_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  -- Where an interrupted run goes on: BSON of { v: _id }.
  resume_after bytea,
  compared bigint not null default 0,
  -- Cluster time before the first read: everything written before it has been compared.
  watermark numeric(20, 0)
);
create index verify_run_collection on landbridge.verify_run (collection, started_at desc);

create table landbridge.difference (
  collection text not null,
  legacy_id bytea not null,
  unit text not null,
  kind text not null check (kind in ('missing', 'extra', 'changed', 'type', 'order')),
  path text not null,
  mongo_value text,
  postgres_value text,
  signature text not null,
  -- Age of this very difference; a later change of either side resets it.
  first_seen timestamptz(3) not null default now(),
  -- Since when the entity has differed in any way; past ten times the grace it is compared under its lock (A17).
  differing_since timestamptz(3) not null default now(),
  last_seen timestamptz(3) not null default now(),
  reported boolean not null default false,
  primary key (collection, legacy_id, path)
);

create table landbridge.shadow_sample (
  id bigint generated always as identity primary key,
  unit text not null,
  method text not null,
  epoch bigint not null,
  matched boolean not null,
  explained text,
  authority_ms real not null,
  other_ms real not null,
  detail jsonb,
  at timestamptz(3) not null default now()
);
create index shadow_sample_unit on landbridge.shadow_sample (unit, at);

-- Measured gate evidence, with the epoch in which it was measured.
create table landbridge.evidence (
  id bigint generated always as identity primary key,
  unit text not null,
  gate int not null check (gate between 1 and 9),
  epoch bigint not null,
  build text,
  value jsonb not null,
  at timestamptz(3) not null default now()
);
create index evidence_unit_gate on landbridge.evidence (unit, gate, at desc);

create table landbridge.waiver (
  unit text not null,
  gate int not null check (gate between 1 and 9),
  waived_by text not null,
  reason text not null check (length(btrim(reason)) > 0),
  at timestamptz(3) not null default now(),
  primary key (unit, gate)
);

-- Every gate, number, decision, waiver and operator action, append-only.
create table landbridge.audit (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null default now(),
  actor text not null,
  action text not null,
  unit text,
  detail jsonb not null default '{}'
);
