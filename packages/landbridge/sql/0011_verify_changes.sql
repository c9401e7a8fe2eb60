-- A verification of what has changed needs to know since when, in both stores.

alter table landbridge.verify_run
  -- full: every entity. changes: what has changed since the run before.
  add column kind text not null default 'full' check (kind in ('full', 'changes')),
  -- The oldest transaction that ran when the run began: whatever it has not seen was written by this one or a later one.
  add column postgres_xid xid8,
  -- Another mapping may see differences where this one saw none.
  add column schema_hash text;
