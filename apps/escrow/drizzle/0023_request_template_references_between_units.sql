-- Foreign keys of templates to other units. They stand apart from the table, as in 0006: a move takes them away and
-- puts them back when both units are here.
ALTER TABLE "request_templates" ADD CONSTRAINT "request_templates_seller_id_users_fk" FOREIGN KEY ("seller_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "request_templates" ADD CONSTRAINT "request_templates_category_id_categories_fk" FOREIGN KEY ("category_id") REFERENCES "categories"("id");
