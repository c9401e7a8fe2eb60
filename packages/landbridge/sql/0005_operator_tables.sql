-- State of installing, of the fence and of an operator's work.

-- What triggers a unit was attached with, so that a start where nothing changed locks no table.
create table landbridge.attached_unit (
  unit text primary key references landbridge.unit (name),
  triggers_hash text not null,
  attached_at timestamptz(3) not null default now()
);

-- A validator may be on its way to being lifted until then: no step towards Postgres opens before (C1). Not a column
-- of the unit's row: updating that would starve behind its share lockers (A8).
create table landbridge.lifting (
  unit text primary key references landbridge.unit (name),
  until timestamptz(3) not null
);
