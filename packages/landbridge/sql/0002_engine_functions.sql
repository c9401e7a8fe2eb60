-- Lock keys: one advisory lock a unit, 1,024 entity slots a unit (a lock per entity would exhaust the lock table, A18).
create function landbridge.unit_lock_key(unit text) returns bigint
  language sql immutable as $$ select hashtextextended('landbridge:unit:' || unit, 0) $$;

create function landbridge.entity_lock_key(unit text, slot int) returns bigint
  language sql immutable as $$ select hashtextextended('landbridge:entity:' || unit || ':' || slot, 0) $$;

create function landbridge.chunk_lock_key(chunk bigint) returns bigint
  language sql immutable as $$ select hashtextextended('landbridge:chunk:' || chunk, 0) $$;

-- Refuses writes of the application (and of psql) unless Postgres is the unit's authority and no fence is open.
-- Two statements on purpose: in one, the row would be read with the snapshot from before the lock was granted; and
-- FOR SHARE without the advisory lock lets a stream of writers starve the fence (A8).
create function landbridge.guard_write() returns trigger language plpgsql as $$
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
end $$;

-- Puts one outbox row per touched entity. A child that moved puts one for its old and one for its new parent (G10).
create function landbridge.capture_change() returns trigger language plpgsql as $$
declare
  the_unit constant text := tg_argv[0];
  the_collection constant text := tg_argv[1];
  entity_column constant text := tg_argv[2];
  the_kind constant text := tg_argv[3];
  source text;
begin
  source := case tg_op
    when 'INSERT' then format('select %1$I as entity from new_rows', entity_column)
    when 'DELETE' then format('select %1$I as entity from old_rows', entity_column)
    else format('select %1$I as entity from new_rows union select %1$I from old_rows', entity_column)
  end;
  execute format(
    'insert into landbridge.change_outbox (unit, collection, entity, kind, table_name)
     select $1, $2, entity, $3, $4 from (%s) touched where entity is not null group by entity',
    source) using the_unit, the_collection, the_kind, tg_table_name;
  return null;
end $$;

create function landbridge.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of %.% is refused: it is append-only', tg_op, tg_table_schema, tg_table_name using errcode = 'LB005';
end $$;
create trigger audit_append_only before update or delete or truncate on landbridge.audit
  for each statement execute function landbridge.refuse_change();
alter table landbridge.audit enable always trigger audit_append_only;
