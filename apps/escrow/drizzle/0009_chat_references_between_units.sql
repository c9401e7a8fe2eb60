-- Foreign keys of chats to people. They stand apart from the tables, as in 0006: a move takes them away and puts them
-- back when both units are here. Receipts, reactions and replies have none: they may name people and messages of old
-- that are gone, and nothing is decided on them.
ALTER TABLE "chat_participants" ADD CONSTRAINT "chat_participants_user_id_users_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id");
--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_sender_id_users_fk" FOREIGN KEY ("sender_id") REFERENCES "users"("id");
