-- The schema that the SQL files beside this one make, read from a Postgres. Made by `npm run db:dump`; never edited
-- and never run: it is here so that a review sees what a migration really changes.

CREATE SEQUENCE derived_destination_index AS bigint START 1 INCREMENT 1;

CREATE OR REPLACE FUNCTION public.refuse_category_circle()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  -- Two moves at once could close a circle that neither sees, so the tree changes one move at a time.
  PERFORM pg_advisory_xact_lock(hashtextextended('categories.tree', 0));
  IF EXISTS (
    WITH RECURSIVE above(id, parent_id) AS (
      SELECT id, parent_id FROM categories WHERE id = NEW.parent_id
      UNION
      SELECT parent.id, parent.parent_id FROM above JOIN categories parent ON parent.id = above.parent_id
    )
    SELECT FROM above WHERE id = NEW.id
  ) OR NEW.parent_id = NEW.id THEN
    RAISE EXCEPTION 'category % would stand under itself', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_no_circle';
  END IF;
  RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change_of_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% of %: its rows are never changed or removed, add a correcting one', lower(TG_OP), TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END
$function$;

CREATE OR REPLACE FUNCTION public.refuse_overdrawn_payment()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
  overdrawn text;
BEGIN
  -- Held, so that two entries at once cannot both find the same money there.
  PERFORM FROM payments WHERE id = NEW.payment_id AND ledger_complete FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  WITH movement(kind, taken, given) AS (
    VALUES
      ('payin', NULL, 'available'),
      ('hold', 'available', 'held'),
      ('unhold', 'held', 'available'),
      ('platform_fee', 'available', 'fees'),
      ('aml_fee', 'available', 'fees'),
      ('release_init', 'available', 'releasing'),
      ('release_confirm', 'releasing', 'released'),
      ('release_fail', 'releasing', 'available'),
      ('refund_init', 'available', 'refunding'),
      ('refund_confirm', 'refunding', 'refunded'),
      ('refund_fail', 'refunding', 'available')
  ), entry AS (
    SELECT line.amount, line.kind, line.direction, reversed.kind AS reversed
    FROM funds_ledger_entries line
    LEFT JOIN funds_ledger_entries reversed ON reversed.id = line.reverses_entry_id
    WHERE line.payment_id = NEW.payment_id AND line.currency = NEW.currency
  ), moved AS (
    SELECT amount, taken, given FROM entry JOIN movement USING (kind)
    UNION ALL
    SELECT amount, given, taken FROM entry JOIN movement ON movement.kind = entry.reversed WHERE entry.kind = 'reversal'
    UNION ALL
    SELECT amount, CASE direction WHEN 'debit' THEN 'available' END, CASE direction WHEN 'credit' THEN 'available' END
    FROM entry WHERE kind = 'adjustment'
  ), leg AS (
    SELECT given AS bucket, amount FROM moved
    UNION ALL
    SELECT taken, -amount FROM moved
  )
  SELECT bucket INTO overdrawn FROM leg WHERE bucket IS NOT NULL GROUP BY bucket HAVING sum(amount) < 0 LIMIT 1;
  IF overdrawn IS NOT NULL THEN
    RAISE EXCEPTION 'payment %: % would fall below zero', NEW.payment_id, overdrawn
      USING ERRCODE = 'check_violation', CONSTRAINT = 'funds_ledger_entries_balance';
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION public.refuse_unlisted_move()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
  -- First argument: the column. The others: its moves as 'from>to'.
  before text := to_jsonb(OLD) ->> TG_ARGV[0];
  after text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  -- Without a word before, an old one may stand in `extra`: the service decides what leads out of it.
  IF before IS NULL OR before IS NOT DISTINCT FROM after THEN
    RETURN NEW;
  END IF;
  IF after IS NULL OR NOT (before || '>' || after) = ANY (TG_ARGV) THEN
    RAISE EXCEPTION '% of % %: no move leads from % to %', TG_ARGV[0], TG_TABLE_NAME, NEW.id, before, coalesce(after, 'nothing')
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION public.refuse_use_past_limit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'template % was used % times already', NEW.id, OLD.usage_count
    USING ERRCODE = 'check_violation', CONSTRAINT = 'request_templates_usage_limit';
END
$function$;

CREATE TABLE address_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT address_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT address_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT address_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT address_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE address_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT address_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT address_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT address_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX address_effect_outbox_pending ON address_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE addresses (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  user_id uuid,
  name text,
  phone_number text,
  full_address text,
  city text,
  state text,
  country text,
  zip_code text,
  address_type text,
  is_primary boolean,
  CONSTRAINT addresses_pkey PRIMARY KEY (id),
  CONSTRAINT addresses_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT addresses_user_id_users_fk FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT addresses_address_type_known CHECK (address_type = ANY (ARRAY['Home'::text, 'Office'::text, 'Other'::text]))
);
CREATE UNIQUE INDEX addresses_primary_key ON addresses USING btree (user_id) WHERE is_primary;
CREATE INDEX addresses_user_idx ON addresses USING btree (user_id, is_primary DESC NULLS LAST);

CREATE TABLE blog_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT blog_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT blog_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT blog_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT blog_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE blog_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT blog_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT blog_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT blog_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX blog_effect_outbox_pending ON blog_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE blog_likes (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  user_id uuid NOT NULL,
  post_id uuid NOT NULL,
  CONSTRAINT blog_likes_pkey PRIMARY KEY (id),
  CONSTRAINT blog_likes_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT blog_likes_post_id_blog_posts_id_fk FOREIGN KEY (post_id) REFERENCES blog_posts(id),
  CONSTRAINT blog_likes_user_id_users_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX blog_likes_post_idx ON blog_likes USING btree (post_id);
CREATE UNIQUE INDEX blog_likes_user_post_key ON blog_likes USING btree (user_id, post_id);

CREATE TABLE blog_posts (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  title text,
  slug text,
  description text,
  content text,
  cover_image text,
  images text[],
  videos jsonb,
  author jsonb,
  category text,
  tags text[],
  status text,
  published_at timestamp(3) with time zone,
  views integer,
  likes integer,
  comments integer,
  read_time integer,
  featured boolean,
  seo jsonb,
  CONSTRAINT blog_posts_pkey PRIMARY KEY (id),
  CONSTRAINT blog_posts_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT blog_posts_category_known CHECK (category = ANY (ARRAY['tutorial'::text, 'news'::text, 'guide'::text, 'tips'::text, 'announcement'::text, 'other'::text])),
  CONSTRAINT blog_posts_status_known CHECK (status = ANY (ARRAY['draft'::text, 'published'::text, 'archived'::text]))
);
CREATE INDEX blog_posts_category_idx ON blog_posts USING btree (category, status, published_at DESC NULLS LAST, id DESC NULLS LAST);
CREATE INDEX blog_posts_featured_idx ON blog_posts USING btree (status, published_at DESC NULLS LAST, id DESC NULLS LAST) WHERE featured;
CREATE INDEX blog_posts_kept_slug_idx ON blog_posts USING btree ((extra #>> '{slug,value}'::text[])) WHERE slug IS NULL;
CREATE INDEX blog_posts_published_idx ON blog_posts USING btree (status, published_at DESC NULLS LAST, id DESC NULLS LAST);
CREATE UNIQUE INDEX blog_posts_slug_key ON blog_posts USING btree (slug) WHERE slug <> ''::text;
CREATE INDEX blog_posts_tags_idx ON blog_posts USING gin (tags);

CREATE TABLE categories (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  name text,
  name_en text,
  description text,
  icon text,
  is_active boolean,
  parent_id uuid,
  "order" integer,
  CONSTRAINT categories_pkey PRIMARY KEY (id),
  CONSTRAINT categories_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT categories_parent_id_categories_id_fk FOREIGN KEY (parent_id) REFERENCES categories(id)
);
CREATE UNIQUE INDEX categories_active_name_key ON categories USING btree (lower(btrim(name))) WHERE is_active;
CREATE INDEX categories_active_order_idx ON categories USING btree (is_active, "order");
CREATE UNIQUE INDEX categories_name_en_key ON categories USING btree (name_en) WHERE name_en IS NOT NULL;
CREATE INDEX categories_parent_idx ON categories USING btree (parent_id);
CREATE TRIGGER categories_no_circle BEFORE INSERT OR UPDATE OF parent_id ON categories FOR EACH ROW WHEN (new.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_category_circle();

CREATE TABLE category_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT category_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT category_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT category_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT category_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE category_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT category_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT category_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT category_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX category_effect_outbox_pending ON category_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE chat_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT chat_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT chat_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT chat_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT chat_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE chat_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT chat_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT chat_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT chat_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX chat_effect_outbox_pending ON chat_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE chat_message_attachments (
  chat_id uuid NOT NULL,
  message_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  url text,
  name text,
  mime text,
  size integer,
  CONSTRAINT chat_message_attachments_pkey PRIMARY KEY (chat_id, message_id, ordinal),
  CONSTRAINT chat_message_attachments_message_fk FOREIGN KEY (chat_id, message_id) REFERENCES chat_messages(chat_id, id)
);

CREATE TABLE chat_message_edits (
  chat_id uuid NOT NULL,
  message_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  content text,
  edited_at timestamp(3) with time zone,
  CONSTRAINT chat_message_edits_pkey PRIMARY KEY (chat_id, message_id, ordinal),
  CONSTRAINT chat_message_edits_message_fk FOREIGN KEY (chat_id, message_id) REFERENCES chat_messages(chat_id, id)
);

CREATE TABLE chat_message_reactions (
  chat_id uuid NOT NULL,
  message_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  emoji text,
  user_ids uuid[],
  CONSTRAINT chat_message_reactions_pkey PRIMARY KEY (chat_id, message_id, ordinal),
  CONSTRAINT chat_message_reactions_message_fk FOREIGN KEY (chat_id, message_id) REFERENCES chat_messages(chat_id, id)
);

CREATE TABLE chat_message_reads (
  chat_id uuid NOT NULL,
  message_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  user_id uuid,
  read_at timestamp(3) with time zone,
  CONSTRAINT chat_message_reads_pkey PRIMARY KEY (chat_id, message_id, ordinal),
  CONSTRAINT chat_message_reads_message_fk FOREIGN KEY (chat_id, message_id) REFERENCES chat_messages(chat_id, id)
);

CREATE TABLE chat_messages (
  chat_id uuid NOT NULL,
  id uuid NOT NULL,
  seq bigint NOT NULL,
  sender_id uuid,
  content text,
  type text,
  sent_at timestamp(3) with time zone,
  reply_to uuid,
  is_edited boolean,
  edited_at timestamp(3) with time zone,
  is_deleted boolean,
  deleted_at timestamp(3) with time zone,
  extra jsonb,
  CONSTRAINT chat_messages_pkey PRIMARY KEY (chat_id, id),
  CONSTRAINT chat_messages_seq_key UNIQUE (chat_id, seq),
  CONSTRAINT chat_messages_chat_id_chats_id_fk FOREIGN KEY (chat_id) REFERENCES chats(id),
  CONSTRAINT chat_messages_sender_id_users_fk FOREIGN KEY (sender_id) REFERENCES users(id),
  CONSTRAINT chat_messages_seq_check CHECK (seq > 0),
  CONSTRAINT chat_messages_type_known CHECK (type = ANY (ARRAY['text'::text, 'image'::text, 'file'::text, 'system'::text]))
);
CREATE INDEX chat_messages_sent_at_idx ON chat_messages USING btree (sent_at);

CREATE TABLE chat_participants (
  chat_id uuid NOT NULL,
  ordinal integer NOT NULL,
  user_id uuid,
  role text,
  joined_at timestamp(3) with time zone,
  left_at timestamp(3) with time zone,
  last_seen timestamp(3) with time zone,
  is_active boolean,
  last_read_seq bigint,
  extra jsonb,
  CONSTRAINT chat_participants_pkey PRIMARY KEY (chat_id, ordinal),
  CONSTRAINT chat_participants_chat_id_chats_id_fk FOREIGN KEY (chat_id) REFERENCES chats(id),
  CONSTRAINT chat_participants_user_id_users_fk FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT chat_participants_role_known CHECK (role = ANY (ARRAY['member'::text, 'admin'::text, 'owner'::text]))
);
CREATE INDEX chat_participants_user_idx ON chat_participants USING btree (user_id, chat_id);

CREATE TABLE chats (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text,
  name text,
  description text,
  direct_key text,
  related_type text,
  related_ref_kind text,
  related_id uuid,
  related_external_ref text,
  related_ref_form text,
  is_archived boolean,
  settings jsonb,
  metadata jsonb,
  CONSTRAINT chats_pkey PRIMARY KEY (id),
  CONSTRAINT chats_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT chats_related_ref CHECK (
  CASE related_ref_kind
      WHEN 'entity'::text THEN related_id IS NOT NULL AND related_external_ref IS NULL AND related_ref_form IS NOT NULL AND (related_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN related_id IS NULL AND related_external_ref IS NOT NULL AND related_ref_form IS NOT NULL AND related_ref_form = 'text'::text
      WHEN 'external'::text THEN related_id IS NULL AND related_external_ref IS NOT NULL AND related_ref_form IS NOT NULL AND related_ref_form = 'text'::text
      ELSE related_ref_kind IS NULL AND related_id IS NULL AND related_external_ref IS NULL AND related_ref_form IS NULL
  END),
  CONSTRAINT chats_related_type_known CHECK (related_type = ANY (ARRAY['PurchaseRequest'::text, 'SellerOffer'::text, 'Transaction'::text])),
  CONSTRAINT chats_type_known CHECK (type = ANY (ARRAY['direct'::text, 'group'::text, 'support'::text]))
);
CREATE UNIQUE INDEX chats_direct_key ON chats USING btree (direct_key);
CREATE INDEX chats_related_idx ON chats USING btree (related_type, related_id);
CREATE INDEX chats_type_idx ON chats USING btree (type);

CREATE TABLE config_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT config_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT config_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT config_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT config_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE config_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT config_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT config_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT config_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX config_effect_outbox_pending ON config_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE config_setting_history (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  key text,
  old_value jsonb,
  new_value jsonb,
  changed_by uuid,
  reason text,
  changed_at timestamp(3) with time zone,
  CONSTRAINT config_setting_history_pkey PRIMARY KEY (id),
  CONSTRAINT config_setting_history_legacy_object_id_unique UNIQUE (legacy_object_id)
);
CREATE INDEX config_setting_history_key_idx ON config_setting_history USING btree (key, changed_at DESC NULLS LAST, id DESC NULLS LAST);
CREATE TRIGGER config_setting_history_append_only_rows BEFORE DELETE OR UPDATE ON config_setting_history FOR EACH ROW EXECUTE FUNCTION refuse_change_of_append_only();
ALTER TABLE config_setting_history ENABLE ALWAYS TRIGGER config_setting_history_append_only_rows;
CREATE TRIGGER config_setting_history_append_only_truncate BEFORE TRUNCATE ON config_setting_history FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_append_only();
ALTER TABLE config_setting_history ENABLE ALWAYS TRIGGER config_setting_history_append_only_truncate;

CREATE TABLE config_settings (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  key text,
  value jsonb,
  type text,
  description text,
  updated_by uuid,
  CONSTRAINT config_settings_pkey PRIMARY KEY (id),
  CONSTRAINT config_settings_key_key UNIQUE (key),
  CONSTRAINT config_settings_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT config_settings_updated_by_users_fk FOREIGN KEY (updated_by) REFERENCES users(id)
);

CREATE TABLE derived_destination_sweeps (
  destination_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  tx_hash text,
  amount numeric(78,0),
  swept_at timestamp(3) with time zone,
  CONSTRAINT derived_destination_sweeps_pkey PRIMARY KEY (destination_id, ordinal),
  CONSTRAINT derived_destination_sweeps_destination_fk FOREIGN KEY (destination_id) REFERENCES derived_destinations(id)
);

CREATE TABLE derived_destinations (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  buyer_id uuid,
  seller_ref_kind text,
  seller_id uuid,
  seller_external_ref text,
  seller_ref_form text,
  seller_offer_ref_kind text,
  seller_offer_id uuid,
  seller_offer_external_ref text,
  seller_offer_ref_form text,
  chain_id integer,
  address text,
  derivation_index integer,
  path text,
  status text,
  last_balance numeric(78,0),
  CONSTRAINT derived_destinations_pkey PRIMARY KEY (id),
  CONSTRAINT derived_destinations_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT derived_destinations_buyer_id_users_fk FOREIGN KEY (buyer_id) REFERENCES users(id),
  CONSTRAINT derived_destinations_seller_id_users_fk FOREIGN KEY (seller_id) REFERENCES users(id),
  CONSTRAINT derived_destinations_seller_offer_id_seller_offers_fk FOREIGN KEY (seller_offer_id) REFERENCES seller_offers(id),
  CONSTRAINT derived_destinations_seller_offer_ref CHECK (
  CASE seller_offer_ref_kind
      WHEN 'entity'::text THEN seller_offer_id IS NOT NULL AND seller_offer_external_ref IS NULL AND seller_offer_ref_form IS NOT NULL AND (seller_offer_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN seller_offer_id IS NULL AND seller_offer_external_ref IS NOT NULL AND seller_offer_ref_form IS NOT NULL AND seller_offer_ref_form = 'text'::text
      WHEN 'external'::text THEN seller_offer_id IS NULL AND seller_offer_external_ref IS NOT NULL AND seller_offer_ref_form IS NOT NULL AND seller_offer_ref_form = 'text'::text
      ELSE seller_offer_ref_kind IS NULL AND seller_offer_id IS NULL AND seller_offer_external_ref IS NULL AND seller_offer_ref_form IS NULL
  END),
  CONSTRAINT derived_destinations_seller_ref CHECK (
  CASE seller_ref_kind
      WHEN 'entity'::text THEN seller_id IS NOT NULL AND seller_external_ref IS NULL AND seller_ref_form IS NOT NULL AND (seller_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN seller_id IS NULL AND seller_external_ref IS NOT NULL AND seller_ref_form IS NOT NULL AND seller_ref_form = 'text'::text
      WHEN 'external'::text THEN seller_id IS NULL AND seller_external_ref IS NOT NULL AND seller_ref_form IS NOT NULL AND seller_ref_form = 'text'::text
      ELSE seller_ref_kind IS NULL AND seller_id IS NULL AND seller_external_ref IS NULL AND seller_ref_form IS NULL
  END),
  CONSTRAINT derived_destinations_status_known CHECK (status = ANY (ARRAY['allocated'::text, 'funded'::text, 'sweeping'::text, 'swept'::text, 'retired'::text]))
);
CREATE UNIQUE INDEX derived_destinations_address_key ON derived_destinations USING btree (chain_id, lower(address));
CREATE UNIQUE INDEX derived_destinations_index_key ON derived_destinations USING btree (derivation_index);
CREATE UNIQUE INDEX derived_destinations_key ON derived_destinations USING btree (buyer_id, COALESCE(seller_offer_id::text, seller_offer_external_ref), chain_id);
CREATE INDEX derived_destinations_status_idx ON derived_destinations USING btree (status);
CREATE TRIGGER derived_destinations_status_moves BEFORE UPDATE OF status ON derived_destinations FOR EACH ROW EXECUTE FUNCTION refuse_unlisted_move('status', 'allocated>funded', 'allocated>retired', 'funded>sweeping', 'sweeping>swept', 'sweeping>funded', 'swept>funded', 'swept>retired');

CREATE TABLE dispute_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT dispute_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT dispute_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT dispute_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT dispute_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE dispute_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT dispute_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT dispute_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT dispute_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX dispute_effect_outbox_pending ON dispute_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE disputes (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  purchase_request_id uuid,
  buyer_id uuid,
  seller_id uuid,
  admin_id uuid,
  opened_by uuid,
  payment_id uuid,
  reason text,
  description text,
  priority text,
  category text,
  status text,
  evidence jsonb,
  timeline jsonb,
  messages jsonb,
  response_deadline timestamp(3) with time zone,
  deadline timestamp(3) with time zone,
  resolution jsonb,
  resolved_at timestamp(3) with time zone,
  chat_ref_kind text,
  chat_id uuid,
  chat_external_ref text,
  chat_ref_form text,
  origin text,
  CONSTRAINT disputes_pkey PRIMARY KEY (id),
  CONSTRAINT disputes_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT disputes_admin_id_users_fk FOREIGN KEY (admin_id) REFERENCES users(id),
  CONSTRAINT disputes_buyer_id_users_fk FOREIGN KEY (buyer_id) REFERENCES users(id),
  CONSTRAINT disputes_opened_by_users_fk FOREIGN KEY (opened_by) REFERENCES users(id),
  CONSTRAINT disputes_payment_id_payments_fk FOREIGN KEY (payment_id) REFERENCES payments(id),
  CONSTRAINT disputes_purchase_request_id_purchase_requests_fk FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id),
  CONSTRAINT disputes_seller_id_users_fk FOREIGN KEY (seller_id) REFERENCES users(id),
  CONSTRAINT disputes_category_known CHECK (category = ANY (ARRAY['product_quality'::text, 'delivery_delay'::text, 'wrong_item'::text, 'payment_issue'::text, 'seller_behavior'::text, 'other'::text])),
  CONSTRAINT disputes_chat_ref CHECK (
  CASE chat_ref_kind
      WHEN 'entity'::text THEN chat_id IS NOT NULL AND chat_external_ref IS NULL AND chat_ref_form IS NOT NULL AND (chat_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN chat_id IS NULL AND chat_external_ref IS NOT NULL AND chat_ref_form IS NOT NULL AND chat_ref_form = 'text'::text
      WHEN 'external'::text THEN chat_id IS NULL AND chat_external_ref IS NOT NULL AND chat_ref_form IS NOT NULL AND chat_ref_form = 'text'::text
      ELSE chat_ref_kind IS NULL AND chat_id IS NULL AND chat_external_ref IS NULL AND chat_ref_form IS NULL
  END),
  CONSTRAINT disputes_origin_known CHECK (origin = ANY (ARRAY['legacy'::text, 'app'::text])),
  CONSTRAINT disputes_priority_known CHECK (priority = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'urgent'::text])),
  CONSTRAINT disputes_status_known CHECK (status = ANY (ARRAY['pending'::text, 'in_progress'::text, 'waiting_response'::text, 'resolved'::text, 'rejected'::text, 'closed'::text, 'withdrawn'::text]))
);
CREATE INDEX disputes_admin_idx ON disputes USING btree (admin_id, status);
CREATE INDEX disputes_buyer_idx ON disputes USING btree (buyer_id);
CREATE INDEX disputes_category_idx ON disputes USING btree (category);
CREATE UNIQUE INDEX disputes_open_key ON disputes USING btree (purchase_request_id) WHERE status = ANY (ARRAY['pending'::text, 'in_progress'::text, 'waiting_response'::text]);
CREATE INDEX disputes_priority_idx ON disputes USING btree (priority);
CREATE INDEX disputes_request_idx ON disputes USING btree (purchase_request_id);
CREATE INDEX disputes_seller_idx ON disputes USING btree (seller_id);
CREATE INDEX disputes_status_idx ON disputes USING btree (status, priority);
CREATE TRIGGER disputes_status_moves BEFORE UPDATE OF status ON disputes FOR EACH ROW EXECUTE FUNCTION refuse_unlisted_move('status', 'pending>in_progress', 'pending>withdrawn', 'in_progress>waiting_response', 'in_progress>resolved', 'in_progress>rejected', 'waiting_response>in_progress', 'waiting_response>resolved', 'waiting_response>rejected', 'resolved>closed', 'rejected>closed');

CREATE TABLE funds_ledger_entries (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  purchase_request_ref_kind text,
  purchase_request_id uuid,
  purchase_request_external_ref text,
  purchase_request_ref_form text,
  payment_ref_kind text,
  payment_id uuid,
  payment_external_ref text,
  payment_ref_form text,
  kind text,
  amount numeric(38,18),
  currency text,
  direction text,
  chain_id integer,
  tx_hash text,
  idempotency_key text,
  reverses_entry_id uuid,
  dispute_id uuid,
  request_id text,
  actor text,
  reason text,
  note text,
  metadata jsonb,
  created_by_ref_kind text,
  created_by_id uuid,
  created_by_external_ref text,
  created_by_ref_form text,
  CONSTRAINT funds_ledger_entries_pkey PRIMARY KEY (id),
  CONSTRAINT funds_ledger_entries_idempotency_key UNIQUE (idempotency_key),
  CONSTRAINT funds_ledger_entries_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT funds_ledger_entries_reverses_key UNIQUE (reverses_entry_id),
  CONSTRAINT funds_ledger_entries_created_by_id_users_fk FOREIGN KEY (created_by_id) REFERENCES users(id),
  CONSTRAINT funds_ledger_entries_payment_id_payments_id_fk FOREIGN KEY (payment_id) REFERENCES payments(id),
  CONSTRAINT funds_ledger_entries_purchase_request_id_purchase_requests_fk FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id),
  CONSTRAINT funds_ledger_entries_reverses_entry_id_funds_ledger_entries_id_ FOREIGN KEY (reverses_entry_id) REFERENCES funds_ledger_entries(id),
  CONSTRAINT funds_ledger_entries_amount_check CHECK (amount > 0::numeric),
  CONSTRAINT funds_ledger_entries_created_by_ref CHECK (
  CASE created_by_ref_kind
      WHEN 'entity'::text THEN created_by_id IS NOT NULL AND created_by_external_ref IS NULL AND created_by_ref_form IS NOT NULL AND (created_by_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN created_by_id IS NULL AND created_by_external_ref IS NOT NULL AND created_by_ref_form IS NOT NULL AND created_by_ref_form = 'text'::text
      WHEN 'external'::text THEN created_by_id IS NULL AND created_by_external_ref IS NOT NULL AND created_by_ref_form IS NOT NULL AND created_by_ref_form = 'text'::text
      ELSE created_by_ref_kind IS NULL AND created_by_id IS NULL AND created_by_external_ref IS NULL AND created_by_ref_form IS NULL
  END),
  CONSTRAINT funds_ledger_entries_direction_known CHECK (direction = ANY (ARRAY['credit'::text, 'debit'::text])),
  CONSTRAINT funds_ledger_entries_kind_known CHECK (kind = ANY (ARRAY['payin'::text, 'hold'::text, 'unhold'::text, 'platform_fee'::text, 'aml_fee'::text, 'release_init'::text, 'release_confirm'::text, 'release_fail'::text, 'refund_init'::text, 'refund_confirm'::text, 'refund_fail'::text, 'sweep'::text, 'provider_fee'::text, 'gas'::text, 'adjustment'::text, 'reversal'::text])),
  CONSTRAINT funds_ledger_entries_payment_ref CHECK (
  CASE payment_ref_kind
      WHEN 'entity'::text THEN payment_id IS NOT NULL AND payment_external_ref IS NULL AND payment_ref_form IS NOT NULL AND (payment_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN payment_id IS NULL AND payment_external_ref IS NOT NULL AND payment_ref_form IS NOT NULL AND payment_ref_form = 'text'::text
      WHEN 'external'::text THEN payment_id IS NULL AND payment_external_ref IS NOT NULL AND payment_ref_form IS NOT NULL AND payment_ref_form = 'text'::text
      ELSE payment_ref_kind IS NULL AND payment_id IS NULL AND payment_external_ref IS NULL AND payment_ref_form IS NULL
  END),
  CONSTRAINT funds_ledger_entries_purchase_request_ref CHECK (
  CASE purchase_request_ref_kind
      WHEN 'entity'::text THEN purchase_request_id IS NOT NULL AND purchase_request_external_ref IS NULL AND purchase_request_ref_form IS NOT NULL AND (purchase_request_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN purchase_request_id IS NULL AND purchase_request_external_ref IS NOT NULL AND purchase_request_ref_form IS NOT NULL AND purchase_request_ref_form = 'text'::text
      WHEN 'external'::text THEN purchase_request_id IS NULL AND purchase_request_external_ref IS NOT NULL AND purchase_request_ref_form IS NOT NULL AND purchase_request_ref_form = 'text'::text
      ELSE purchase_request_ref_kind IS NULL AND purchase_request_id IS NULL AND purchase_request_external_ref IS NULL AND purchase_request_ref_form IS NULL
  END)
);
CREATE INDEX funds_ledger_entries_payment_idx ON funds_ledger_entries USING btree (payment_id, currency);
CREATE INDEX funds_ledger_entries_request_idx ON funds_ledger_entries USING btree (purchase_request_id);
CREATE TRIGGER funds_ledger_entries_append_only_rows BEFORE DELETE OR UPDATE ON funds_ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change_of_append_only();
ALTER TABLE funds_ledger_entries ENABLE ALWAYS TRIGGER funds_ledger_entries_append_only_rows;
CREATE TRIGGER funds_ledger_entries_append_only_truncate BEFORE TRUNCATE ON funds_ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_append_only();
ALTER TABLE funds_ledger_entries ENABLE ALWAYS TRIGGER funds_ledger_entries_append_only_truncate;
CREATE TRIGGER funds_ledger_entries_balance AFTER INSERT ON funds_ledger_entries FOR EACH ROW WHEN (new.payment_id IS NOT NULL) EXECUTE FUNCTION refuse_overdrawn_payment();

CREATE TABLE level_configs (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  level integer,
  name text,
  name_en text,
  min_points integer,
  max_points integer,
  benefits jsonb,
  icon text,
  color text,
  "order" integer,
  is_active boolean,
  CONSTRAINT level_configs_pkey PRIMARY KEY (id),
  CONSTRAINT level_configs_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT level_configs_level_key UNIQUE (level),
  CONSTRAINT level_configs_ranges_apart EXCLUDE USING gist (int4range(min_points,
  CASE
      WHEN max_points IS NULL THEN NULL::integer
      ELSE GREATEST(min_points, max_points)
  END) WITH &&) WHERE (is_active AND min_points IS NOT NULL)
);
CREATE UNIQUE INDEX level_configs_active_min_points_key ON level_configs USING btree (min_points) WHERE is_active;
CREATE INDEX level_configs_order_idx ON level_configs USING btree (is_active, "order");

CREATE TABLE level_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT level_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT level_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT level_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT level_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE level_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT level_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT level_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT level_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX level_effect_outbox_pending ON level_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE notification_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT notification_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT notification_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT notification_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT notification_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE notification_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT notification_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT notification_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT notification_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX notification_effect_outbox_pending ON notification_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE notifications (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  user_id uuid,
  title text,
  message text,
  type text,
  category text,
  related_id text,
  metadata jsonb,
  action_url text,
  is_read boolean,
  read_at timestamp(3) with time zone,
  CONSTRAINT notifications_pkey PRIMARY KEY (id),
  CONSTRAINT notifications_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT notifications_user_id_users_fk FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT notifications_category_known CHECK (category = ANY (ARRAY['purchase_request'::text, 'offer'::text, 'payment'::text, 'delivery'::text, 'system'::text])),
  CONSTRAINT notifications_type_known CHECK (type = ANY (ARRAY['info'::text, 'success'::text, 'warning'::text, 'error'::text]))
);
CREATE INDEX notifications_created_idx ON notifications USING btree (created_at);
CREATE INDEX notifications_related_idx ON notifications USING btree (related_id);
CREATE INDEX notifications_unread_idx ON notifications USING btree (user_id, category) WHERE is_read IS NOT TRUE;
CREATE INDEX notifications_user_category_idx ON notifications USING btree (user_id, category);
CREATE INDEX notifications_user_idx ON notifications USING btree (user_id, created_at DESC NULLS LAST, id DESC NULLS LAST);

CREATE TABLE payment_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT payment_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT payment_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT payment_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT payment_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE payment_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT payment_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT payment_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT payment_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX payment_effect_outbox_pending ON payment_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE payment_quotes (
  payment_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  amount numeric(38,18),
  currency text,
  rate numeric(38,18),
  source text,
  price_version integer,
  quoted_at timestamp(3) with time zone,
  expires_at timestamp(3) with time zone,
  CONSTRAINT payment_quotes_pkey PRIMARY KEY (payment_id, ordinal),
  CONSTRAINT payment_quotes_payment_id_payments_id_fk FOREIGN KEY (payment_id) REFERENCES payments(id)
);

CREATE TABLE payments (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  purchase_request_ref_kind text,
  purchase_request_id uuid,
  purchase_request_external_ref text,
  purchase_request_ref_form text,
  seller_offer_ref_kind text,
  seller_offer_id uuid,
  seller_offer_external_ref text,
  seller_offer_ref_form text,
  buyer_id uuid,
  seller_ref_kind text,
  seller_id uuid,
  seller_external_ref text,
  seller_ref_form text,
  amount numeric(38,18),
  currency text,
  provider text,
  provider_payment_id text,
  direction text,
  status text,
  escrow_state text,
  disputed boolean,
  chain_id integer,
  token text,
  token_decimals integer,
  transaction_hash text,
  log_index integer,
  recipient text,
  block_number numeric(78,0),
  block_hash text,
  confirmations integer,
  blockchain jsonb,
  metadata jsonb,
  expires_at timestamp(3) with time zone,
  confirmed_at timestamp(3) with time zone,
  received_amount numeric(38,18),
  matching text,
  idempotency_key text,
  ledger_complete boolean,
  origin text,
  CONSTRAINT payments_pkey PRIMARY KEY (id),
  CONSTRAINT payments_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT payments_buyer_id_users_fk FOREIGN KEY (buyer_id) REFERENCES users(id),
  CONSTRAINT payments_purchase_request_id_purchase_requests_fk FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id),
  CONSTRAINT payments_seller_id_users_fk FOREIGN KEY (seller_id) REFERENCES users(id),
  CONSTRAINT payments_seller_offer_id_seller_offers_fk FOREIGN KEY (seller_offer_id) REFERENCES seller_offers(id),
  CONSTRAINT payments_direction_known CHECK (direction = ANY (ARRAY['in'::text, 'out'::text, 'refund'::text])),
  CONSTRAINT payments_escrow_state_known CHECK (escrow_state = ANY (ARRAY['none'::text, 'funded'::text, 'releasable'::text, 'releasing'::text, 'released'::text, 'refunding'::text, 'refunded'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])),
  CONSTRAINT payments_matching_known CHECK (matching = ANY (ARRAY['exact'::text, 'under'::text, 'over'::text, 'late'::text, 'unmatched'::text])),
  CONSTRAINT payments_origin_known CHECK (origin = ANY (ARRAY['legacy'::text, 'app'::text])),
  CONSTRAINT payments_provider_known CHECK (provider = ANY (ARRAY['request.network'::text, 'amn.scanner'::text, 'shkeeper'::text, 'escrow'::text, 'other'::text])),
  CONSTRAINT payments_purchase_request_ref CHECK (
  CASE purchase_request_ref_kind
      WHEN 'entity'::text THEN purchase_request_id IS NOT NULL AND purchase_request_external_ref IS NULL AND purchase_request_ref_form IS NOT NULL AND (purchase_request_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN purchase_request_id IS NULL AND purchase_request_external_ref IS NOT NULL AND purchase_request_ref_form IS NOT NULL AND purchase_request_ref_form = 'text'::text
      WHEN 'external'::text THEN purchase_request_id IS NULL AND purchase_request_external_ref IS NOT NULL AND purchase_request_ref_form IS NOT NULL AND purchase_request_ref_form = 'text'::text
      ELSE purchase_request_ref_kind IS NULL AND purchase_request_id IS NULL AND purchase_request_external_ref IS NULL AND purchase_request_ref_form IS NULL
  END),
  CONSTRAINT payments_seller_offer_ref CHECK (
  CASE seller_offer_ref_kind
      WHEN 'entity'::text THEN seller_offer_id IS NOT NULL AND seller_offer_external_ref IS NULL AND seller_offer_ref_form IS NOT NULL AND (seller_offer_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN seller_offer_id IS NULL AND seller_offer_external_ref IS NOT NULL AND seller_offer_ref_form IS NOT NULL AND seller_offer_ref_form = 'text'::text
      WHEN 'external'::text THEN seller_offer_id IS NULL AND seller_offer_external_ref IS NOT NULL AND seller_offer_ref_form IS NOT NULL AND seller_offer_ref_form = 'text'::text
      ELSE seller_offer_ref_kind IS NULL AND seller_offer_id IS NULL AND seller_offer_external_ref IS NULL AND seller_offer_ref_form IS NULL
  END),
  CONSTRAINT payments_seller_ref CHECK (
  CASE seller_ref_kind
      WHEN 'entity'::text THEN seller_id IS NOT NULL AND seller_external_ref IS NULL AND seller_ref_form IS NOT NULL AND (seller_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN seller_id IS NULL AND seller_external_ref IS NOT NULL AND seller_ref_form IS NOT NULL AND seller_ref_form = 'text'::text
      WHEN 'external'::text THEN seller_id IS NULL AND seller_external_ref IS NOT NULL AND seller_ref_form IS NOT NULL AND seller_ref_form = 'text'::text
      ELSE seller_ref_kind IS NULL AND seller_id IS NULL AND seller_external_ref IS NULL AND seller_ref_form IS NULL
  END),
  CONSTRAINT payments_status_known CHECK (status = ANY (ARRAY['pending'::text, 'processing'::text, 'confirmed'::text, 'completed'::text, 'failed'::text, 'cancelled'::text, 'expired'::text, 'refunded'::text]))
);
CREATE INDEX payments_buyer_idx ON payments USING btree (buyer_id, created_at DESC NULLS LAST, id);
CREATE INDEX payments_direction_idx ON payments USING btree (direction);
CREATE UNIQUE INDEX payments_idempotency_key ON payments USING btree (buyer_id, idempotency_key);
CREATE UNIQUE INDEX payments_open_payin_key ON payments USING btree (buyer_id, COALESCE(purchase_request_id::text, purchase_request_external_ref), COALESCE(seller_offer_id::text, seller_offer_external_ref)) WHERE direction = 'in'::text AND (status = ANY (ARRAY['pending'::text, 'processing'::text]));
CREATE INDEX payments_provider_idx ON payments USING btree (provider, direction);
CREATE UNIQUE INDEX payments_provider_payment_key ON payments USING btree (provider, provider_payment_id);
CREATE INDEX payments_purchase_request_idx ON payments USING btree (purchase_request_id);
CREATE INDEX payments_seller_idx ON payments USING btree (seller_id);
CREATE INDEX payments_status_idx ON payments USING btree (status, currency);
CREATE UNIQUE INDEX payments_transaction_key ON payments USING btree (chain_id, transaction_hash, COALESCE(log_index, 0)) WHERE transaction_hash IS NOT NULL AND (origin = 'app'::text OR ledger_complete);
CREATE TRIGGER payments_escrow_state_moves BEFORE UPDATE OF escrow_state ON payments FOR EACH ROW EXECUTE FUNCTION refuse_unlisted_move('escrow_state', 'none>funded', 'none>failed', 'none>cancelled', 'funded>releasable', 'funded>refunding', 'releasable>releasing', 'releasable>refunding', 'releasing>released', 'releasing>partial', 'releasing>releasable', 'released>partial', 'refunding>refunded', 'refunding>partial', 'refunding>funded', 'refunding>releasable', 'refunded>partial', 'partial>releasing', 'partial>refunding', 'failed>funded', 'cancelled>funded');
CREATE TRIGGER payments_status_moves BEFORE UPDATE OF status ON payments FOR EACH ROW EXECUTE FUNCTION refuse_unlisted_move('status', 'pending>processing', 'pending>confirmed', 'pending>failed', 'pending>cancelled', 'pending>expired', 'processing>confirmed', 'processing>failed', 'processing>cancelled', 'processing>expired', 'confirmed>completed', 'confirmed>refunded', 'failed>confirmed', 'cancelled>confirmed', 'expired>confirmed');

CREATE TABLE point_transactions (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  user_id uuid,
  type text,
  source text,
  amount integer,
  balance integer,
  order_ref_kind text,
  order_id uuid,
  order_external_ref text,
  order_ref_form text,
  referred_user uuid,
  description text,
  metadata jsonb,
  expires_at timestamp(3) with time zone,
  origin text,
  CONSTRAINT point_transactions_pkey PRIMARY KEY (id),
  CONSTRAINT point_transactions_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT point_transactions_referred_user_users_id_fk FOREIGN KEY (referred_user) REFERENCES users(id),
  CONSTRAINT point_transactions_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT point_transactions_order_ref CHECK (
  CASE order_ref_kind
      WHEN 'entity'::text THEN order_id IS NOT NULL AND order_external_ref IS NULL AND order_ref_form IS NOT NULL AND (order_ref_form = ANY (ARRAY['objectId'::text, 'hex'::text]))
      WHEN 'template'::text THEN order_id IS NULL AND order_external_ref IS NOT NULL AND order_ref_form IS NOT NULL AND order_ref_form = 'text'::text
      WHEN 'external'::text THEN order_id IS NULL AND order_external_ref IS NOT NULL AND order_ref_form IS NOT NULL AND order_ref_form = 'text'::text
      ELSE order_ref_kind IS NULL AND order_id IS NULL AND order_external_ref IS NULL AND order_ref_form IS NULL
  END),
  CONSTRAINT point_transactions_origin_known CHECK (origin = ANY (ARRAY['legacy'::text, 'app'::text])),
  CONSTRAINT point_transactions_source_known CHECK (source = ANY (ARRAY['purchase'::text, 'referral'::text, 'bonus'::text, 'admin'::text, 'redemption'::text])),
  CONSTRAINT point_transactions_type_known CHECK (type = ANY (ARRAY['earn'::text, 'spend'::text, 'expire'::text]))
);
CREATE INDEX point_transactions_expires_idx ON point_transactions USING btree (expires_at) WHERE expires_at IS NOT NULL;
CREATE UNIQUE INDEX point_transactions_one_earn_per_order ON point_transactions USING btree (source, order_id) WHERE type = 'earn'::text AND origin = 'app'::text AND order_id IS NOT NULL;
CREATE UNIQUE INDEX point_transactions_one_referral_earn ON point_transactions USING btree (referred_user) WHERE type = 'earn'::text AND source = 'referral'::text AND origin = 'app'::text;
CREATE INDEX point_transactions_user_idx ON point_transactions USING btree (user_id, created_at DESC NULLS LAST, id DESC NULLS LAST);
CREATE INDEX point_transactions_user_source_idx ON point_transactions USING btree (user_id, source);
CREATE INDEX point_transactions_user_type_idx ON point_transactions USING btree (user_id, type);
CREATE TRIGGER point_transactions_append_only_rows BEFORE DELETE OR UPDATE ON point_transactions FOR EACH ROW EXECUTE FUNCTION refuse_change_of_append_only();
ALTER TABLE point_transactions ENABLE ALWAYS TRIGGER point_transactions_append_only_rows;
CREATE TRIGGER point_transactions_append_only_truncate BEFORE TRUNCATE ON point_transactions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_append_only();
ALTER TABLE point_transactions ENABLE ALWAYS TRIGGER point_transactions_append_only_truncate;

CREATE TABLE purchase_request_attachments (
  purchase_request_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  url text,
  name text,
  mime text,
  size integer,
  CONSTRAINT purchase_request_attachments_pkey PRIMARY KEY (purchase_request_id, ordinal),
  CONSTRAINT purchase_request_attachments_purchase_request_id_purchase_reque FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id)
);

CREATE TABLE purchase_request_delivery_attempts (
  purchase_request_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  code text,
  attempted_by uuid,
  attempted_at timestamp(3) with time zone,
  success boolean,
  ip text,
  CONSTRAINT purchase_request_delivery_attempts_pkey PRIMARY KEY (purchase_request_id, ordinal),
  CONSTRAINT purchase_request_delivery_attempts_purchase_request_id_purchase FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id)
);

CREATE TABLE purchase_request_preferred_sellers (
  purchase_request_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  seller_id uuid,
  CONSTRAINT purchase_request_preferred_sellers_pkey PRIMARY KEY (purchase_request_id, ordinal),
  CONSTRAINT purchase_request_preferred_sellers_purchase_request_id_purchase FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id),
  CONSTRAINT purchase_request_preferred_sellers_seller_id_users_fk FOREIGN KEY (seller_id) REFERENCES users(id)
);
CREATE INDEX purchase_request_preferred_sellers_seller_idx ON purchase_request_preferred_sellers USING btree (seller_id);

CREATE TABLE purchase_request_specifications (
  purchase_request_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  key text,
  value text,
  label text,
  CONSTRAINT purchase_request_specifications_pkey PRIMARY KEY (purchase_request_id, ordinal),
  CONSTRAINT purchase_request_specifications_purchase_request_id_purchase_re FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id)
);

CREATE TABLE purchase_request_status_history (
  purchase_request_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  from_status text,
  to_status text,
  changed_by uuid,
  reason text,
  changed_at timestamp(3) with time zone,
  CONSTRAINT purchase_request_status_history_pkey PRIMARY KEY (purchase_request_id, ordinal),
  CONSTRAINT purchase_request_status_history_purchase_request_id_purchase_re FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id)
);

CREATE TABLE purchase_request_tags (
  purchase_request_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  tag text,
  CONSTRAINT purchase_request_tags_pkey PRIMARY KEY (purchase_request_id, ordinal),
  CONSTRAINT purchase_request_tags_purchase_request_id_purchase_requests_id_ FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id)
);

CREATE TABLE purchase_request_tracking_events (
  purchase_request_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  status text,
  description text,
  location text,
  occurred_at timestamp(3) with time zone,
  CONSTRAINT purchase_request_tracking_events_pkey PRIMARY KEY (purchase_request_id, ordinal),
  CONSTRAINT purchase_request_tracking_events_purchase_request_id_purchase_r FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id)
);

CREATE TABLE purchase_requests (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  buyer_id uuid,
  title text,
  description text,
  category_id uuid,
  product_type text,
  product_link text,
  size text,
  color text,
  brand text,
  quantity integer,
  budget_min numeric(38,18),
  budget_max numeric(38,18),
  budget_currency text,
  urgency text,
  status text,
  is_public boolean,
  selected_offer_id uuid,
  shipped_at timestamp(3) with time zone,
  delivery_type text,
  delivery_address jsonb,
  delivery_email text,
  delivery_code text,
  delivery_code_generated_at timestamp(3) with time zone,
  delivery_code_expires_at timestamp(3) with time zone,
  delivery_code_used boolean,
  delivery_code_used_at timestamp(3) with time zone,
  delivery_date timestamp(3) with time zone,
  release_hold boolean,
  disputed boolean,
  service_info jsonb,
  tracking jsonb,
  template_id uuid,
  cancel_reason text,
  cancelled_by uuid,
  completed_at timestamp(3) with time zone,
  inspection_ends_at timestamp(3) with time zone,
  inspection_remaining integer,
  CONSTRAINT purchase_requests_pkey PRIMARY KEY (id),
  CONSTRAINT purchase_requests_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT purchase_requests_buyer_id_users_fk FOREIGN KEY (buyer_id) REFERENCES users(id),
  CONSTRAINT purchase_requests_cancelled_by_users_fk FOREIGN KEY (cancelled_by) REFERENCES users(id),
  CONSTRAINT purchase_requests_category_id_categories_fk FOREIGN KEY (category_id) REFERENCES categories(id),
  CONSTRAINT purchase_requests_selected_offer_id_seller_offers_id_fk FOREIGN KEY (selected_offer_id) REFERENCES seller_offers(id),
  CONSTRAINT purchase_requests_template_id_request_templates_id_fk FOREIGN KEY (template_id) REFERENCES request_templates(id),
  CONSTRAINT purchase_requests_budget_currency_known CHECK (budget_currency = ANY (ARRAY['USD'::text, 'EUR'::text, 'IRR'::text, 'USDT'::text, 'USDC'::text])),
  CONSTRAINT purchase_requests_budget_max_check CHECK (budget_max >= 0::numeric),
  CONSTRAINT purchase_requests_budget_min_check CHECK (budget_min >= 0::numeric),
  CONSTRAINT purchase_requests_delivery_type_known CHECK (delivery_type = ANY (ARRAY['physical'::text, 'online'::text])),
  CONSTRAINT purchase_requests_product_type_known CHECK (product_type = ANY (ARRAY['physical_product'::text, 'digital_product'::text, 'service'::text, 'consultation'::text])),
  CONSTRAINT purchase_requests_quantity_check CHECK (quantity >= 1),
  CONSTRAINT purchase_requests_status_known CHECK (status = ANY (ARRAY['pending_payment'::text, 'pending'::text, 'active'::text, 'received_offers'::text, 'in_negotiation'::text, 'payment'::text, 'processing'::text, 'delivery'::text, 'delivered'::text, 'confirming'::text, 'completed'::text, 'seller_paid'::text, 'cancelled'::text])),
  CONSTRAINT purchase_requests_urgency_known CHECK (urgency = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'urgent'::text]))
);
CREATE INDEX purchase_requests_buyer_idx ON purchase_requests USING btree (buyer_id, created_at DESC NULLS LAST, id);
CREATE INDEX purchase_requests_category_idx ON purchase_requests USING btree (category_id);
CREATE INDEX purchase_requests_product_type_idx ON purchase_requests USING btree (product_type);
CREATE INDEX purchase_requests_selected_offer_idx ON purchase_requests USING btree (selected_offer_id);
CREATE INDEX purchase_requests_status_idx ON purchase_requests USING btree (status, created_at DESC NULLS LAST, id);
CREATE INDEX purchase_requests_template_idx ON purchase_requests USING btree (template_id);
CREATE INDEX purchase_requests_urgency_idx ON purchase_requests USING btree (urgency);
CREATE TRIGGER purchase_requests_status_moves BEFORE UPDATE OF status ON purchase_requests FOR EACH ROW EXECUTE FUNCTION refuse_unlisted_move('status', 'pending_payment>payment', 'pending_payment>cancelled', 'pending>active', 'pending>received_offers', 'pending>cancelled', 'active>pending', 'active>received_offers', 'active>cancelled', 'received_offers>in_negotiation', 'received_offers>payment', 'received_offers>cancelled', 'in_negotiation>received_offers', 'in_negotiation>payment', 'in_negotiation>cancelled', 'payment>processing', 'payment>delivery', 'payment>cancelled', 'processing>delivery', 'processing>cancelled', 'delivery>delivered', 'delivery>cancelled', 'delivery>completed', 'delivered>confirming', 'delivered>cancelled', 'delivered>completed', 'confirming>completed', 'confirming>cancelled', 'completed>seller_paid');

CREATE TABLE request_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT request_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT request_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT request_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT request_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE request_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT request_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT request_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT request_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX request_effect_outbox_pending ON request_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE request_template_specifications (
  template_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  key text,
  value text,
  label text,
  CONSTRAINT request_template_specifications_pkey PRIMARY KEY (template_id, ordinal),
  CONSTRAINT request_template_specifications_template_id_request_templates_i FOREIGN KEY (template_id) REFERENCES request_templates(id)
);

CREATE TABLE request_templates (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  seller_id uuid,
  title text,
  description text,
  category_id uuid,
  product_type text,
  product_link text,
  size text,
  color text,
  brand text,
  quantity integer,
  budget_min numeric(38,18),
  budget_max numeric(38,18),
  budget_currency text,
  urgency text,
  delivery_type text,
  delivery_notes text,
  delivery_email text,
  shareable_link text,
  proposal text,
  is_active boolean,
  usage_count integer,
  max_usage integer,
  expires_at timestamp(3) with time zone,
  use_shop_default boolean,
  tags text[],
  images text[],
  attachments text[],
  allowed_chains integer[],
  allowed_tokens text[],
  CONSTRAINT request_templates_pkey PRIMARY KEY (id),
  CONSTRAINT request_templates_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT request_templates_category_id_categories_fk FOREIGN KEY (category_id) REFERENCES categories(id),
  CONSTRAINT request_templates_seller_id_users_fk FOREIGN KEY (seller_id) REFERENCES users(id),
  CONSTRAINT request_templates_budget_currency_known CHECK (budget_currency = ANY (ARRAY['USD'::text, 'EUR'::text, 'IRR'::text, 'USDT'::text, 'USDC'::text])),
  CONSTRAINT request_templates_budget_max_check CHECK (budget_max >= 0::numeric),
  CONSTRAINT request_templates_budget_min_check CHECK (budget_min >= 0::numeric),
  CONSTRAINT request_templates_delivery_type_known CHECK (delivery_type = ANY (ARRAY['physical'::text, 'online'::text])),
  CONSTRAINT request_templates_product_type_known CHECK (product_type = ANY (ARRAY['physical_product'::text, 'digital_product'::text, 'service'::text, 'consultation'::text])),
  CONSTRAINT request_templates_quantity_check CHECK (quantity >= 1),
  CONSTRAINT request_templates_urgency_known CHECK (urgency = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'urgent'::text])),
  CONSTRAINT request_templates_usage_count_check CHECK (usage_count >= 0)
);
CREATE UNIQUE INDEX request_templates_link_key ON request_templates USING btree (shareable_link);
CREATE INDEX request_templates_open_idx ON request_templates USING btree (seller_id) WHERE is_active;
CREATE INDEX request_templates_seller_idx ON request_templates USING btree (seller_id, category_id, product_type);
CREATE TRIGGER request_templates_usage_limit BEFORE UPDATE OF usage_count ON request_templates FOR EACH ROW WHEN (new.usage_count IS DISTINCT FROM old.usage_count AND new.usage_count > COALESCE(old.usage_count, 0) AND new.max_usage > 0 AND new.usage_count > new.max_usage) EXECUTE FUNCTION refuse_use_past_limit();

CREATE TABLE review_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT review_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT review_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT review_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT review_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE review_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT review_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT review_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT review_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX review_effect_outbox_pending ON review_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE reviews (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  subject_type text,
  subject_id uuid,
  seller_id uuid,
  reviewer_id uuid,
  rating integer,
  comment text,
  is_verified_buyer boolean,
  purchase_request_id uuid,
  status text,
  CONSTRAINT reviews_pkey PRIMARY KEY (id),
  CONSTRAINT reviews_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT reviews_purchase_request_id_purchase_requests_fk FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id),
  CONSTRAINT reviews_reviewer_id_users_fk FOREIGN KEY (reviewer_id) REFERENCES users(id),
  CONSTRAINT reviews_seller_id_users_fk FOREIGN KEY (seller_id) REFERENCES users(id),
  CONSTRAINT reviews_rating_check CHECK (rating >= 1 AND rating <= 5),
  CONSTRAINT reviews_status_known CHECK (status = ANY (ARRAY['published'::text, 'pending'::text, 'rejected'::text])),
  CONSTRAINT reviews_subject_type_known CHECK (subject_type = ANY (ARRAY['seller'::text, 'template'::text]))
);
CREATE INDEX reviews_published_idx ON reviews USING btree (subject_type, subject_id, created_at DESC NULLS LAST, id DESC NULLS LAST) WHERE status = 'published'::text;
CREATE INDEX reviews_reviewer_idx ON reviews USING btree (reviewer_id);
CREATE INDEX reviews_seller_idx ON reviews USING btree (seller_id);
CREATE UNIQUE INDEX reviews_subject_reviewer_key ON reviews USING btree (subject_type, subject_id, reviewer_id);

CREATE TABLE seller_offers (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  seller_id uuid,
  purchase_request_id uuid,
  title text,
  description text,
  price_amount numeric(38,18),
  price_currency text,
  price_version integer,
  delivery_time_amount integer,
  delivery_time_unit text,
  status text,
  attachments text[],
  notes text,
  valid_until timestamp(3) with time zone,
  require_aml_check boolean,
  aml_block_on_failure boolean,
  CONSTRAINT seller_offers_pkey PRIMARY KEY (id),
  CONSTRAINT seller_offers_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT seller_offers_purchase_request_id_purchase_requests_id_fk FOREIGN KEY (purchase_request_id) REFERENCES purchase_requests(id),
  CONSTRAINT seller_offers_seller_id_users_fk FOREIGN KEY (seller_id) REFERENCES users(id),
  CONSTRAINT seller_offers_delivery_time_amount_check CHECK (delivery_time_amount >= 1),
  CONSTRAINT seller_offers_delivery_time_unit_known CHECK (delivery_time_unit = ANY (ARRAY['hours'::text, 'days'::text, 'weeks'::text])),
  CONSTRAINT seller_offers_price_amount_check CHECK (price_amount >= 0::numeric),
  CONSTRAINT seller_offers_price_currency_known CHECK (price_currency = ANY (ARRAY['USD'::text, 'EUR'::text, 'IRR'::text, 'USDT'::text, 'USDC'::text, 'TRY'::text])),
  CONSTRAINT seller_offers_status_known CHECK (status = ANY (ARRAY['pending'::text, 'active'::text, 'accepted'::text, 'rejected'::text, 'withdrawn'::text]))
);
CREATE UNIQUE INDEX seller_offers_accepted_key ON seller_offers USING btree (purchase_request_id) WHERE status = 'accepted'::text;
CREATE INDEX seller_offers_created_idx ON seller_offers USING btree (created_at DESC NULLS LAST);
CREATE UNIQUE INDEX seller_offers_open_per_seller_key ON seller_offers USING btree (purchase_request_id, seller_id) WHERE status = ANY (ARRAY['pending'::text, 'active'::text, 'accepted'::text]);
CREATE INDEX seller_offers_request_idx ON seller_offers USING btree (purchase_request_id);
CREATE INDEX seller_offers_seller_idx ON seller_offers USING btree (seller_id, created_at DESC NULLS LAST, id);
CREATE INDEX seller_offers_status_idx ON seller_offers USING btree (status);
CREATE TRIGGER seller_offers_status_moves BEFORE UPDATE OF status ON seller_offers FOR EACH ROW EXECUTE FUNCTION refuse_unlisted_move('status', 'pending>accepted', 'pending>rejected', 'pending>withdrawn', 'active>accepted', 'active>rejected', 'active>withdrawn', 'accepted>rejected');

CREATE TABLE shop_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT shop_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT shop_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT shop_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT shop_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE shop_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT shop_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT shop_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT shop_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX shop_effect_outbox_pending ON shop_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE shop_settings (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  seller_id uuid,
  name text,
  description text,
  avatar text,
  cover_image text,
  is_public boolean,
  allow_seller_reviews boolean,
  allow_template_reviews boolean,
  social_links jsonb,
  allowed_chains integer[],
  allowed_tokens text[],
  CONSTRAINT shop_settings_pkey PRIMARY KEY (id),
  CONSTRAINT shop_settings_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT shop_settings_seller_key UNIQUE (seller_id),
  CONSTRAINT shop_settings_seller_id_users_fk FOREIGN KEY (seller_id) REFERENCES users(id),
  CONSTRAINT shop_settings_allowed_chains_known CHECK (array_remove(allowed_chains, NULL::integer) <@ ARRAY[1, 56, 97, 137, 8453, 42161, 728126428]),
  CONSTRAINT shop_settings_allowed_tokens_known CHECK (array_remove(allowed_tokens, NULL::text) <@ ARRAY['USDC'::text, 'USDT'::text])
);

CREATE TABLE telegram_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT telegram_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT telegram_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT telegram_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT telegram_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE telegram_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT telegram_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT telegram_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT telegram_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX telegram_effect_outbox_pending ON telegram_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE telegram_links (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  telegram_user_id bigint,
  user_id uuid,
  username text,
  first_name text,
  last_name text,
  is_active boolean,
  last_seen_at timestamp(3) with time zone,
  origin text,
  CONSTRAINT telegram_links_pkey PRIMARY KEY (id),
  CONSTRAINT telegram_links_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT telegram_links_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT telegram_links_origin_known CHECK (origin = ANY (ARRAY['legacy'::text, 'app'::text]))
);
CREATE INDEX telegram_links_account_idx ON telegram_links USING btree (telegram_user_id);
CREATE UNIQUE INDEX telegram_links_active_account_key ON telegram_links USING btree (telegram_user_id) WHERE is_active;
CREATE UNIQUE INDEX telegram_links_active_user_key ON telegram_links USING btree (user_id) WHERE is_active;
CREATE INDEX telegram_links_user_idx ON telegram_links USING btree (user_id);

CREATE TABLE telegram_sessions (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  token text,
  telegram_user_id bigint,
  user_id uuid,
  init_data_fingerprint text,
  auth_date timestamp(3) with time zone,
  source text,
  expires_at timestamp(3) with time zone,
  is_active boolean,
  CONSTRAINT telegram_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT telegram_sessions_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT telegram_sessions_token_key UNIQUE (token),
  CONSTRAINT telegram_sessions_user_id_users_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX telegram_sessions_account_idx ON telegram_sessions USING btree (telegram_user_id);
CREATE INDEX telegram_sessions_expires_idx ON telegram_sessions USING btree (expires_at);
CREATE INDEX telegram_sessions_user_idx ON telegram_sessions USING btree (user_id);

CREATE TABLE telegram_updates (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  update_id bigint,
  received_at timestamp(3) with time zone,
  CONSTRAINT telegram_updates_pkey PRIMARY KEY (id),
  CONSTRAINT telegram_updates_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT telegram_updates_update_id_key UNIQUE (update_id)
);
CREATE INDEX telegram_updates_received_idx ON telegram_updates USING btree (received_at);

CREATE TABLE temp_verifications (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  email text,
  password text,
  first_name text,
  last_name text,
  role text,
  referral_code text,
  email_verification_code text,
  email_verification_code_expires timestamp(3) with time zone,
  attempts integer,
  CONSTRAINT temp_verifications_pkey PRIMARY KEY (id),
  CONSTRAINT temp_verifications_email_key UNIQUE (email),
  CONSTRAINT temp_verifications_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT temp_verifications_role_known CHECK (role = ANY (ARRAY['buyer'::text, 'seller'::text]))
);
CREATE INDEX temp_verifications_expires_idx ON temp_verifications USING btree (email_verification_code_expires);

CREATE TABLE trezor_accounts (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  user_id uuid,
  xpub text,
  xpub_fingerprint text,
  base_path text,
  registration_address text,
  next_address_index integer,
  device_label text,
  is_active boolean,
  origin text,
  CONSTRAINT trezor_accounts_pkey PRIMARY KEY (id),
  CONSTRAINT trezor_accounts_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT trezor_accounts_user_id_users_fk FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT trezor_accounts_origin_known CHECK (origin = ANY (ARRAY['legacy'::text, 'app'::text]))
);
CREATE UNIQUE INDEX trezor_accounts_active_key ON trezor_accounts USING btree (user_id) WHERE is_active;
CREATE INDEX trezor_accounts_user_idx ON trezor_accounts USING btree (user_id);
CREATE INDEX trezor_accounts_xpub_idx ON trezor_accounts USING btree (xpub);

CREATE TABLE trezor_addresses (
  account_id uuid NOT NULL,
  ordinal integer NOT NULL,
  extra jsonb,
  address_index integer,
  address text,
  path text,
  purpose text,
  payment_id uuid,
  issued_at timestamp(3) with time zone,
  CONSTRAINT trezor_addresses_pkey PRIMARY KEY (account_id, ordinal),
  CONSTRAINT trezor_addresses_account_id_trezor_accounts_id_fk FOREIGN KEY (account_id) REFERENCES trezor_accounts(id),
  CONSTRAINT trezor_addresses_payment_id_payments_fk FOREIGN KEY (payment_id) REFERENCES payments(id)
);
CREATE UNIQUE INDEX trezor_addresses_address_key ON trezor_addresses USING btree (lower(address));
CREATE UNIQUE INDEX trezor_addresses_index_key ON trezor_addresses USING btree (account_id, address_index);
CREATE UNIQUE INDEX trezor_addresses_payment_key ON trezor_addresses USING btree (payment_id);

CREATE TABLE trezor_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT trezor_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT trezor_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT trezor_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT trezor_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE trezor_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT trezor_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT trezor_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT trezor_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX trezor_effect_outbox_pending ON trezor_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE user_effect_inbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  effect_id uuid NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  reason text,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT user_effect_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT user_effect_inbox_effect UNIQUE (effect_id),
  CONSTRAINT user_effect_inbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT user_effect_inbox_outcome_known CHECK (outcome = ANY (ARRAY['done'::text, 'refused'::text]))
);

CREATE TABLE user_effect_outbox (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  type text NOT NULL,
  key text NOT NULL,
  payload jsonb NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  delivered_at timestamp(3) with time zone,
  attempts integer NOT NULL,
  not_before timestamp(3) with time zone,
  last_error text,
  CONSTRAINT user_effect_outbox_pkey PRIMARY KEY (id),
  CONSTRAINT user_effect_outbox_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT user_effect_outbox_type_key UNIQUE (type, key)
);
CREATE INDEX user_effect_outbox_pending ON user_effect_outbox USING btree (at, id) WHERE delivered_at IS NULL;

CREATE TABLE user_passkeys (
  user_id uuid NOT NULL,
  ordinal integer NOT NULL,
  credential_id text,
  public_key text,
  counter bigint,
  transports text[],
  extra jsonb,
  CONSTRAINT user_passkeys_user_id_ordinal_pk PRIMARY KEY (user_id, ordinal),
  CONSTRAINT user_passkeys_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT user_passkeys_ordinal_from_zero CHECK (ordinal >= 0)
);
CREATE UNIQUE INDEX user_passkeys_credential_key ON user_passkeys USING btree (credential_id) WHERE credential_id IS NOT NULL;

CREATE TABLE user_refresh_tokens (
  user_id uuid NOT NULL,
  ordinal integer NOT NULL,
  token_hash text,
  family text,
  used_at timestamp(3) with time zone,
  expires_at timestamp(3) with time zone,
  user_agent text,
  extra jsonb,
  CONSTRAINT user_refresh_tokens_user_id_ordinal_pk PRIMARY KEY (user_id, ordinal),
  CONSTRAINT user_refresh_tokens_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT user_refresh_tokens_ordinal_from_zero CHECK (ordinal >= 0)
);
CREATE INDEX user_refresh_tokens_hash_idx ON user_refresh_tokens USING btree (token_hash);

CREATE TABLE users (
  id uuid NOT NULL,
  legacy_object_id text,
  doc_version integer,
  extra jsonb,
  created_at timestamp(3) with time zone,
  updated_at timestamp(3) with time zone,
  email text,
  password text,
  first_name text,
  last_name text,
  role text,
  is_email_verified boolean,
  auth_provider text,
  telegram_verified boolean,
  status text,
  referral_code text,
  referred_by uuid,
  points_total integer,
  points_available integer,
  points_used integer,
  points_level integer,
  total_referrals integer,
  active_referrals integer,
  referral_earned integer,
  avatar text,
  phone text,
  bio text,
  website text,
  is_public boolean,
  wallet_proof_verified boolean,
  wallet_proof_timestamp timestamp(3) with time zone,
  preferences jsonb,
  wallet_address text,
  wallet_chain_id integer,
  email_verification_token text,
  email_verification_code text,
  email_verification_code_expires timestamp(3) with time zone,
  password_reset_token text,
  password_reset_expires timestamp(3) with time zone,
  password_reset_code text,
  password_reset_code_expires timestamp(3) with time zone,
  last_login_at timestamp(3) with time zone,
  failed_logins integer,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_legacy_object_id_unique UNIQUE (legacy_object_id),
  CONSTRAINT users_referred_by_users_id_fk FOREIGN KEY (referred_by) REFERENCES users(id),
  CONSTRAINT users_auth_provider_known CHECK (auth_provider = ANY (ARRAY['email'::text, 'google'::text, 'telegram'::text])),
  CONSTRAINT users_role_known CHECK (role = ANY (ARRAY['admin'::text, 'buyer'::text, 'seller'::text, 'resolver'::text, 'guard'::text])),
  CONSTRAINT users_status_known CHECK (status = ANY (ARRAY['active'::text, 'suspended'::text, 'deleted'::text]))
);
CREATE UNIQUE INDEX users_email_key ON users USING btree (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX users_kept_email_idx ON users USING btree ((extra #>> '{email,value}'::text[])) WHERE email IS NULL AND extra IS NOT NULL;
CREATE INDEX users_kept_tokens_idx ON users USING gin ((extra #> '{refreshTokens,value}'::text[])) WHERE extra IS NOT NULL;
CREATE UNIQUE INDEX users_referral_code_key ON users USING btree (referral_code) WHERE referral_code IS NOT NULL;
CREATE INDEX users_referred_by_idx ON users USING btree (referred_by);
CREATE INDEX users_role_idx ON users USING btree (role);
