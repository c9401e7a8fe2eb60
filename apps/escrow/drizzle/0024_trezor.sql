CREATE TABLE "trezor_effect_inbox" (
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
	CONSTRAINT "trezor_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "trezor_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "trezor_effect_inbox_outcome_known" CHECK ("trezor_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "trezor_effect_outbox" (
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
	CONSTRAINT "trezor_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "trezor_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "trezor_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"user_id" uuid,
	"xpub" text,
	"xpub_fingerprint" text,
	"base_path" text,
	"registration_address" text,
	"next_address_index" integer,
	"device_label" text,
	"is_active" boolean,
	"origin" text,
	CONSTRAINT "trezor_accounts_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "trezor_accounts_origin_known" CHECK ("trezor_accounts"."origin" in ('legacy', 'app'))
);
--> statement-breakpoint
CREATE TABLE "trezor_addresses" (
	"account_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"address_index" integer,
	"address" text,
	"path" text,
	"purpose" text,
	"payment_id" uuid,
	"issued_at" timestamp (3) with time zone,
	CONSTRAINT "trezor_addresses_pkey" PRIMARY KEY("account_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "trezor_addresses" ADD CONSTRAINT "trezor_addresses_account_id_trezor_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."trezor_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "trezor_effect_outbox_pending" ON "trezor_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "trezor_accounts_active_key" ON "trezor_accounts" USING btree ("user_id") WHERE "trezor_accounts"."is_active";--> statement-breakpoint
CREATE INDEX "trezor_accounts_user_idx" ON "trezor_accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "trezor_accounts_xpub_idx" ON "trezor_accounts" USING btree ("xpub");--> statement-breakpoint
CREATE UNIQUE INDEX "trezor_addresses_index_key" ON "trezor_addresses" USING btree ("account_id","address_index");--> statement-breakpoint
CREATE UNIQUE INDEX "trezor_addresses_address_key" ON "trezor_addresses" USING btree (lower("address"));--> statement-breakpoint
CREATE UNIQUE INDEX "trezor_addresses_payment_key" ON "trezor_addresses" USING btree ("payment_id");