-- The moves of purchase requests with an administrator's overrides, as states.ts lists them (a test compares the two);
-- see 0007 for the function. Nothing overrides a state in which there is money. Ordinary: what a mirror copies has
-- happened.
DROP TRIGGER "purchase_requests_status_moves" ON "purchase_requests";
--> statement-breakpoint
CREATE TRIGGER "purchase_requests_status_moves" BEFORE UPDATE OF "status" ON "purchase_requests"
  FOR EACH ROW EXECUTE FUNCTION "refuse_unlisted_move"('status',
    'pending_payment>payment', 'pending_payment>cancelled',
    'pending>active', 'pending>received_offers', 'pending>cancelled',
    'active>pending', 'active>received_offers', 'active>cancelled',
    'received_offers>in_negotiation', 'received_offers>payment', 'received_offers>cancelled',
    'in_negotiation>received_offers', 'in_negotiation>payment', 'in_negotiation>cancelled',
    'payment>processing', 'payment>delivery', 'payment>cancelled',
    'processing>delivery', 'processing>cancelled',
    'delivery>delivered', 'delivery>cancelled', 'delivery>completed',
    'delivered>confirming', 'delivered>cancelled', 'delivered>completed',
    'confirming>completed', 'confirming>cancelled',
    'completed>seller_paid'
  );
