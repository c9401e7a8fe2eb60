CREATE TABLE "telegram_effect_inbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"effect_id" uuid NOT NULL,
	"type" text NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "telegram_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "telegram_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "telegram_effect_inbox_outcome_known" CHECK ("telegram_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "telegram_effect_outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"type" text NOT NULL,
	"key" text NOT NULL,
	"payload" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"attempts" integer NOT NULL,
	"not_before" timestamp (3) with time zone,
	"last_error" text,
	CONSTRAINT "telegram_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "telegram_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "telegram_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"telegram_user_id" bigint,
	"user_id" uuid,
	"username" text,
	"first_name" text,
	"last_name" text,
	"is_active" boolean,
	"last_seen_at" timestamp (3) with time zone,
	"origin" text,
	CONSTRAINT "telegram_links_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "telegram_links_origin_known" CHECK ("telegram_links"."origin" in ('legacy', 'app'))
);
--> statement-breakpoint
CREATE TABLE "telegram_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"token" text,
	"telegram_user_id" bigint,
	"user_id" uuid,
	"init_data_fingerprint" text,
	"auth_date" timestamp (3) with time zone,
	"source" text,
	"expires_at" timestamp (3) with time zone,
	"is_active" boolean,
	CONSTRAINT "telegram_sessions_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "telegram_sessions_token_key" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "telegram_updates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"update_id" bigint,
	"received_at" timestamp (3) with time zone,
	CONSTRAINT "telegram_updates_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "telegram_updates_update_id_key" UNIQUE("update_id")
);
--> statement-breakpoint
ALTER TABLE "telegram_links" ADD CONSTRAINT "telegram_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "telegram_effect_outbox_pending" ON "telegram_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "telegram_links_active_account_key" ON "telegram_links" USING btree ("telegram_user_id") WHERE "telegram_links"."is_active";--> statement-breakpoint
CREATE UNIQUE INDEX "telegram_links_active_user_key" ON "telegram_links" USING btree ("user_id") WHERE "telegram_links"."is_active";--> statement-breakpoint
CREATE INDEX "telegram_links_account_idx" ON "telegram_links" USING btree ("telegram_user_id");--> statement-breakpoint
CREATE INDEX "telegram_links_user_idx" ON "telegram_links" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "telegram_sessions_account_idx" ON "telegram_sessions" USING btree ("telegram_user_id");--> statement-breakpoint
CREATE INDEX "telegram_sessions_user_idx" ON "telegram_sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "telegram_sessions_expires_idx" ON "telegram_sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "telegram_updates_received_idx" ON "telegram_updates" USING btree ("received_at");