-- Foreign key of Telegram sessions to people. It stands apart from the table, as in 0006: a move takes it away and puts
-- it back when both units are here.
ALTER TABLE "telegram_sessions" ADD CONSTRAINT "telegram_sessions_user_id_users_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id");
