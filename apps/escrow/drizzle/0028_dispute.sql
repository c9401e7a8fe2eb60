CREATE TABLE "dispute_effect_inbox" (
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
	CONSTRAINT "dispute_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "dispute_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "dispute_effect_inbox_outcome_known" CHECK ("dispute_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "dispute_effect_outbox" (
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
	CONSTRAINT "dispute_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "dispute_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "disputes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"purchase_request_id" uuid,
	"buyer_id" uuid,
	"seller_id" uuid,
	"admin_id" uuid,
	"opened_by" uuid,
	"payment_id" uuid,
	"reason" text,
	"description" text,
	"priority" text,
	"category" text,
	"status" text,
	"evidence" jsonb,
	"timeline" jsonb,
	"messages" jsonb,
	"response_deadline" timestamp (3) with time zone,
	"deadline" timestamp (3) with time zone,
	"resolution" jsonb,
	"resolved_at" timestamp (3) with time zone,
	"chat_ref_kind" text,
	"chat_id" uuid,
	"chat_external_ref" text,
	"chat_ref_form" text,
	"origin" text,
	CONSTRAINT "disputes_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "disputes_chat_ref" CHECK (case "disputes"."chat_ref_kind"
      when 'entity' then "disputes"."chat_id" is not null and "disputes"."chat_external_ref" is null and "disputes"."chat_ref_form" is not null and "disputes"."chat_ref_form" in ('objectId', 'hex')
      when 'template' then "disputes"."chat_id" is null and "disputes"."chat_external_ref" is not null and "disputes"."chat_ref_form" is not null and "disputes"."chat_ref_form" = 'text'
      when 'external' then "disputes"."chat_id" is null and "disputes"."chat_external_ref" is not null and "disputes"."chat_ref_form" is not null and "disputes"."chat_ref_form" = 'text'
      else "disputes"."chat_ref_kind" is null and "disputes"."chat_id" is null and "disputes"."chat_external_ref" is null and "disputes"."chat_ref_form" is null
    end),
	CONSTRAINT "disputes_priority_known" CHECK ("disputes"."priority" in ('low', 'medium', 'high', 'urgent')),
	CONSTRAINT "disputes_category_known" CHECK ("disputes"."category" in ('product_quality', 'delivery_delay', 'wrong_item', 'payment_issue', 'seller_behavior', 'other')),
	CONSTRAINT "disputes_status_known" CHECK ("disputes"."status" in ('pending', 'in_progress', 'waiting_response', 'resolved', 'rejected', 'closed', 'withdrawn')),
	CONSTRAINT "disputes_origin_known" CHECK ("disputes"."origin" in ('legacy', 'app'))
);
--> statement-breakpoint
CREATE INDEX "dispute_effect_outbox_pending" ON "dispute_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "disputes_open_key" ON "disputes" USING btree ("purchase_request_id") WHERE "disputes"."status" in ('pending', 'in_progress', 'waiting_response');--> statement-breakpoint
CREATE INDEX "disputes_request_idx" ON "disputes" USING btree ("purchase_request_id");--> statement-breakpoint
CREATE INDEX "disputes_buyer_idx" ON "disputes" USING btree ("buyer_id");--> statement-breakpoint
CREATE INDEX "disputes_seller_idx" ON "disputes" USING btree ("seller_id");--> statement-breakpoint
CREATE INDEX "disputes_admin_idx" ON "disputes" USING btree ("admin_id","status");--> statement-breakpoint
CREATE INDEX "disputes_status_idx" ON "disputes" USING btree ("status","priority");--> statement-breakpoint
CREATE INDEX "disputes_priority_idx" ON "disputes" USING btree ("priority");--> statement-breakpoint
CREATE INDEX "disputes_category_idx" ON "disputes" USING btree ("category");