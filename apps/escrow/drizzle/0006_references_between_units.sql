-- Foreign keys between units. A unit that is still on MongoDB has no rows to refer to, so a move takes these away and
-- puts them back when both units are here; that is why they stand apart from the tables.
ALTER TABLE "purchase_requests" ADD CONSTRAINT "purchase_requests_buyer_id_users_fk" FOREIGN KEY ("buyer_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "purchase_requests" ADD CONSTRAINT "purchase_requests_category_id_categories_fk" FOREIGN KEY ("category_id") REFERENCES "categories"("id");
--> statement-breakpoint
ALTER TABLE "purchase_requests" ADD CONSTRAINT "purchase_requests_cancelled_by_users_fk" FOREIGN KEY ("cancelled_by") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "purchase_request_preferred_sellers" ADD CONSTRAINT "purchase_request_preferred_sellers_seller_id_users_fk" FOREIGN KEY ("seller_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "seller_offers" ADD CONSTRAINT "seller_offers_seller_id_users_fk" FOREIGN KEY ("seller_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_buyer_id_users_fk" FOREIGN KEY ("buyer_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_seller_id_users_fk" FOREIGN KEY ("seller_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_purchase_request_id_purchase_requests_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "purchase_requests"("id");
--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_seller_offer_id_seller_offers_fk" FOREIGN KEY ("seller_offer_id") REFERENCES "seller_offers"("id");
--> statement-breakpoint
ALTER TABLE "funds_ledger_entries" ADD CONSTRAINT "funds_ledger_entries_purchase_request_id_purchase_requests_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "purchase_requests"("id");
--> statement-breakpoint
ALTER TABLE "funds_ledger_entries" ADD CONSTRAINT "funds_ledger_entries_created_by_id_users_fk" FOREIGN KEY ("created_by_id") REFERENCES "users"("id");
