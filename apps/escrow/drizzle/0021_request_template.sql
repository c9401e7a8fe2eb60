CREATE TABLE "request_template_specifications" (
	"template_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"key" text,
	"value" text,
	"label" text,
	CONSTRAINT "request_template_specifications_pkey" PRIMARY KEY("template_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "request_templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"seller_id" uuid,
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
	"delivery_type" text,
	"delivery_notes" text,
	"delivery_email" text,
	"shareable_link" text,
	"proposal" text,
	"is_active" boolean,
	"usage_count" integer,
	"max_usage" integer,
	"expires_at" timestamp (3) with time zone,
	"use_shop_default" boolean,
	"tags" text[],
	"images" text[],
	"attachments" text[],
	"allowed_chains" integer[],
	"allowed_tokens" text[],
	CONSTRAINT "request_templates_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "request_templates_product_type_known" CHECK ("request_templates"."product_type" in ('physical_product', 'digital_product', 'service', 'consultation')),
	CONSTRAINT "request_templates_budget_currency_known" CHECK ("request_templates"."budget_currency" in ('USD', 'EUR', 'IRR', 'USDT', 'USDC')),
	CONSTRAINT "request_templates_urgency_known" CHECK ("request_templates"."urgency" in ('low', 'medium', 'high', 'urgent')),
	CONSTRAINT "request_templates_delivery_type_known" CHECK ("request_templates"."delivery_type" in ('physical', 'online')),
	CONSTRAINT "request_templates_quantity_check" CHECK ("request_templates"."quantity" >= 1),
	CONSTRAINT "request_templates_budget_min_check" CHECK ("request_templates"."budget_min" >= 0),
	CONSTRAINT "request_templates_budget_max_check" CHECK ("request_templates"."budget_max" >= 0),
	CONSTRAINT "request_templates_usage_count_check" CHECK ("request_templates"."usage_count" >= 0)
);
--> statement-breakpoint
ALTER TABLE "request_template_specifications" ADD CONSTRAINT "request_template_specifications_template_id_request_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."request_templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "request_templates_link_key" ON "request_templates" USING btree ("shareable_link");--> statement-breakpoint
CREATE INDEX "request_templates_seller_idx" ON "request_templates" USING btree ("seller_id","category_id","product_type");--> statement-breakpoint
CREATE INDEX "request_templates_open_idx" ON "request_templates" USING btree ("seller_id") WHERE "request_templates"."is_active";--> statement-breakpoint
ALTER TABLE "purchase_requests" ADD CONSTRAINT "purchase_requests_template_id_request_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."request_templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "purchase_requests_template_idx" ON "purchase_requests" USING btree ("template_id");