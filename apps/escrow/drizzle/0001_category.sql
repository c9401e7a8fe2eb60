CREATE TABLE "categories" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"name" text,
	"name_en" text,
	"description" text,
	"icon" text,
	"is_active" boolean,
	"parent_id" uuid,
	"order" integer,
	CONSTRAINT "categories_legacy_object_id_unique" UNIQUE("legacy_object_id")
);
--> statement-breakpoint
ALTER TABLE "categories" ADD CONSTRAINT "categories_parent_id_categories_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "categories_name_en_key" ON "categories" USING btree ("name_en") WHERE "categories"."name_en" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "categories_active_name_key" ON "categories" USING btree (lower(btrim("name"))) WHERE "categories"."is_active";--> statement-breakpoint
CREATE INDEX "categories_parent_idx" ON "categories" USING btree ("parent_id");