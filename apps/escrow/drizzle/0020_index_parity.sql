CREATE INDEX "categories_active_order_idx" ON "categories" USING btree ("is_active","order");--> statement-breakpoint
CREATE INDEX "payments_direction_idx" ON "payments" USING btree ("direction");