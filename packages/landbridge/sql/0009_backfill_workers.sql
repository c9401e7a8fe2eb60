-- What a chunk brought beside its documents, and how long it took. started_at is when its transaction began.
alter table landbridge.chunk
  add column rows bigint,
  add column bytes bigint,
  add column started_at timestamptz(3),
  -- Why it could not be copied: it waits for the next call of `backfill`. Null while nobody has failed at it.
  add column error text;
create index chunk_unit on landbridge.chunk (unit, status);
create index chunk_finished on landbridge.chunk (finished_at);

-- How many documents a collection had when its backfill began, for percent and remaining time.
create table landbridge.backfill_expected (
  collection text primary key,
  unit text not null references landbridge.unit (name),
  documents bigint not null check (documents >= 0),
  noted_at timestamptz(3) not null default now()
);

-- Processes that copy chunks, on any machine. Live while the heartbeat is young; the jobs of others are given back.
create table landbridge.chunk_worker (
  id uuid primary key,
  name text not null,
  host text not null,
  process_id int not null,
  -- Under this name the job queue notes whose a job is.
  pool text,
  -- Units whose chunks it takes.
  units text[] not null,
  -- Unit -> why it takes no chunk of it at present.
  throttled jsonb not null default '{}',
  started_at timestamptz(3) not null default clock_timestamp(),
  heartbeat_at timestamptz(3) not null default clock_timestamp()
);

-- One row for all units ('*') and one for each unit that has settings of its own; both count.
alter table landbridge.throttle
  drop column only_row,
  add column unit text not null default '*',
  -- Reads may come in bursts, so that bytes are limited beside documents.
  add column megabytes_per_second double precision check (megabytes_per_second > 0),
  -- What is timed to learn how Postgres answers; null is a look at these settings.
  add column latency_query text,
  alter column postgres_latency_ms drop not null,
  alter column postgres_latency_ms drop default,
  alter column mongo_latency_ms drop not null,
  alter column mongo_latency_ms drop default,
  alter column replication_lag_ms drop not null,
  alter column replication_lag_ms drop default,
  add primary key (unit);
alter table landbridge.throttle
  alter column unit drop default,
  add check (unit <> '*' or (postgres_latency_ms is not null and mongo_latency_ms is not null
    and replication_lag_ms is not null));

-- How far copying is ahead of the rate that is allowed, over all workers: it shrinks by the rate as time goes by.
create table landbridge.pace (
  unit text primary key,
  documents double precision not null default 0,
  megabytes double precision not null default 0,
  at timestamptz not null default clock_timestamp()
);
