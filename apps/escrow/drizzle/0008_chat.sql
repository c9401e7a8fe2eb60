CREATE TABLE "chat_effect_inbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"effect_id" uuid NOT NULL,
	"type" text NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "chat_effect_inbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "chat_effect_inbox_effect" UNIQUE("effect_id"),
	CONSTRAINT "chat_effect_inbox_outcome_known" CHECK ("chat_effect_inbox"."outcome" in ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "chat_effect_outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"type" text NOT NULL,
	"key" text NOT NULL,
	"payload" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"attempts" integer NOT NULL,
	"not_before" timestamp (3) with time zone,
	"last_error" text,
	CONSTRAINT "chat_effect_outbox_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "chat_effect_outbox_type_key" UNIQUE("type","key")
);
--> statement-breakpoint
CREATE TABLE "chat_message_attachments" (
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"url" text,
	"name" text,
	"mime" text,
	"size" integer,
	CONSTRAINT "chat_message_attachments_pkey" PRIMARY KEY("chat_id","message_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "chat_message_edits" (
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"content" text,
	"edited_at" timestamp (3) with time zone,
	CONSTRAINT "chat_message_edits_pkey" PRIMARY KEY("chat_id","message_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "chat_message_reactions" (
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"emoji" text,
	"user_ids" uuid[],
	CONSTRAINT "chat_message_reactions_pkey" PRIMARY KEY("chat_id","message_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "chat_message_reads" (
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"extra" jsonb,
	"user_id" uuid,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "chat_message_reads_pkey" PRIMARY KEY("chat_id","message_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "chat_messages" (
	"chat_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"sender_id" uuid,
	"content" text,
	"type" text,
	"sent_at" timestamp (3) with time zone,
	"reply_to" uuid,
	"is_edited" boolean,
	"edited_at" timestamp (3) with time zone,
	"is_deleted" boolean,
	"deleted_at" timestamp (3) with time zone,
	"extra" jsonb,
	CONSTRAINT "chat_messages_pkey" PRIMARY KEY("chat_id","id"),
	CONSTRAINT "chat_messages_seq_key" UNIQUE("chat_id","seq"),
	CONSTRAINT "chat_messages_type_known" CHECK ("chat_messages"."type" in ('text', 'image', 'file', 'system')),
	CONSTRAINT "chat_messages_seq_check" CHECK ("chat_messages"."seq" > 0)
);
--> statement-breakpoint
CREATE TABLE "chat_participants" (
	"chat_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"user_id" uuid,
	"role" text,
	"joined_at" timestamp (3) with time zone,
	"left_at" timestamp (3) with time zone,
	"last_seen" timestamp (3) with time zone,
	"is_active" boolean,
	"last_read_seq" bigint,
	"extra" jsonb,
	CONSTRAINT "chat_participants_pkey" PRIMARY KEY("chat_id","ordinal"),
	CONSTRAINT "chat_participants_role_known" CHECK ("chat_participants"."role" in ('member', 'admin', 'owner'))
);
--> statement-breakpoint
CREATE TABLE "chats" (
	"id" uuid PRIMARY KEY NOT NULL,
	"legacy_object_id" text,
	"doc_version" integer,
	"extra" jsonb,
	"created_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone,
	"type" text,
	"name" text,
	"description" text,
	"direct_key" text,
	"related_type" text,
	"related_ref_kind" text,
	"related_id" uuid,
	"related_external_ref" text,
	"related_ref_form" text,
	"is_archived" boolean,
	"settings" jsonb,
	"metadata" jsonb,
	CONSTRAINT "chats_legacy_object_id_unique" UNIQUE("legacy_object_id"),
	CONSTRAINT "chats_type_known" CHECK ("chats"."type" in ('direct', 'group', 'support')),
	CONSTRAINT "chats_related_type_known" CHECK ("chats"."related_type" in ('PurchaseRequest', 'SellerOffer', 'Transaction')),
	CONSTRAINT "chats_related_ref" CHECK (case "chats"."related_ref_kind"
      when 'entity' then "chats"."related_id" is not null and "chats"."related_external_ref" is null and "chats"."related_ref_form" is not null and "chats"."related_ref_form" in ('objectId', 'hex')
      when 'template' then "chats"."related_id" is null and "chats"."related_external_ref" is not null and "chats"."related_ref_form" is not null and "chats"."related_ref_form" = 'text'
      when 'external' then "chats"."related_id" is null and "chats"."related_external_ref" is not null and "chats"."related_ref_form" is not null and "chats"."related_ref_form" = 'text'
      else "chats"."related_ref_kind" is null and "chats"."related_id" is null and "chats"."related_external_ref" is null and "chats"."related_ref_form" is null
    end)
);
--> statement-breakpoint
ALTER TABLE "chat_message_attachments" ADD CONSTRAINT "chat_message_attachments_message_fk" FOREIGN KEY ("chat_id","message_id") REFERENCES "public"."chat_messages"("chat_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_message_edits" ADD CONSTRAINT "chat_message_edits_message_fk" FOREIGN KEY ("chat_id","message_id") REFERENCES "public"."chat_messages"("chat_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_message_reactions" ADD CONSTRAINT "chat_message_reactions_message_fk" FOREIGN KEY ("chat_id","message_id") REFERENCES "public"."chat_messages"("chat_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_message_reads" ADD CONSTRAINT "chat_message_reads_message_fk" FOREIGN KEY ("chat_id","message_id") REFERENCES "public"."chat_messages"("chat_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_participants" ADD CONSTRAINT "chat_participants_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chat_effect_outbox_pending" ON "chat_effect_outbox" USING btree ("at","id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "chat_messages_sent_at_idx" ON "chat_messages" USING btree ("sent_at");--> statement-breakpoint
CREATE INDEX "chat_participants_user_idx" ON "chat_participants" USING btree ("user_id","chat_id");--> statement-breakpoint
CREATE UNIQUE INDEX "chats_direct_key" ON "chats" USING btree ("direct_key");--> statement-breakpoint
CREATE INDEX "chats_type_idx" ON "chats" USING btree ("type");--> statement-breakpoint
CREATE INDEX "chats_related_idx" ON "chats" USING btree ("related_type","related_id");