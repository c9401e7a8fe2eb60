CREATE TABLE "user_passkeys" (
	"user_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"credential_id" text,
	"public_key" text,
	"counter" bigint,
	"transports" text[],
	"extra" jsonb,
	CONSTRAINT "user_passkeys_user_id_ordinal_pk" PRIMARY KEY("user_id","ordinal"),
	CONSTRAINT "user_passkeys_ordinal_from_zero" CHECK ("user_passkeys"."ordinal" >= 0)
);
--> statement-breakpoint
CREATE TABLE "user_refresh_tokens" (
	"user_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"token_hash" text,
	"family" text,
	"used_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"user_agent" text,
	"extra" jsonb,
	CONSTRAINT "user_refresh_tokens_user_id_ordinal_pk" PRIMARY KEY("user_id","ordinal"),
	CONSTRAINT "user_refresh_tokens_ordinal_from_zero" CHECK ("user_refresh_tokens"."ordinal" >= 0)
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"email" text,
	"password" text,
	"first_name" text,
	"last_name" text,
	"role" text,
	"is_email_verified" boolean,
	"auth_provider" text,
	"telegram_verified" boolean,
	"status" text,
	"referral_code" text,
	"referred_by" uuid,
	"points_total" integer,
	"points_available" integer,
	"points_used" integer,
	"points_level" integer,
	"total_referrals" integer,
	"active_referrals" integer,
	"referral_earned" integer,
	"avatar" text,
	"phone" text,
	"bio" text,
	"website" text,
	"is_public" boolean,
	"wallet_proof_verified" boolean,
	"wallet_proof_timestamp" timestamp (3) with time zone,
	"preferences" jsonb,
	"wallet_address" text,
	"wallet_chain_id" integer,
	"email_verification_token" text,
	"email_verification_code" text,
	"email_verification_code_expires" timestamp (3) with time zone,
	"password_reset_token" text,
	"password_reset_expires" timestamp (3) with time zone,
	"password_reset_code" text,
	"password_reset_code_expires" timestamp (3) with time zone,
	"last_login_at" timestamp (3) with time zone,
	"failed_logins" integer,
	CONSTRAINT "users_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "users_role_known" CHECK ("users"."role" in ('admin', 'buyer', 'seller', 'resolver', 'guard')),
	CONSTRAINT "users_status_known" CHECK ("users"."status" in ('active', 'suspended', 'deleted')),
	CONSTRAINT "users_auth_provider_known" CHECK ("users"."auth_provider" in ('email', 'google', 'telegram'))
);
--> statement-breakpoint
CREATE TABLE "temp_verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"email" text,
	"password" text,
	"first_name" text,
	"last_name" text,
	"role" text,
	"referral_code" text,
	"email_verification_code" text,
	"email_verification_code_expires" timestamp (3) with time zone,
	"attempts" integer,
	CONSTRAINT "temp_verifications_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "temp_verifications_email_key" UNIQUE("email"),
	CONSTRAINT "temp_verifications_role_known" CHECK ("temp_verifications"."role" in ('buyer', 'seller'))
);
--> statement-breakpoint
CREATE TABLE "point_transactions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"user_id" uuid,
	"type" text,
	"source" text,
	"amount" integer,
	"balance" integer,
	"order_ref_kind" text,
	"order_id" uuid,
	"order_external_ref" text,
	"order_ref_form" text,
	"referred_user" uuid,
	"description" text,
	"metadata" jsonb,
	"expires_at" timestamp (3) with time zone,
	"origin" text,
	CONSTRAINT "point_transactions_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "point_transactions_type_known" CHECK ("point_transactions"."type" in ('earn', 'spend', 'expire')),
	CONSTRAINT "point_transactions_source_known" CHECK ("point_transactions"."source" in ('purchase', 'referral', 'bonus', 'admin', 'redemption')),
	CONSTRAINT "point_transactions_origin_known" CHECK ("point_transactions"."origin" in ('legacy', 'app')),
	CONSTRAINT "point_transactions_order_ref" CHECK (case "point_transactions"."order_ref_kind"
      when 'entity' then "point_transactions"."order_id" is not null and "point_transactions"."order_external_ref" is null and "point_transactions"."order_ref_form" is not null and "point_transactions"."order_ref_form" in ('objectId', 'hex')
      when 'template' then "point_transactions"."order_id" is null and "point_transactions"."order_external_ref" is not null and "point_transactions"."order_ref_form" is not null and "point_transactions"."order_ref_form" = 'text'
      when 'external' then "point_transactions"."order_id" is null and "point_transactions"."order_external_ref" is not null and "point_transactions"."order_ref_form" is not null and "point_transactions"."order_ref_form" = 'text'
      else "point_transactions"."order_ref_kind" is null and "point_transactions"."order_id" is null and "point_transactions"."order_external_ref" is null and "point_transactions"."order_ref_form" is null
    end)
);
--> statement-breakpoint
ALTER TABLE "user_passkeys" ADD CONSTRAINT "user_passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_refresh_tokens" ADD CONSTRAINT "user_refresh_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_referred_by_users_id_fk" FOREIGN KEY ("referred_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "point_transactions" ADD CONSTRAINT "point_transactions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "point_transactions" ADD CONSTRAINT "point_transactions_referred_user_users_id_fk" FOREIGN KEY ("referred_user") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "user_passkeys_credential_key" ON "user_passkeys" USING btree ("credential_id") WHERE "user_passkeys"."credential_id" is not null;--> statement-breakpoint
CREATE INDEX "user_refresh_tokens_hash_idx" ON "user_refresh_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree (lower("email")) WHERE "users"."email" is not null;--> statement-breakpoint
CREATE INDEX "users_kept_email_idx" ON "users" USING btree (("extra" #>> '{email,value}')) WHERE "users"."email" is null and "users"."extra" is not null;--> statement-breakpoint
CREATE INDEX "users_kept_tokens_idx" ON "users" USING gin (("extra" #> '{refreshTokens,value}')) WHERE "users"."extra" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "users_referral_code_key" ON "users" USING btree ("referral_code") WHERE "users"."referral_code" is not null;--> statement-breakpoint
CREATE INDEX "users_referred_by_idx" ON "users" USING btree ("referred_by");--> statement-breakpoint
CREATE INDEX "users_role_idx" ON "users" USING btree ("role");--> statement-breakpoint
CREATE INDEX "temp_verifications_expires_idx" ON "temp_verifications" USING btree ("email_verification_code_expires");--> statement-breakpoint
CREATE UNIQUE INDEX "point_transactions_one_earn_per_order" ON "point_transactions" USING btree ("source","order_id") WHERE "point_transactions"."type" = 'earn' and "point_transactions"."origin" = 'app' and "point_transactions"."order_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "point_transactions_one_referral_earn" ON "point_transactions" USING btree ("referred_user") WHERE "point_transactions"."type" = 'earn' and "point_transactions"."source" = 'referral' and "point_transactions"."origin" = 'app';--> statement-breakpoint
CREATE INDEX "point_transactions_user_idx" ON "point_transactions" USING btree ("user_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "point_transactions_user_type_idx" ON "point_transactions" USING btree ("user_id","type");--> statement-breakpoint
CREATE INDEX "point_transactions_user_source_idx" ON "point_transactions" USING btree ("user_id","source");--> statement-breakpoint
CREATE INDEX "point_transactions_expires_idx" ON "point_transactions" USING btree ("expires_at") WHERE "point_transactions"."expires_at" is not null;