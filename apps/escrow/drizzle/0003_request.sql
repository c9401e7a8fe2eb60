CREATE TABLE "purchase_request_attachments" (
	"purchase_request_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"url" text,
	"name" text,
	"mime" text,
	"size" integer,
	CONSTRAINT "purchase_request_attachments_pkey" PRIMARY KEY("purchase_request_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "purchase_request_delivery_attempts" (
	"purchase_request_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"code" text,
	"attempted_by" uuid,
	"attempted_at" timestamp (3) with time zone,
	"success" boolean,
	"ip" text,
	CONSTRAINT "purchase_request_delivery_attempts_pkey" PRIMARY KEY("purchase_request_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "purchase_request_preferred_sellers" (
	"purchase_request_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"seller_id" uuid,
	CONSTRAINT "purchase_request_preferred_sellers_pkey" PRIMARY KEY("purchase_request_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "purchase_request_specifications" (
	"purchase_request_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"key" text,
	"value" text,
	"label" text,
	CONSTRAINT "purchase_request_specifications_pkey" PRIMARY KEY("purchase_request_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "purchase_request_status_history" (
	"purchase_request_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"from_status" text,
	"to_status" text,
	"changed_by" uuid,
	"reason" text,
	"changed_at" timestamp (3) with time zone,
	CONSTRAINT "purchase_request_status_history_pkey" PRIMARY KEY("purchase_request_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "purchase_request_tags" (
	"purchase_request_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"tag" text,
	CONSTRAINT "purchase_request_tags_pkey" PRIMARY KEY("purchase_request_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "purchase_request_tracking_events" (
	"purchase_request_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"status" text,
	"description" text,
	"location" text,
	"occurred_at" timestamp (3) with time zone,
	CONSTRAINT "purchase_request_tracking_events_pkey" PRIMARY KEY("purchase_request_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "purchase_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"buyer_id" uuid,
	"title" text,
	"description" text,
	"category_id" uuid,
	"product_type" text,
	"product_link" text,
	"size" text,
	"color" text,
	"brand" text,
	"quantity" integer,
	"budget_min" numeric(38, 18),
	"budget_max" numeric(38, 18),
	"budget_currency" text,
	"urgency" text,
	"status" text,
	"is_public" boolean,
	"selected_offer_id" uuid,
	"shipped_at" timestamp (3) with time zone,
	"delivery_type" text,
	"delivery_address" jsonb,
	"delivery_email" text,
	"delivery_code" text,
	"delivery_code_generated_at" timestamp (3) with time zone,
	"delivery_code_expires_at" timestamp (3) with time zone,
	"delivery_code_used" boolean,
	"delivery_code_used_at" timestamp (3) with time zone,
	"delivery_date" timestamp (3) with time zone,
	"release_hold" boolean,
	"disputed" boolean,
	"service_info" jsonb,
	"tracking" jsonb,
	"template_id" uuid,
	"cancel_reason" text,
	"cancelled_by" uuid,
	"completed_at" timestamp (3) with time zone,
	"inspection_ends_at" timestamp (3) with time zone,
	"inspection_remaining" integer,
	CONSTRAINT "purchase_requests_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "purchase_requests_product_type_known" CHECK ("purchase_requests"."product_type" in ('physical_product', 'digital_product', 'service', 'consultation')),
	CONSTRAINT "purchase_requests_budget_currency_known" CHECK ("purchase_requests"."budget_currency" in ('USD', 'EUR', 'IRR', 'USDT', 'USDC')),
	CONSTRAINT "purchase_requests_urgency_known" CHECK ("purchase_requests"."urgency" in ('low', 'medium', 'high', 'urgent')),
	CONSTRAINT "purchase_requests_status_known" CHECK ("purchase_requests"."status" in ('pending_payment', 'pending', 'active', 'received_offers', 'in_negotiation', 'payment', 'processing', 'delivery', 'delivered', 'confirming', 'completed', 'seller_paid', 'cancelled')),
	CONSTRAINT "purchase_requests_delivery_type_known" CHECK ("purchase_requests"."delivery_type" in ('physical', 'online')),
	CONSTRAINT "purchase_requests_quantity_check" CHECK ("purchase_requests"."quantity" >= 1),
	CONSTRAINT "purchase_requests_budget_min_check" CHECK ("purchase_requests"."budget_min" >= 0),
	CONSTRAINT "purchase_requests_budget_max_check" CHECK ("purchase_requests"."budget_max" >= 0)
);
--> statement-breakpoint
CREATE TABLE "seller_offers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"seller_id" uuid,
	"purchase_request_id" uuid,
	"title" text,
	"description" text,
	"price_amount" numeric(38, 18),
	"price_currency" text,
	"price_version" integer,
	"delivery_time_amount" integer,
	"delivery_time_unit" text,
	"status" text,
	"attachments" text[],
	"notes" text,
	"valid_until" timestamp (3) with time zone,
	"require_aml_check" boolean,
	"aml_block_on_failure" boolean,
	CONSTRAINT "seller_offers_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "seller_offers_price_currency_known" CHECK ("seller_offers"."price_currency" in ('USD', 'EUR', 'IRR', 'USDT', 'USDC', 'TRY')),
	CONSTRAINT "seller_offers_delivery_time_unit_known" CHECK ("seller_offers"."delivery_time_unit" in ('hours', 'days', 'weeks')),
	CONSTRAINT "seller_offers_status_known" CHECK ("seller_offers"."status" in ('pending', 'active', 'accepted', 'rejected', 'withdrawn')),
	CONSTRAINT "seller_offers_price_amount_check" CHECK ("seller_offers"."price_amount" >= 0),
	CONSTRAINT "seller_offers_delivery_time_amount_check" CHECK ("seller_offers"."delivery_time_amount" >= 1)
);
--> statement-breakpoint
ALTER TABLE "purchase_request_attachments" ADD CONSTRAINT "purchase_request_attachments_purchase_request_id_purchase_requests_id_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "public"."purchase_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_request_delivery_attempts" ADD CONSTRAINT "purchase_request_delivery_attempts_purchase_request_id_purchase_requests_id_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "public"."purchase_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_request_preferred_sellers" ADD CONSTRAINT "purchase_request_preferred_sellers_purchase_request_id_purchase_requests_id_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "public"."purchase_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_request_specifications" ADD CONSTRAINT "purchase_request_specifications_purchase_request_id_purchase_requests_id_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "public"."purchase_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_request_status_history" ADD CONSTRAINT "purchase_request_status_history_purchase_request_id_purchase_requests_id_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "public"."purchase_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_request_tags" ADD CONSTRAINT "purchase_request_tags_purchase_request_id_purchase_requests_id_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "public"."purchase_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_request_tracking_events" ADD CONSTRAINT "purchase_request_tracking_events_purchase_request_id_purchase_requests_id_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "public"."purchase_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_requests" ADD CONSTRAINT "purchase_requests_selected_offer_id_seller_offers_id_fk" FOREIGN KEY ("selected_offer_id") REFERENCES "public"."seller_offers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seller_offers" ADD CONSTRAINT "seller_offers_purchase_request_id_purchase_requests_id_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "public"."purchase_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "purchase_request_preferred_sellers_seller_idx" ON "purchase_request_preferred_sellers" USING btree ("seller_id");--> statement-breakpoint
CREATE INDEX "purchase_requests_buyer_idx" ON "purchase_requests" USING btree ("buyer_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "purchase_requests_category_idx" ON "purchase_requests" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "purchase_requests_product_type_idx" ON "purchase_requests" USING btree ("product_type");--> statement-breakpoint
CREATE INDEX "purchase_requests_urgency_idx" ON "purchase_requests" USING btree ("urgency");--> statement-breakpoint
CREATE INDEX "purchase_requests_status_idx" ON "purchase_requests" USING btree ("status","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "purchase_requests_selected_offer_idx" ON "purchase_requests" USING btree ("selected_offer_id");--> statement-breakpoint
CREATE INDEX "seller_offers_seller_idx" ON "seller_offers" USING btree ("seller_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "seller_offers_request_idx" ON "seller_offers" USING btree ("purchase_request_id");--> statement-breakpoint
CREATE INDEX "seller_offers_status_idx" ON "seller_offers" USING btree ("status");--> statement-breakpoint
CREATE INDEX "seller_offers_created_idx" ON "seller_offers" USING btree ("created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "seller_offers_open_per_seller_key" ON "seller_offers" USING btree ("purchase_request_id","seller_id") WHERE "seller_offers"."status" in ('pending', 'active', 'accepted');--> statement-breakpoint
CREATE UNIQUE INDEX "seller_offers_accepted_key" ON "seller_offers" USING btree ("purchase_request_id") WHERE "seller_offers"."status" = 'accepted';