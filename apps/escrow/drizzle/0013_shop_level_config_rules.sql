-- Points lead to one level: active ranges [min, max) stand apart. A range without an end has none; one that ends before
-- it begins (old rows) is empty. What has no beginning stands in nobody's way: so a row of the past that overlaps lands
-- with its beginning in `extra`.
ALTER TABLE "level_configs" ADD CONSTRAINT "level_configs_ranges_apart" EXCLUDE USING gist (
  int4range("min_points", CASE WHEN "max_points" IS NULL THEN NULL ELSE greatest("min_points", "max_points") END) WITH &&
) WHERE ("is_active" AND "min_points" IS NOT NULL);
--> statement-breakpoint

-- What a setting was before is never changed or removed.
CREATE TRIGGER "config_setting_history_append_only_rows" BEFORE UPDATE OR DELETE ON "config_setting_history"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_append_only"();
--> statement-breakpoint
CREATE TRIGGER "config_setting_history_append_only_truncate" BEFORE TRUNCATE ON "config_setting_history"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_append_only"();
--> statement-breakpoint
ALTER TABLE "config_setting_history" ENABLE ALWAYS TRIGGER "config_setting_history_append_only_rows";
--> statement-breakpoint
ALTER TABLE "config_setting_history" ENABLE ALWAYS TRIGGER "config_setting_history_append_only_truncate";
