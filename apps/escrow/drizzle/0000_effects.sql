CREATE TABLE "category_effect_inbox" (
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
	CONSTRAINT "category_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "category_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "category_effect_inbox_outcome_known" CHECK ("category_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "category_effect_outbox" (
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
	CONSTRAINT "category_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "category_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "payment_effect_inbox" (
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
	CONSTRAINT "payment_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "payment_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "payment_effect_inbox_outcome_known" CHECK ("payment_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "payment_effect_outbox" (
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
	CONSTRAINT "payment_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "payment_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "request_effect_inbox" (
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
	CONSTRAINT "request_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "request_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "request_effect_inbox_outcome_known" CHECK ("request_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "request_effect_outbox" (
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
	CONSTRAINT "request_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "request_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "user_effect_inbox" (
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
	CONSTRAINT "user_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "user_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "user_effect_inbox_outcome_known" CHECK ("user_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "user_effect_outbox" (
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
	CONSTRAINT "user_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "user_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE INDEX "category_effect_outbox_pending" ON "category_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "payment_effect_outbox_pending" ON "payment_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "request_effect_outbox_pending" ON "request_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "user_effect_outbox_pending" ON "user_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;