-- Foreign keys of disputes to other units. They stand apart from the table, as in 0006: a move takes them away and puts
-- them back when both units are here. The chat has none: it may be one of another system.
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_purchase_request_id_purchase_requests_fk" FOREIGN KEY ("purchase_request_id") REFERENCES "purchase_requests"("id");
--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_buyer_id_users_fk" FOREIGN KEY ("buyer_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_seller_id_users_fk" FOREIGN KEY ("seller_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_admin_id_users_fk" FOREIGN KEY ("admin_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_opened_by_users_fk" FOREIGN KEY ("opened_by") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_payment_id_payments_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"("id");
