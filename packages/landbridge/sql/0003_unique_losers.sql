-- Entities that lost a unique value to another one: the value stands in their `extra`, or they wait in quarantine.
-- A change or deletion of the holder mirrors them again (A12).
create table landbridge.unique_loser (
  collection text not null,
  constraint_name text not null,
  legacy_id bytea not null, -- BSON of { v: _id } of the loser
  holder_legacy_id bytea not null,
  primary key (collection, legacy_id, constraint_name)
);
create index unique_loser_holder on landbridge.unique_loser (collection, holder_legacy_id);
