CREATE TABLE "address_effect_inbox" (
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
	CONSTRAINT "address_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "address_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "address_effect_inbox_outcome_known" CHECK ("address_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "address_effect_outbox" (
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
	CONSTRAINT "address_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "address_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "blog_effect_inbox" (
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
	CONSTRAINT "blog_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "blog_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "blog_effect_inbox_outcome_known" CHECK ("blog_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "blog_effect_outbox" (
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
	CONSTRAINT "blog_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "blog_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "review_effect_inbox" (
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
	CONSTRAINT "review_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "review_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "review_effect_inbox_outcome_known" CHECK ("review_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "review_effect_outbox" (
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
	CONSTRAINT "review_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "review_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "addresses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"user_id" uuid,
	"name" text,
	"phone_number" text,
	"full_address" text,
	"city" text,
	"state" text,
	"country" text,
	"zip_code" text,
	"address_type" text,
	"is_primary" boolean,
	CONSTRAINT "addresses_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "addresses_address_type_known" CHECK ("addresses"."address_type" in ('Home', 'Office', 'Other'))
);
--> statement-breakpoint
CREATE TABLE "blog_likes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"user_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	CONSTRAINT "blog_likes_legacy_object_id_unique" UNIQUE("legacy_object_id")
);
--> statement-breakpoint
CREATE TABLE "blog_posts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"title" text,
	"slug" text,
	"description" text,
	"content" text,
	"cover_image" text,
	"images" text[],
	"videos" jsonb,
	"author" jsonb,
	"category" text,
	"tags" text[],
	"status" text,
	"published_at" timestamp (3) with time zone,
	"views" integer,
	"likes" integer,
	"comments" integer,
	"read_time" integer,
	"featured" boolean,
	"seo" jsonb,
	CONSTRAINT "blog_posts_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "blog_posts_category_known" CHECK ("blog_posts"."category" in ('tutorial', 'news', 'guide', 'tips', 'announcement', 'other')),
	CONSTRAINT "blog_posts_status_known" CHECK ("blog_posts"."status" in ('draft', 'published', 'archived'))
);
--> statement-breakpoint
CREATE TABLE "reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"subject_type" text,
	"subject_id" uuid,
	"seller_id" uuid,
	"reviewer_id" uuid,
	"rating" integer,
	"comment" text,
	"is_verified_buyer" boolean,
	"purchase_request_id" uuid,
	"status" text,
	CONSTRAINT "reviews_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "reviews_subject_type_known" CHECK ("reviews"."subject_type" in ('seller', 'template')),
	CONSTRAINT "reviews_status_known" CHECK ("reviews"."status" in ('published', 'pending', 'rejected')),
	CONSTRAINT "reviews_rating_check" CHECK ("reviews"."rating" between 1 and 5)
);
--> statement-breakpoint
ALTER TABLE "blog_likes" ADD CONSTRAINT "blog_likes_post_id_blog_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."blog_posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "address_effect_outbox_pending" ON "address_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "blog_effect_outbox_pending" ON "blog_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "review_effect_outbox_pending" ON "review_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "addresses_user_idx" ON "addresses" USING btree ("user_id","is_primary" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "addresses_primary_key" ON "addresses" USING btree ("user_id") WHERE "addresses"."is_primary";--> statement-breakpoint
CREATE UNIQUE INDEX "blog_likes_user_post_key" ON "blog_likes" USING btree ("user_id","post_id");--> statement-breakpoint
CREATE INDEX "blog_likes_post_idx" ON "blog_likes" USING btree ("post_id");--> statement-breakpoint
CREATE UNIQUE INDEX "blog_posts_slug_key" ON "blog_posts" USING btree ("slug") WHERE "blog_posts"."slug" <> '';--> statement-breakpoint
CREATE INDEX "blog_posts_kept_slug_idx" ON "blog_posts" USING btree (("extra" #>> '{slug,value}')) WHERE "blog_posts"."slug" is null;--> statement-breakpoint
CREATE INDEX "blog_posts_published_idx" ON "blog_posts" USING btree ("status","published_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "blog_posts_category_idx" ON "blog_posts" USING btree ("category","status","published_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "blog_posts_featured_idx" ON "blog_posts" USING btree ("status","published_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "blog_posts"."featured";--> statement-breakpoint
CREATE INDEX "blog_posts_tags_idx" ON "blog_posts" USING gin ("tags");--> statement-breakpoint
CREATE UNIQUE INDEX "reviews_subject_reviewer_key" ON "reviews" USING btree ("subject_type","subject_id","reviewer_id");--> statement-breakpoint
CREATE INDEX "reviews_published_idx" ON "reviews" USING btree ("subject_type","subject_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "reviews"."status" = 'published';--> statement-breakpoint
CREATE INDEX "reviews_seller_idx" ON "reviews" USING btree ("seller_id");--> statement-breakpoint
CREATE INDEX "reviews_reviewer_idx" ON "reviews" USING btree ("reviewer_id");