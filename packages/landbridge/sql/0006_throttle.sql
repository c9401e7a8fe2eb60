-- How much backfill and verify may take from the stores; read again while they run.
create table landbridge.throttle (
  only_row boolean primary key default true check (only_row),
  -- An operator's own reason to stop; null lets them run.
  paused_because text check (length(btrim(paused_because)) > 0),
  documents_per_second int check (documents_per_second > 0),
  workers int check (workers between 1 and 16),
  -- They stop by themselves while a store answers slower than this, or a replica is further behind.
  postgres_latency_ms int not null default 1000 check (postgres_latency_ms > 0),
  mongo_latency_ms int not null default 1000 check (mongo_latency_ms > 0),
  replication_lag_ms int not null default 10000 check (replication_lag_ms > 0),
  -- While a file of this name exists on the machine of the process, it stops.
  flag_file text,
  -- A query of one row and column: text that is the reason to stop, or null.
  query text,
  set_by text not null default 'nobody',
  set_at timestamptz(3) not null default now()
);
insert into landbridge.throttle default values;
