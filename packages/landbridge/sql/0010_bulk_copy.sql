-- How what is copied is compared: at once, or by verify later.
alter table landbridge.backfill_expected
  add column compare text not null default 'inline' check (compare in ('inline', 'later'));

-- Indexes that were taken away while an empty table is filled. A row is written in the transaction that drops its
-- index and deleted in the one that has it back whole, so whoever finds a row goes on where somebody stopped.
create table landbridge.taken_index (
  id bigint generated always as identity primary key,
  unit text not null references landbridge.unit (name),
  collection text not null,
  table_name text not null,
  name text not null,
  -- Postgres' own text of the index.
  definition text not null,
  -- What adds the unique constraint again that stood on it.
  "constraint" text,
  is_unique boolean not null,
  -- The index is there, its constraint not yet.
  is_built boolean not null default false,
  -- What is equal in duplicates: SQL of the keys, and of a partial index's condition.
  keys text[] not null,
  condition text,
  nulls_equal boolean not null,
  taken_at timestamptz(3) not null default clock_timestamp(),
  unique (table_name, name)
);
