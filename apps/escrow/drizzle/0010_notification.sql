CREATE TABLE "notification_effect_inbox" (
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
	CONSTRAINT "notification_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "notification_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "notification_effect_inbox_outcome_known" CHECK ("notification_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "notification_effect_outbox" (
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
	CONSTRAINT "notification_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "notification_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"user_id" uuid,
	"title" text,
	"message" text,
	"type" text,
	"category" text,
	"related_id" text,
	"metadata" jsonb,
	"action_url" text,
	"is_read" boolean,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "notifications_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "notifications_type_known" CHECK ("notifications"."type" in ('info', 'success', 'warning', 'error')),
	CONSTRAINT "notifications_category_known" CHECK ("notifications"."category" in ('purchase_request', 'offer', 'payment', 'delivery', 'system'))
);
--> statement-breakpoint
CREATE INDEX "notification_effect_outbox_pending" ON "notification_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "notifications_user_idx" ON "notifications" USING btree ("user_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "notifications_user_category_idx" ON "notifications" USING btree ("user_id","category");--> statement-breakpoint
CREATE INDEX "notifications_unread_idx" ON "notifications" USING btree ("user_id","category") WHERE "notifications"."is_read" is not true;--> statement-breakpoint
CREATE INDEX "notifications_related_idx" ON "notifications" USING btree ("related_id");--> statement-breakpoint
CREATE INDEX "notifications_created_idx" ON "notifications" USING btree ("created_at");