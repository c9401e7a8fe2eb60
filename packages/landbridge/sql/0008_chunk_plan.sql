-- A collection is planned while it is copied: a chunk 'planning' is what has not been cut yet, [lower, end). It becomes
-- 'pending' chunks from its lower end on and is the last of them itself, so that chunks never leave a gap.
-- A chunk 'dumped' was copied from a dump that was begun at dump_time (a cluster time): it is 'done' when all that
-- has changed in MongoDB since then has been mirrored again.
alter table landbridge.chunk
  drop constraint chunk_status_check,
  add column dump_time numeric(20, 0),
  add constraint chunk_status_check check (status in ('planning', 'pending', 'dumped', 'done', 'split')),
  add check ((status = 'dumped') <= (dump_time is not null));
