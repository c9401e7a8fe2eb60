-- Children that are mirrored by what changed: which element of which array a row of the outbox tells of. Both are null
-- for rows of the parent, of plain children and of whole entities.
alter table landbridge.change_outbox
  add column child_path text,
  add column child_id uuid,
  add check ((child_path is null) = (child_id is null)),
  add check (child_path is null or kind = 'child');

-- Puts one outbox row per touched entity, and in a growing child one per touched element. A child that moved puts one
-- for its old and one for its new parent (G10). A statement that touches many elements of an entity names the entity.
create or replace function landbridge.capture_change() returns trigger language plpgsql as $$
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
end $$;

-- Documents near the most that MongoDB takes (16 MB), as the last mirror towards it found them.
create table landbridge.large_document (
  collection text not null,
  legacy_id bytea not null, -- BSON of { v: _id }
  unit text not null references landbridge.unit (name),
  bytes bigint not null check (bytes > 0),
  noted_at timestamptz(3) not null default now(),
  primary key (collection, legacy_id)
);
create index large_document_unit on landbridge.large_document (unit);
