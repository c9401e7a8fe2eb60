-- State machines, as the domains' states.ts lists them (a test compares the two). Who may make a move is the service's
-- to know; that no other move happens is kept here as well. Ordinary triggers: what a mirror copies has happened.
CREATE FUNCTION "refuse_unlisted_move"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- First argument: the column. The others: its moves as 'from>to'.
  before text := to_jsonb(OLD) ->> TG_ARGV[0];
  after text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  -- Without a word before, an old one may stand in `extra`: the service decides what leads out of it.
  IF before IS NULL OR before IS NOT DISTINCT FROM after THEN
    RETURN NEW;
  END IF;
  IF after IS NULL OR NOT (before || '>' || after) = ANY (TG_ARGV) THEN
    RAISE EXCEPTION '% of % %: no move leads from % to %', TG_ARGV[0], TG_TABLE_NAME, NEW.id, before, coalesce(after, 'nothing')
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "purchase_requests_status_moves" BEFORE UPDATE OF "status" ON "purchase_requests"
  FOR EACH ROW EXECUTE FUNCTION "refuse_unlisted_move"('status',
    'pending_payment>payment', 'pending_payment>cancelled',
    'pending>active', 'pending>received_offers', 'pending>cancelled',
    'active>received_offers', 'active>cancelled',
    'received_offers>in_negotiation', 'received_offers>payment', 'received_offers>cancelled',
    'in_negotiation>payment', 'in_negotiation>cancelled',
    'payment>processing', 'payment>delivery', 'payment>cancelled',
    'processing>delivery', 'processing>cancelled',
    'delivery>delivered', 'delivery>cancelled', 'delivery>completed',
    'delivered>confirming', 'delivered>cancelled', 'delivered>completed',
    'confirming>completed', 'confirming>cancelled',
    'completed>seller_paid'
  );
--> statement-breakpoint
CREATE TRIGGER "seller_offers_status_moves" BEFORE UPDATE OF "status" ON "seller_offers"
  FOR EACH ROW EXECUTE FUNCTION "refuse_unlisted_move"('status',
    'pending>accepted', 'pending>rejected', 'pending>withdrawn',
    'active>accepted', 'active>rejected', 'active>withdrawn',
    'accepted>rejected'
  );
--> statement-breakpoint
CREATE TRIGGER "payments_status_moves" BEFORE UPDATE OF "status" ON "payments"
  FOR EACH ROW EXECUTE FUNCTION "refuse_unlisted_move"('status',
    'pending>processing', 'pending>confirmed', 'pending>failed', 'pending>cancelled', 'pending>expired',
    'processing>confirmed', 'processing>failed', 'processing>cancelled', 'processing>expired',
    'confirmed>completed', 'confirmed>refunded',
    'failed>confirmed',
    'cancelled>confirmed',
    'expired>confirmed'
  );
--> statement-breakpoint
CREATE TRIGGER "payments_escrow_state_moves" BEFORE UPDATE OF "escrow_state" ON "payments"
  FOR EACH ROW EXECUTE FUNCTION "refuse_unlisted_move"('escrow_state',
    'none>funded', 'none>failed', 'none>cancelled',
    'funded>releasable', 'funded>refunding',
    'releasable>releasing', 'releasable>refunding',
    'releasing>released', 'releasing>partial', 'releasing>releasable',
    'released>partial',
    'refunding>refunded', 'refunding>partial', 'refunding>funded', 'refunding>releasable',
    'refunded>partial',
    'partial>releasing', 'partial>refunding',
    'failed>funded',
    'cancelled>funded'
  );
--> statement-breakpoint

-- No bucket of a payment's money falls below zero, where the ledger holds all of it (see ledger-balance.ts). -----------
CREATE FUNCTION "refuse_overdrawn_payment"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  overdrawn text;
BEGIN
  -- Held, so that two entries at once cannot both find the same money there.
  PERFORM FROM payments WHERE id = NEW.payment_id AND ledger_complete FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  WITH movement(kind, taken, given) AS (
    VALUES
      ('payin', NULL, 'available'),
      ('hold', 'available', 'held'),
      ('unhold', 'held', 'available'),
      ('platform_fee', 'available', 'fees'),
      ('aml_fee', 'available', 'fees'),
      ('release_init', 'available', 'releasing'),
      ('release_confirm', 'releasing', 'released'),
      ('release_fail', 'releasing', 'available'),
      ('refund_init', 'available', 'refunding'),
      ('refund_confirm', 'refunding', 'refunded'),
      ('refund_fail', 'refunding', 'available')
  ), entry AS (
    SELECT line.amount, line.kind, line.direction, reversed.kind AS reversed
    FROM funds_ledger_entries line
    LEFT JOIN funds_ledger_entries reversed ON reversed.id = line.reverses_entry_id
    WHERE line.payment_id = NEW.payment_id AND line.currency = NEW.currency
  ), moved AS (
    SELECT amount, taken, given FROM entry JOIN movement USING (kind)
    UNION ALL
    SELECT amount, given, taken FROM entry JOIN movement ON movement.kind = entry.reversed WHERE entry.kind = 'reversal'
    UNION ALL
    SELECT amount, CASE direction WHEN 'debit' THEN 'available' END, CASE direction WHEN 'credit' THEN 'available' END
    FROM entry WHERE kind = 'adjustment'
  ), leg AS (
    SELECT given AS bucket, amount FROM moved
    UNION ALL
    SELECT taken, -amount FROM moved
  )
  SELECT bucket INTO overdrawn FROM leg WHERE bucket IS NOT NULL GROUP BY bucket HAVING sum(amount) < 0 LIMIT 1;
  IF overdrawn IS NOT NULL THEN
    RAISE EXCEPTION 'payment %: % would fall below zero', NEW.payment_id, overdrawn
      USING ERRCODE = 'check_violation', CONSTRAINT = 'funds_ledger_entries_balance';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "funds_ledger_entries_balance" AFTER INSERT ON "funds_ledger_entries"
  FOR EACH ROW WHEN (NEW.payment_id IS NOT NULL) EXECUTE FUNCTION "refuse_overdrawn_payment"();
