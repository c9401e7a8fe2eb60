-- The schema that the SQL files beside this one make, read from a Postgres. Made by `npm run db:dump`; never edited
-- and never run: it is here so that a review sees what a migration really changes.

CREATE SEQUENCE gap_version AS bigint START 1 INCREMENT 1;

CREATE OR REPLACE FUNCTION landbridge.capture_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  the_unit constant text := tg_argv[0];
  the_collection constant text := tg_argv[1];
  entity_column constant text := tg_argv[2];
  the_kind constant text := tg_argv[3];
  the_path constant text := tg_argv[4];
  element_column constant text := tg_argv[5];
  many_elements constant int := 500;
  columns text;
  source text;
begin
  columns := case when element_column is null
    then format('%I as entity, null::uuid as element', entity_column)
    else format('%I as entity, %I as element', entity_column, element_column)
  end;
  source := case tg_op
    when 'INSERT' then format('select %s from new_rows', columns)
    when 'DELETE' then format('select %s from old_rows', columns)
    else format('select %1$s from new_rows union select %1$s from old_rows', columns)
  end;
  execute format(
    'with touched as (select distinct entity, element from (%s) rows where entity is not null),
     crowded as (select entity from touched group by entity having count(*) > $6)
     insert into landbridge.change_outbox (unit, collection, entity, kind, table_name, child_path, child_id)
     select $1, $2, entity, $3, $4, $5, element from touched where entity not in (select entity from crowded)
     union all select $1, $2, entity, ''entity'', $4, null, null from crowded',
    source) using the_unit, the_collection, the_kind, tg_table_name, the_path, many_elements;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION landbridge.chunk_lock_key(chunk bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$ select hashtextextended('landbridge:chunk:' || chunk, 0) $function$;

CREATE OR REPLACE FUNCTION landbridge.entity_lock_key(unit text, slot integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$ select hashtextextended('landbridge:entity:' || unit || ':' || slot, 0) $function$;

CREATE OR REPLACE FUNCTION landbridge.guard_write()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  the_unit constant text := tg_argv[0];
  the_phase text;
  the_status text;
begin
  perform pg_advisory_xact_lock_shared(landbridge.unit_lock_key(the_unit));
  select phase, status into the_phase, the_status from landbridge.unit where name = the_unit for share;
  if the_phase is null then
    raise exception 'unit % is not registered with landbridge', the_unit using errcode = 'LB003';
  end if;
  if the_phase not in ('postgres', 'retired') then
    raise exception 'unit % is in phase %: its authority is MongoDB', the_unit, the_phase
      using errcode = 'LB001', hint = 'Write through the application, or into MongoDB.';
  end if;
  if the_status = 'fenced' then
    raise exception 'unit % is behind a fence: its authority is changing', the_unit
      using errcode = 'LB002', hint = 'Try again in a moment.';
  end if;
  if tg_op = 'TRUNCATE' and the_phase = 'postgres' then
    raise exception 'TRUNCATE of % is refused: it would not be mirrored to MongoDB', tg_table_name
      using errcode = 'LB004', hint = 'Use DELETE.';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION landbridge.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% of %.% is refused: it is append-only', tg_op, tg_table_schema, tg_table_name using errcode = 'LB005';
end $function$;

CREATE OR REPLACE FUNCTION landbridge.unit_lock_key(unit text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$ select hashtextextended('landbridge:unit:' || unit, 0) $function$;

CREATE TABLE attached_unit (
  unit text NOT NULL,
  triggers_hash text NOT NULL,
  attached_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT attached_unit_pkey PRIMARY KEY (unit),
  CONSTRAINT attached_unit_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name)
);

CREATE TABLE audit (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp(3) with time zone NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  unit text,
  detail jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT audit_pkey PRIMARY KEY (id)
);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_append_only;

CREATE TABLE backfill_expected (
  collection text NOT NULL,
  unit text NOT NULL,
  documents bigint NOT NULL,
  noted_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  compare text NOT NULL DEFAULT 'inline'::text,
  CONSTRAINT backfill_expected_pkey PRIMARY KEY (collection),
  CONSTRAINT backfill_expected_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name),
  CONSTRAINT backfill_expected_compare_check CHECK (compare = ANY (ARRAY['inline'::text, 'later'::text])),
  CONSTRAINT backfill_expected_documents_check CHECK (documents >= 0)
);

CREATE TABLE change_outbox (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  collection text NOT NULL,
  entity uuid NOT NULL,
  kind text NOT NULL,
  table_name text,
  written_at timestamp(3) with time zone NOT NULL DEFAULT clock_timestamp(),
  child_path text,
  child_id uuid,
  CONSTRAINT change_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT change_outbox_check CHECK ((child_path IS NULL) = (child_id IS NULL)),
  CONSTRAINT change_outbox_check1 CHECK (child_path IS NULL OR kind = 'child'::text),
  CONSTRAINT change_outbox_kind_check CHECK (kind = ANY (ARRAY['entity'::text, 'parent'::text, 'child'::text]))
);
CREATE INDEX change_outbox_entity ON change_outbox USING btree (collection, entity);
CREATE INDEX change_outbox_unit ON change_outbox USING btree (unit, id);

CREATE TABLE chunk (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  collection text NOT NULL,
  bson_type text NOT NULL,
  lower_bound bytea,
  upper_bound bytea,
  status text NOT NULL DEFAULT 'pending'::text,
  documents bigint,
  quarantined bigint,
  epoch bigint NOT NULL,
  finished_at timestamp(3) with time zone,
  dump_time numeric(20,0),
  rows bigint,
  bytes bigint,
  started_at timestamp(3) with time zone,
  error text,
  CONSTRAINT chunk_pkey PRIMARY KEY (id),
  CONSTRAINT chunk_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name),
  CONSTRAINT chunk_check CHECK ((status = 'dumped'::text) <= (dump_time IS NOT NULL)),
  CONSTRAINT chunk_status_check CHECK (status = ANY (ARRAY['planning'::text, 'pending'::text, 'dumped'::text, 'done'::text, 'split'::text]))
);
CREATE INDEX chunk_collection_status ON chunk USING btree (collection, status);
CREATE INDEX chunk_finished ON chunk USING btree (finished_at);
CREATE INDEX chunk_unit ON chunk USING btree (unit, status);

CREATE TABLE chunk_worker (
  id uuid NOT NULL,
  name text NOT NULL,
  host text NOT NULL,
  process_id integer NOT NULL,
  pool text,
  units text[] NOT NULL,
  throttled jsonb NOT NULL DEFAULT '{}'::jsonb,
  started_at timestamp(3) with time zone NOT NULL DEFAULT clock_timestamp(),
  heartbeat_at timestamp(3) with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT chunk_worker_pkey PRIMARY KEY (id)
);

CREATE TABLE collection_before (
  collection text NOT NULL,
  unit text NOT NULL,
  validator bytea,
  validation_level text,
  validation_action text,
  ttl_indexes jsonb NOT NULL DEFAULT '[]'::jsonb,
  pre_images boolean NOT NULL DEFAULT false,
  saved_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT collection_before_pkey PRIMARY KEY (collection)
);

CREATE TABLE difference (
  collection text NOT NULL,
  legacy_id bytea NOT NULL,
  unit text NOT NULL,
  kind text NOT NULL,
  path text NOT NULL,
  mongo_value text,
  postgres_value text,
  signature text NOT NULL,
  first_seen timestamp(3) with time zone NOT NULL DEFAULT now(),
  differing_since timestamp(3) with time zone NOT NULL DEFAULT now(),
  last_seen timestamp(3) with time zone NOT NULL DEFAULT now(),
  reported boolean NOT NULL DEFAULT false,
  CONSTRAINT difference_pkey PRIMARY KEY (collection, legacy_id, path),
  CONSTRAINT difference_kind_check CHECK (kind = ANY (ARRAY['missing'::text, 'extra'::text, 'changed'::text, 'type'::text, 'order'::text]))
);

CREATE TABLE duty (
  name text NOT NULL,
  node uuid NOT NULL,
  until timestamp(3) with time zone NOT NULL,
  CONSTRAINT duty_pkey PRIMARY KEY (name)
);

CREATE TABLE evidence (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  gate integer NOT NULL,
  epoch bigint NOT NULL,
  build text,
  value jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT evidence_pkey PRIMARY KEY (id),
  CONSTRAINT evidence_gate_check CHECK (gate >= 1 AND gate <= 9)
);
CREATE INDEX evidence_unit_gate ON evidence USING btree (unit, gate, at DESC);

CREATE TABLE foreign_event (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  collection text NOT NULL,
  legacy_id bytea NOT NULL,
  operation text NOT NULL,
  event bytea NOT NULL,
  cluster_time numeric(20,0) NOT NULL,
  token text NOT NULL,
  seen_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT foreign_event_pkey PRIMARY KEY (id),
  CONSTRAINT foreign_event_token_key UNIQUE (token)
);

CREATE TABLE history_lost (
  unit text NOT NULL,
  since timestamp(3) with time zone NOT NULL DEFAULT now(),
  detail text NOT NULL,
  CONSTRAINT history_lost_pkey PRIMARY KEY (unit),
  CONSTRAINT history_lost_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name)
);

CREATE TABLE id_map (
  collection text NOT NULL,
  legacy_id bytea NOT NULL,
  legacy_text text NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT id_map_pkey PRIMARY KEY (collection, legacy_id),
  CONSTRAINT id_map_collection_id_key UNIQUE (collection, id)
);

CREATE TABLE large_document (
  collection text NOT NULL,
  legacy_id bytea NOT NULL,
  unit text NOT NULL,
  bytes bigint NOT NULL,
  noted_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT large_document_pkey PRIMARY KEY (collection, legacy_id),
  CONSTRAINT large_document_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name),
  CONSTRAINT large_document_bytes_check CHECK (bytes > 0)
);
CREATE INDEX large_document_unit ON large_document USING btree (unit);

CREATE TABLE lifting (
  unit text NOT NULL,
  until timestamp(3) with time zone NOT NULL,
  CONSTRAINT lifting_pkey PRIMARY KEY (unit),
  CONSTRAINT lifting_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name)
);

CREATE TABLE marker_seen (
  marker bytea NOT NULL,
  cluster_time numeric(20,0) NOT NULL,
  seen_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT marker_seen_pkey PRIMARY KEY (marker)
);
CREATE INDEX marker_seen_at ON marker_seen USING btree (seen_at);

CREATE TABLE mirror_session (
  lsid bytea NOT NULL,
  node uuid NOT NULL,
  registered_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  last_used numeric(20,0),
  CONSTRAINT mirror_session_pkey PRIMARY KEY (lsid)
);

CREATE TABLE node (
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  process_id integer NOT NULL,
  host text NOT NULL,
  build text NOT NULL,
  backend_pids integer[] NOT NULL DEFAULT '{}'::integer[],
  started_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  heartbeat_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  seen jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT node_pkey PRIMARY KEY (id),
  CONSTRAINT node_kind_check CHECK (kind = ANY (ARRAY['application'::text, 'operator'::text, 'worker'::text]))
);

CREATE TABLE pace (
  unit text NOT NULL,
  documents double precision NOT NULL DEFAULT 0,
  megabytes double precision NOT NULL DEFAULT 0,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pace_pkey PRIMARY KEY (unit)
);

CREATE TABLE pg_dualwrite_gaps (
  collection text NOT NULL,
  legacy_id bytea NOT NULL,
  unit text NOT NULL,
  version bigint NOT NULL DEFAULT nextval('gap_version'::regclass),
  code text NOT NULL,
  detail text,
  attempts integer NOT NULL DEFAULT 0,
  first_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  last_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  next_attempt_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pg_dualwrite_gaps_pkey PRIMARY KEY (collection, legacy_id),
  CONSTRAINT pg_dualwrite_gaps_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name)
);
CREATE INDEX pg_dualwrite_gaps_due ON pg_dualwrite_gaps USING btree (unit, next_attempt_at);

CREATE TABLE "position" (
  capture text NOT NULL,
  cluster_time numeric(20,0) NOT NULL,
  resume_token jsonb,
  lost_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT position_pkey PRIMARY KEY (capture)
);

CREATE TABLE quarantine (
  collection text NOT NULL,
  legacy_id bytea NOT NULL,
  unit text NOT NULL,
  raw bytea NOT NULL,
  path text NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  value_type text NOT NULL,
  epoch bigint NOT NULL,
  first_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  last_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  accepted_by text,
  accepted_reason text,
  accepted_at timestamp(3) with time zone,
  CONSTRAINT quarantine_pkey PRIMARY KEY (collection, legacy_id),
  CONSTRAINT quarantine_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name),
  CONSTRAINT quarantine_check CHECK ((accepted_by IS NULL) = (accepted_reason IS NULL))
);
CREATE INDEX quarantine_unit ON quarantine USING btree (unit);

CREATE TABLE shadow_sample (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  method text NOT NULL,
  epoch bigint NOT NULL,
  matched boolean NOT NULL,
  explained text,
  authority_ms real NOT NULL,
  other_ms real NOT NULL,
  detail jsonb,
  at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT shadow_sample_pkey PRIMARY KEY (id)
);
CREATE INDEX shadow_sample_unit ON shadow_sample USING btree (unit, at);

CREATE TABLE taken_foreign_key (
  table_name text NOT NULL,
  constraint_name text NOT NULL,
  definition text NOT NULL,
  referenced_table text NOT NULL,
  taken_for_unit text NOT NULL,
  taken_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT taken_foreign_key_pkey PRIMARY KEY (table_name, constraint_name)
);

CREATE TABLE taken_index (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  collection text NOT NULL,
  table_name text NOT NULL,
  name text NOT NULL,
  definition text NOT NULL,
  "constraint" text,
  is_unique boolean NOT NULL,
  is_built boolean NOT NULL DEFAULT false,
  keys text[] NOT NULL,
  condition text,
  nulls_equal boolean NOT NULL,
  taken_at timestamp(3) with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT taken_index_pkey PRIMARY KEY (id),
  CONSTRAINT taken_index_table_name_name_key UNIQUE (table_name, name),
  CONSTRAINT taken_index_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name)
);

CREATE TABLE throttle (
  paused_because text,
  documents_per_second integer,
  workers integer,
  postgres_latency_ms integer,
  mongo_latency_ms integer,
  replication_lag_ms integer,
  flag_file text,
  query text,
  set_by text NOT NULL DEFAULT 'nobody'::text,
  set_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  unit text NOT NULL,
  megabytes_per_second double precision,
  latency_query text,
  CONSTRAINT throttle_pkey PRIMARY KEY (unit),
  CONSTRAINT throttle_check CHECK (unit <> '*'::text OR postgres_latency_ms IS NOT NULL AND mongo_latency_ms IS NOT NULL AND replication_lag_ms IS NOT NULL),
  CONSTRAINT throttle_documents_per_second_check CHECK (documents_per_second > 0),
  CONSTRAINT throttle_megabytes_per_second_check CHECK (megabytes_per_second > 0::double precision),
  CONSTRAINT throttle_mongo_latency_ms_check CHECK (mongo_latency_ms > 0),
  CONSTRAINT throttle_paused_because_check CHECK (length(btrim(paused_because)) > 0),
  CONSTRAINT throttle_postgres_latency_ms_check CHECK (postgres_latency_ms > 0),
  CONSTRAINT throttle_replication_lag_ms_check CHECK (replication_lag_ms > 0),
  CONSTRAINT throttle_workers_check CHECK (workers >= 1 AND workers <= 16)
);

CREATE TABLE unique_loser (
  collection text NOT NULL,
  constraint_name text NOT NULL,
  legacy_id bytea NOT NULL,
  holder_legacy_id bytea NOT NULL,
  CONSTRAINT unique_loser_pkey PRIMARY KEY (collection, legacy_id, constraint_name)
);
CREATE INDEX unique_loser_holder ON unique_loser USING btree (collection, holder_legacy_id);

CREATE TABLE unit (
  name text NOT NULL,
  phase text NOT NULL DEFAULT 'mongo'::text,
  epoch bigint NOT NULL DEFAULT 1,
  status text NOT NULL DEFAULT 'open'::text,
  fence_id uuid,
  fence_target text,
  fence_node uuid,
  fence_opened_at timestamp(3) with time zone,
  fence_deadline timestamp(3) with time zone,
  entered jsonb NOT NULL DEFAULT '{}'::jsonb,
  changed_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT unit_pkey PRIMARY KEY (name),
  CONSTRAINT unit_check CHECK ((status = 'open'::text) = (fence_id IS NULL)),
  CONSTRAINT unit_epoch_check CHECK (epoch > 0),
  CONSTRAINT unit_fence_target_check CHECK (fence_target = ANY (ARRAY['mongo'::text, 'mirror'::text, 'shadow'::text, 'postgres'::text, 'retired'::text])),
  CONSTRAINT unit_phase_check CHECK (phase = ANY (ARRAY['mongo'::text, 'mirror'::text, 'shadow'::text, 'postgres'::text, 'retired'::text])),
  CONSTRAINT unit_status_check CHECK (status = ANY (ARRAY['open'::text, 'announced'::text, 'fenced'::text]))
);

CREATE TABLE unit_table (
  table_name text NOT NULL,
  unit text NOT NULL,
  collection text NOT NULL,
  entity_column text NOT NULL,
  is_root boolean NOT NULL,
  CONSTRAINT unit_table_pkey PRIMARY KEY (table_name),
  CONSTRAINT unit_table_unit_fkey FOREIGN KEY (unit) REFERENCES unit(name)
);

CREATE TABLE verify_run (
  id uuid NOT NULL,
  unit text NOT NULL,
  collection text NOT NULL,
  epoch bigint NOT NULL,
  started_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  finished_at timestamp(3) with time zone,
  resume_after bytea,
  compared bigint NOT NULL DEFAULT 0,
  watermark numeric(20,0),
  kind text NOT NULL DEFAULT 'full'::text,
  postgres_xid xid8,
  schema_hash text,
  CONSTRAINT verify_run_pkey PRIMARY KEY (id),
  CONSTRAINT verify_run_kind_check CHECK (kind = ANY (ARRAY['full'::text, 'changes'::text]))
);
CREATE INDEX verify_run_collection ON verify_run USING btree (collection, started_at DESC);

CREATE TABLE waiver (
  unit text NOT NULL,
  gate integer NOT NULL,
  waived_by text NOT NULL,
  reason text NOT NULL,
  at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT waiver_pkey PRIMARY KEY (unit, gate),
  CONSTRAINT waiver_gate_check CHECK (gate >= 1 AND gate <= 9),
  CONSTRAINT waiver_reason_check CHECK (length(btrim(reason)) > 0)
);
