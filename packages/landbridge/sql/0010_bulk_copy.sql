-- How what is copied is compared: at once, or by verify later.
alter table landbridge.backfill_expected
  add column compare text not null default 'inline' check (compare in ('inline', 'later'));

-- Indexes and unique constraints that were taken away while an empty table is filled. The row is written in the
-- transaction that drops the index and deleted in the one that builds it again, so whoever finds one builds it.
create table landbridge.taken_index (
  id bigint generated always as identity primary key,
  unit text not null references landbridge.unit (name),
  collection text not null,
  table_name text not null,
  name text not null,
  -- Postgres' own text: of the constraint where it is one, else of the index.
  definition text not null,
  is_constraint boolean not null,
  -- For unique ones, what would be equal: SQL of the keys, and of a partial index's condition.
  unique_keys text[],
  condition text,
  nulls_equal boolean not null default false,
  taken_at timestamptz(3) not null default clock_timestamp(),
  unique (table_name, name)
);
