-- Foreign keys of derived destinations to people and offers. They stand apart from the tables, as in 0006: a move takes
-- them away and puts them back when both units are here.
ALTER TABLE "derived_destinations" ADD CONSTRAINT "derived_destinations_buyer_id_users_fk" FOREIGN KEY ("buyer_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "derived_destinations" ADD CONSTRAINT "derived_destinations_seller_id_users_fk" FOREIGN KEY ("seller_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "derived_destinations" ADD CONSTRAINT "derived_destinations_seller_offer_id_seller_offers_fk" FOREIGN KEY ("seller_offer_id") REFERENCES "seller_offers"("id");
