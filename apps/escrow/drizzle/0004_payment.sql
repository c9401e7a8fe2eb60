CREATE TABLE "funds_ledger_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"purchase_request_ref_kind" text,
	"purchase_request_id" uuid,
	"purchase_request_external_ref" text,
	"purchase_request_ref_form" text,
	"payment_ref_kind" text,
	"payment_id" uuid,
	"payment_external_ref" text,
	"payment_ref_form" text,
	"kind" text,
	"amount" numeric(38, 18),
	"currency" text,
	"direction" text,
	"chain_id" integer,
	"tx_hash" text,
	"idempotency_key" text,
	"reverses_entry_id" uuid,
	"dispute_id" uuid,
	"request_id" text,
	"actor" text,
	"reason" text,
	"note" text,
	"metadata" jsonb,
	"created_by_ref_kind" text,
	"created_by_id" uuid,
	"created_by_external_ref" text,
	"created_by_ref_form" text,
	CONSTRAINT "funds_ledger_entries_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "funds_ledger_entries_idempotency_key" UNIQUE("idempotency_key"),
	CONSTRAINT "funds_ledger_entries_reverses_key" UNIQUE("reverses_entry_id"),
	CONSTRAINT "funds_ledger_entries_purchase_request_ref" CHECK (case "funds_ledger_entries"."purchase_request_ref_kind"
      when 'entity' then "funds_ledger_entries"."purchase_request_id" is not null and "funds_ledger_entries"."purchase_request_external_ref" is null and "funds_ledger_entries"."purchase_request_ref_form" is not null and "funds_ledger_entries"."purchase_request_ref_form" in ('objectId', 'hex')
      when 'template' then "funds_ledger_entries"."purchase_request_id" is null and "funds_ledger_entries"."purchase_request_external_ref" is not null and "funds_ledger_entries"."purchase_request_ref_form" is not null and "funds_ledger_entries"."purchase_request_ref_form" = 'text'
      when 'external' then "funds_ledger_entries"."purchase_request_id" is null and "funds_ledger_entries"."purchase_request_external_ref" is not null and "funds_ledger_entries"."purchase_request_ref_form" is not null and "funds_ledger_entries"."purchase_request_ref_form" = 'text'
      else "funds_ledger_entries"."purchase_request_ref_kind" is null and "funds_ledger_entries"."purchase_request_id" is null and "funds_ledger_entries"."purchase_request_external_ref" is null and "funds_ledger_entries"."purchase_request_ref_form" is null
    end),
	CONSTRAINT "funds_ledger_entries_payment_ref" CHECK (case "funds_ledger_entries"."payment_ref_kind"
      when 'entity' then "funds_ledger_entries"."payment_id" is not null and "funds_ledger_entries"."payment_external_ref" is null and "funds_ledger_entries"."payment_ref_form" is not null and "funds_ledger_entries"."payment_ref_form" in ('objectId', 'hex')
      when 'template' then "funds_ledger_entries"."payment_id" is null and "funds_ledger_entries"."payment_external_ref" is not null and "funds_ledger_entries"."payment_ref_form" is not null and "funds_ledger_entries"."payment_ref_form" = 'text'
      when 'external' then "funds_ledger_entries"."payment_id" is null and "funds_ledger_entries"."payment_external_ref" is not null and "funds_ledger_entries"."payment_ref_form" is not null and "funds_ledger_entries"."payment_ref_form" = 'text'
      else "funds_ledger_entries"."payment_ref_kind" is null and "funds_ledger_entries"."payment_id" is null and "funds_ledger_entries"."payment_external_ref" is null and "funds_ledger_entries"."payment_ref_form" is null
    end),
	CONSTRAINT "funds_ledger_entries_created_by_ref" CHECK (case "funds_ledger_entries"."created_by_ref_kind"
      when 'entity' then "funds_ledger_entries"."created_by_id" is not null and "funds_ledger_entries"."created_by_external_ref" is null and "funds_ledger_entries"."created_by_ref_form" is not null and "funds_ledger_entries"."created_by_ref_form" in ('objectId', 'hex')
      when 'template' then "funds_ledger_entries"."created_by_id" is null and "funds_ledger_entries"."created_by_external_ref" is not null and "funds_ledger_entries"."created_by_ref_form" is not null and "funds_ledger_entries"."created_by_ref_form" = 'text'
      when 'external' then "funds_ledger_entries"."created_by_id" is null and "funds_ledger_entries"."created_by_external_ref" is not null and "funds_ledger_entries"."created_by_ref_form" is not null and "funds_ledger_entries"."created_by_ref_form" = 'text'
      else "funds_ledger_entries"."created_by_ref_kind" is null and "funds_ledger_entries"."created_by_id" is null and "funds_ledger_entries"."created_by_external_ref" is null and "funds_ledger_entries"."created_by_ref_form" is null
    end),
	CONSTRAINT "funds_ledger_entries_kind_known" CHECK ("funds_ledger_entries"."kind" in ('payin', 'hold', 'unhold', 'platform_fee', 'aml_fee', 'release_init', 'release_confirm', 'release_fail', 'refund_init', 'refund_confirm', 'refund_fail', 'sweep', 'provider_fee', 'gas', 'adjustment', 'reversal')),
	CONSTRAINT "funds_ledger_entries_direction_known" CHECK ("funds_ledger_entries"."direction" in ('credit', 'debit')),
	CONSTRAINT "funds_ledger_entries_amount_check" CHECK ("funds_ledger_entries"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "payment_quotes" (
	"payment_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"amount" numeric(38, 18),
	"currency" text,
	"rate" numeric(38, 18),
	"source" text,
	"price_version" integer,
	"quoted_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	CONSTRAINT "payment_quotes_pkey" PRIMARY KEY("payment_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"purchase_request_ref_kind" text,
	"purchase_request_id" uuid,
	"purchase_request_external_ref" text,
	"purchase_request_ref_form" text,
	"seller_offer_ref_kind" text,
	"seller_offer_id" uuid,
	"seller_offer_external_ref" text,
	"seller_offer_ref_form" text,
	"buyer_id" uuid,
	"seller_ref_kind" text,
	"seller_id" uuid,
	"seller_external_ref" text,
	"seller_ref_form" text,
	"amount" numeric(38, 18),
	"currency" text,
	"provider" text,
	"provider_payment_id" text,
	"direction" text,
	"status" text,
	"escrow_state" text,
	"disputed" boolean,
	"chain_id" integer,
	"token" text,
	"token_decimals" integer,
	"transaction_hash" text,
	"log_index" integer,
	"recipient" text,
	"block_number" numeric(78, 0),
	"block_hash" text,
	"confirmations" integer,
	"blockchain" jsonb,
	"metadata" jsonb,
	"expires_at" timestamp (3) with time zone,
	"confirmed_at" timestamp (3) with time zone,
	"received_amount" numeric(38, 18),
	"matching" text,
	"idempotency_key" text,
	"ledger_complete" boolean,
	"origin" text,
	CONSTRAINT "payments_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "payments_purchase_request_ref" CHECK (case "payments"."purchase_request_ref_kind"
      when 'entity' then "payments"."purchase_request_id" is not null and "payments"."purchase_request_external_ref" is null and "payments"."purchase_request_ref_form" is not null and "payments"."purchase_request_ref_form" in ('objectId', 'hex')
      when 'template' then "payments"."purchase_request_id" is null and "payments"."purchase_request_external_ref" is not null and "payments"."purchase_request_ref_form" is not null and "payments"."purchase_request_ref_form" = 'text'
      when 'external' then "payments"."purchase_request_id" is null and "payments"."purchase_request_external_ref" is not null and "payments"."purchase_request_ref_form" is not null and "payments"."purchase_request_ref_form" = 'text'
      else "payments"."purchase_request_ref_kind" is null and "payments"."purchase_request_id" is null and "payments"."purchase_request_external_ref" is null and "payments"."purchase_request_ref_form" is null
    end),
	CONSTRAINT "payments_seller_offer_ref" CHECK (case "payments"."seller_offer_ref_kind"
      when 'entity' then "payments"."seller_offer_id" is not null and "payments"."seller_offer_external_ref" is null and "payments"."seller_offer_ref_form" is not null and "payments"."seller_offer_ref_form" in ('objectId', 'hex')
      when 'template' then "payments"."seller_offer_id" is null and "payments"."seller_offer_external_ref" is not null and "payments"."seller_offer_ref_form" is not null and "payments"."seller_offer_ref_form" = 'text'
      when 'external' then "payments"."seller_offer_id" is null and "payments"."seller_offer_external_ref" is not null and "payments"."seller_offer_ref_form" is not null and "payments"."seller_offer_ref_form" = 'text'
      else "payments"."seller_offer_ref_kind" is null and "payments"."seller_offer_id" is null and "payments"."seller_offer_external_ref" is null and "payments"."seller_offer_ref_form" is null
    end),
	CONSTRAINT "payments_seller_ref" CHECK (case "payments"."seller_ref_kind"
      when 'entity' then "payments"."seller_id" is not null and "payments"."seller_external_ref" is null and "payments"."seller_ref_form" is not null and "payments"."seller_ref_form" in ('objectId', 'hex')
      when 'template' then "payments"."seller_id" is null and "payments"."seller_external_ref" is not null and "payments"."seller_ref_form" is not null and "payments"."seller_ref_form" = 'text'
      when 'external' then "payments"."seller_id" is null and "payments"."seller_external_ref" is not null and "payments"."seller_ref_form" is not null and "payments"."seller_ref_form" = 'text'
      else "payments"."seller_ref_kind" is null and "payments"."seller_id" is null and "payments"."seller_external_ref" is null and "payments"."seller_ref_form" is null
    end),
	CONSTRAINT "payments_provider_known" CHECK ("payments"."provider" in ('request.network', 'amn.scanner', 'shkeeper', 'escrow', 'other')),
	CONSTRAINT "payments_direction_known" CHECK ("payments"."direction" in ('in', 'out', 'refund')),
	CONSTRAINT "payments_status_known" CHECK ("payments"."status" in ('pending', 'processing', 'confirmed', 'completed', 'failed', 'cancelled', 'expired', 'refunded')),
	CONSTRAINT "payments_escrow_state_known" CHECK ("payments"."escrow_state" in ('none', 'funded', 'releasable', 'releasing', 'released', 'refunding', 'refunded', 'partial', 'failed', 'cancelled')),
	CONSTRAINT "payments_matching_known" CHECK ("payments"."matching" in ('exact', 'under', 'over', 'late', 'unmatched')),
	CONSTRAINT "payments_origin_known" CHECK ("payments"."origin" in ('legacy', 'app'))
);
--> statement-breakpoint
ALTER TABLE "funds_ledger_entries" ADD CONSTRAINT "funds_ledger_entries_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "funds_ledger_entries" ADD CONSTRAINT "funds_ledger_entries_reverses_entry_id_funds_ledger_entries_id_fk" FOREIGN KEY ("reverses_entry_id") REFERENCES "public"."funds_ledger_entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_quotes" ADD CONSTRAINT "payment_quotes_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "funds_ledger_entries_payment_idx" ON "funds_ledger_entries" USING btree ("payment_id","currency");--> statement-breakpoint
CREATE INDEX "funds_ledger_entries_request_idx" ON "funds_ledger_entries" USING btree ("purchase_request_id");--> statement-breakpoint
CREATE INDEX "payments_purchase_request_idx" ON "payments" USING btree ("purchase_request_id");--> statement-breakpoint
CREATE INDEX "payments_buyer_idx" ON "payments" USING btree ("buyer_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "payments_seller_idx" ON "payments" USING btree ("seller_id");--> statement-breakpoint
CREATE INDEX "payments_status_idx" ON "payments" USING btree ("status","currency");--> statement-breakpoint
CREATE INDEX "payments_provider_idx" ON "payments" USING btree ("provider","direction");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_provider_payment_key" ON "payments" USING btree ("provider","provider_payment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_transaction_key" ON "payments" USING btree ("chain_id","transaction_hash",coalesce("log_index", 0)) WHERE "payments"."transaction_hash" is not null and ("payments"."origin" = 'app' or "payments"."ledger_complete");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_open_payin_key" ON "payments" USING btree ("buyer_id",coalesce("purchase_request_id"::text, "purchase_request_external_ref"),coalesce("seller_offer_id"::text, "seller_offer_external_ref")) WHERE "payments"."direction" = 'in' and "payments"."status" in ('pending', 'processing');--> statement-breakpoint
CREATE UNIQUE INDEX "payments_idempotency_key" ON "payments" USING btree ("buyer_id","idempotency_key");