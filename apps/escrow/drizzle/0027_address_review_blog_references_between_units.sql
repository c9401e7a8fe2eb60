-- Foreign keys of addresses, reviews and likes to people and requests. They stand apart from the tables, as in 0006.
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_user_id_users_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_seller_id_users_fk" FOREIGN KEY ("seller_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_reviewer_id_users_fk" FOREIGN KEY ("reviewer_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_purchase_request_id_purchase_requests_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "purchase_requests"("id");
--> statement-breakpoint
ALTER TABLE "blog_likes" ADD CONSTRAINT "blog_likes_user_id_users_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id");
