-- Markers that the change stream has brought back, written together with the position that covers them. A marker's own
-- time cannot tell: an idle source's position may stand still just before it.
create table landbridge.marker_seen (
  marker bytea primary key,
  cluster_time numeric(20, 0) not null,
  seen_at timestamptz(3) not null default now()
);
create index marker_seen_at on landbridge.marker_seen (seen_at);
