-- Foreign keys of Trezor accounts to people and payments. They stand apart from the tables, as in 0006: a move takes them
-- away and puts them back when both units are here.
ALTER TABLE "trezor_accounts" ADD CONSTRAINT "trezor_accounts_user_id_users_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "trezor_addresses" ADD CONSTRAINT "trezor_addresses_payment_id_payments_fk" FOREIGN KEY ("payment_id") REFERENCES "payments"("id");
