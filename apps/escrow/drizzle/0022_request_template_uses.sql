-- Templates are used as often as they allow. Ordinary: old counts above their limit may come over, no use is added to
-- them; and a limit may be set after the uses.
CREATE FUNCTION "refuse_use_past_limit"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'template % was used % times already', NEW.id, OLD.usage_count
    USING ERRCODE = 'check_violation', CONSTRAINT = 'request_templates_usage_limit';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "request_templates_usage_limit" BEFORE UPDATE OF "usage_count" ON "request_templates"
  FOR EACH ROW WHEN (
    NEW.usage_count IS DISTINCT FROM OLD.usage_count AND NEW.usage_count > coalesce(OLD.usage_count, 0)
    AND NEW.max_usage > 0 AND NEW.usage_count > NEW.max_usage
  )
  EXECUTE FUNCTION "refuse_use_past_limit"();
