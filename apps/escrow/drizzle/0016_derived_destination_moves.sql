-- The state machine of derived destinations, as destination/states.ts lists it (a test compares the two).
CREATE TRIGGER "derived_destinations_status_moves" BEFORE UPDATE OF "status" ON "derived_destinations"
  FOR EACH ROW EXECUTE FUNCTION "refuse_unlisted_move"('status',
    'allocated>funded', 'allocated>retired',
    'funded>sweeping',
    'sweeping>swept', 'sweeping>funded',
    'swept>funded', 'swept>retired'
  );
