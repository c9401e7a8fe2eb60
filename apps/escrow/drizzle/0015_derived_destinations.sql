CREATE SEQUENCE "public"."derived_destination_index" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "derived_destination_sweeps" (
	"destination_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"tx_hash" text,
	"amount" numeric(78, 0),
	"swept_at" timestamp (3) with time zone,
	CONSTRAINT "derived_destination_sweeps_pkey" PRIMARY KEY("destination_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "derived_destinations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"buyer_id" uuid,
	"seller_ref_kind" text,
	"seller_id" uuid,
	"seller_external_ref" text,
	"seller_ref_form" text,
	"seller_offer_ref_kind" text,
	"seller_offer_id" uuid,
	"seller_offer_external_ref" text,
	"seller_offer_ref_form" text,
	"chain_id" integer,
	"address" text,
	"derivation_index" integer,
	"path" text,
	"status" text,
	"last_balance" numeric(78, 0),
	CONSTRAINT "derived_destinations_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "derived_destinations_seller_ref" CHECK (case "derived_destinations"."seller_ref_kind"
      when 'entity' then "derived_destinations"."seller_id" is not null and "derived_destinations"."seller_external_ref" is null and "derived_destinations"."seller_ref_form" is not null and "derived_destinations"."seller_ref_form" in ('objectId', 'hex')
      when 'template' then "derived_destinations"."seller_id" is null and "derived_destinations"."seller_external_ref" is not null and "derived_destinations"."seller_ref_form" is not null and "derived_destinations"."seller_ref_form" = 'text'
      when 'external' then "derived_destinations"."seller_id" is null and "derived_destinations"."seller_external_ref" is not null and "derived_destinations"."seller_ref_form" is not null and "derived_destinations"."seller_ref_form" = 'text'
      else "derived_destinations"."seller_ref_kind" is null and "derived_destinations"."seller_id" is null and "derived_destinations"."seller_external_ref" is null and "derived_destinations"."seller_ref_form" is null
    end),
	CONSTRAINT "derived_destinations_seller_offer_ref" CHECK (case "derived_destinations"."seller_offer_ref_kind"
      when 'entity' then "derived_destinations"."seller_offer_id" is not null and "derived_destinations"."seller_offer_external_ref" is null and "derived_destinations"."seller_offer_ref_form" is not null and "derived_destinations"."seller_offer_ref_form" in ('objectId', 'hex')
      when 'template' then "derived_destinations"."seller_offer_id" is null and "derived_destinations"."seller_offer_external_ref" is not null and "derived_destinations"."seller_offer_ref_form" is not null and "derived_destinations"."seller_offer_ref_form" = 'text'
      when 'external' then "derived_destinations"."seller_offer_id" is null and "derived_destinations"."seller_offer_external_ref" is not null and "derived_destinations"."seller_offer_ref_form" is not null and "derived_destinations"."seller_offer_ref_form" = 'text'
      else "derived_destinations"."seller_offer_ref_kind" is null and "derived_destinations"."seller_offer_id" is null and "derived_destinations"."seller_offer_external_ref" is null and "derived_destinations"."seller_offer_ref_form" is null
    end),
	CONSTRAINT "derived_destinations_status_known" CHECK ("derived_destinations"."status" in ('allocated', 'funded', 'sweeping', 'swept', 'retired'))
);
--> statement-breakpoint
ALTER TABLE "derived_destination_sweeps" ADD CONSTRAINT "derived_destination_sweeps_destination_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."derived_destinations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "derived_destinations_key" ON "derived_destinations" USING btree ("buyer_id",coalesce("seller_offer_id"::text, "seller_offer_external_ref"),"chain_id");--> statement-breakpoint
CREATE UNIQUE INDEX "derived_destinations_index_key" ON "derived_destinations" USING btree ("derivation_index");--> statement-breakpoint
CREATE UNIQUE INDEX "derived_destinations_address_key" ON "derived_destinations" USING btree ("chain_id",lower("address"));--> statement-breakpoint
CREATE INDEX "derived_destinations_status_idx" ON "derived_destinations" USING btree ("status");