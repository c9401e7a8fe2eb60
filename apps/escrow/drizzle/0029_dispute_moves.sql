-- The state machine of disputes, as states.ts lists it (a test compares the two); see 0007 for the function. Ordinary:
-- what a mirror copies has happened.
CREATE TRIGGER "disputes_status_moves" BEFORE UPDATE OF "status" ON "disputes"
  FOR EACH ROW EXECUTE FUNCTION "refuse_unlisted_move"('status',
    'pending>in_progress', 'pending>withdrawn',
    'in_progress>waiting_response', 'in_progress>resolved', 'in_progress>rejected',
    'waiting_response>in_progress', 'waiting_response>resolved', 'waiting_response>rejected',
    'resolved>closed',
    'rejected>closed'
  );
