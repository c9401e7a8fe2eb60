-- Foreign key of notifications to people. It stands apart from the table, as in 0006: a move takes it away and puts it
-- back when both units are here.
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_users_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id");
