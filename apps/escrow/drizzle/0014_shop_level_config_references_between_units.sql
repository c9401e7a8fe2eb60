-- Foreign keys of shops and settings to people. They stand apart from the tables, as in 0006.
ALTER TABLE "shop_settings" ADD CONSTRAINT "shop_settings_seller_id_users_fk" FOREIGN KEY ("seller_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "config_settings" ADD CONSTRAINT "config_settings_updated_by_users_fk" FOREIGN KEY ("updated_by") REFERENCES "users"("id");
