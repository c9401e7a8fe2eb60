CREATE TABLE "config_effect_inbox" (
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
	CONSTRAINT "config_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "config_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "config_effect_inbox_outcome_known" CHECK ("config_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "config_effect_outbox" (
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
	CONSTRAINT "config_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "config_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "level_effect_inbox" (
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
	CONSTRAINT "level_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "level_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "level_effect_inbox_outcome_known" CHECK ("level_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "level_effect_outbox" (
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
	CONSTRAINT "level_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "level_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "shop_effect_inbox" (
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
	CONSTRAINT "shop_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "shop_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "shop_effect_inbox_outcome_known" CHECK ("shop_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "shop_effect_outbox" (
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
	CONSTRAINT "shop_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "shop_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "config_setting_history" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"key" text,
	"old_value" jsonb,
	"new_value" jsonb,
	"changed_by" uuid,
	"reason" text,
	"changed_at" timestamp (3) with time zone,
	CONSTRAINT "config_setting_history_legacy_object_id_unique" UNIQUE("legacy_object_id")
);
--> statement-breakpoint
CREATE TABLE "config_settings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"key" text,
	"value" jsonb,
	"type" text,
	"description" text,
	"updated_by" uuid,
	CONSTRAINT "config_settings_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "config_settings_key_key" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "shop_settings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"seller_id" uuid,
	"name" text,
	"description" text,
	"avatar" text,
	"cover_image" text,
	"is_public" boolean,
	"allow_seller_reviews" boolean,
	"allow_template_reviews" boolean,
	"social_links" jsonb,
	"allowed_chains" integer[],
	"allowed_tokens" text[],
	CONSTRAINT "shop_settings_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "shop_settings_seller_key" UNIQUE("seller_id"),
	CONSTRAINT "shop_settings_allowed_chains_known" CHECK (array_remove("shop_settings"."allowed_chains", null) <@ array[1, 56, 97, 137, 8453, 42161, 728126428]),
	CONSTRAINT "shop_settings_allowed_tokens_known" CHECK (array_remove("shop_settings"."allowed_tokens", null) <@ array['USDC', 'USDT'])
);
--> statement-breakpoint
CREATE TABLE "level_configs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"level" integer,
	"name" text,
	"name_en" text,
	"min_points" integer,
	"max_points" integer,
	"benefits" jsonb,
	"icon" text,
	"color" text,
	"order" integer,
	"is_active" boolean,
	CONSTRAINT "level_configs_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "level_configs_level_key" UNIQUE("level")
);
--> statement-breakpoint
CREATE INDEX "config_effect_outbox_pending" ON "config_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "level_effect_outbox_pending" ON "level_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "shop_effect_outbox_pending" ON "shop_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "config_setting_history_key_idx" ON "config_setting_history" USING btree ("key","changed_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "level_configs_active_min_points_key" ON "level_configs" USING btree ("min_points") WHERE "level_configs"."is_active";--> statement-breakpoint
CREATE INDEX "level_configs_order_idx" ON "level_configs" USING btree ("is_active","order");