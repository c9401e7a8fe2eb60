-- What a CHECK cannot say. Triggers of the ENABLE ALWAYS kind also bind whoever writes as replication does.

-- Append-only tables: corrections are new rows. ---------------------------------------------------------------------
CREATE FUNCTION "refuse_change_of_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of %: its rows are never changed or removed, add a correcting one', lower(TG_OP), TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "point_transactions_append_only_rows" BEFORE UPDATE OR DELETE ON "point_transactions"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_append_only"();
--> statement-breakpoint
CREATE TRIGGER "point_transactions_append_only_truncate" BEFORE TRUNCATE ON "point_transactions"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_append_only"();
--> statement-breakpoint
ALTER TABLE "point_transactions" ENABLE ALWAYS TRIGGER "point_transactions_append_only_rows";
--> statement-breakpoint
ALTER TABLE "point_transactions" ENABLE ALWAYS TRIGGER "point_transactions_append_only_truncate";
--> statement-breakpoint
CREATE TRIGGER "funds_ledger_entries_append_only_rows" BEFORE UPDATE OR DELETE ON "funds_ledger_entries"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_append_only"();
--> statement-breakpoint
CREATE TRIGGER "funds_ledger_entries_append_only_truncate" BEFORE TRUNCATE ON "funds_ledger_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_append_only"();
--> statement-breakpoint
ALTER TABLE "funds_ledger_entries" ENABLE ALWAYS TRIGGER "funds_ledger_entries_append_only_rows";
--> statement-breakpoint
ALTER TABLE "funds_ledger_entries" ENABLE ALWAYS TRIGGER "funds_ledger_entries_append_only_truncate";
--> statement-breakpoint

-- Categories are a tree. Ordinary: old circles may come over, new ones are not made. ---------------------------------
CREATE FUNCTION "refuse_category_circle"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Two moves at once could close a circle that neither sees, so the tree changes one move at a time.
  PERFORM pg_advisory_xact_lock(hashtextextended('categories.tree', 0));
  IF EXISTS (
    WITH RECURSIVE above(id, parent_id) AS (
      SELECT id, parent_id FROM categories WHERE id = NEW.parent_id
      UNION
      SELECT parent.id, parent.parent_id FROM above JOIN categories parent ON parent.id = above.parent_id
    )
    SELECT FROM above WHERE id = NEW.id
  ) OR NEW.parent_id = NEW.id THEN
    RAISE EXCEPTION 'category % would stand under itself', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_no_circle';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "categories_no_circle" BEFORE INSERT OR UPDATE OF "parent_id" ON "categories"
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION "refuse_category_circle"();
