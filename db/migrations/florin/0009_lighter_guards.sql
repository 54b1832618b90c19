-- What the guards of `payments` cost where there is nothing to guard: three triggers for each commit looked through all
-- of its rows for those few that end or are born judged, and the rows as they were were gone through once for each row
-- as it is. A condition on the row is asked where the row is written, for next to nothing; what it lets through is
-- looked at as before, at the end of the statement, and refused in the same words.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
CREATE FUNCTION payment_did_not_move_on() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'payment % changed without an event of its own', NEW.id
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_have_their_event', TABLE = 'payments';
END $$;
--> statement-breakpoint
CREATE TRIGGER payments_move_on AFTER UPDATE ON payments
  FOR EACH ROW WHEN (NEW.version <= OLD.version OR NEW.id <> OLD.id) EXECUTE FUNCTION payment_did_not_move_on();
--> statement-breakpoint
DROP TRIGGER payments_have_their_event ON payments;
--> statement-breakpoint
CREATE TRIGGER payments_have_their_event AFTER UPDATE ON payments
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION payments_end_where_their_log_ends();
--> statement-breakpoint
DROP FUNCTION payments_move_with_their_log();
--> statement-breakpoint
CREATE FUNCTION payment_ends_with_all_closed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE unanswered uuid;
BEGIN
  SELECT o.id INTO unanswered FROM operations o
  WHERE o.payment_id = NEW.id AND o.closed_at IS NULL AND (o.against IS NULL OR o.kind = 'cancel')
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'payment % ends while operation % has no answer', NEW.id, unanswered
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_end_closed', TABLE = 'payments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
DROP TRIGGER payments_end_closed_when_made ON payments;
--> statement-breakpoint
CREATE TRIGGER payments_end_closed_when_made AFTER INSERT ON payments
  FOR EACH ROW WHEN (NOT NEW.live) EXECUTE FUNCTION payment_ends_with_all_closed();
--> statement-breakpoint
DROP TRIGGER payments_end_closed ON payments;
--> statement-breakpoint
CREATE TRIGGER payments_end_closed AFTER UPDATE ON payments
  FOR EACH ROW WHEN (OLD.live AND NOT NEW.live) EXECUTE FUNCTION payment_ends_with_all_closed();
--> statement-breakpoint
DROP FUNCTION payments_end_with_all_closed();
--> statement-breakpoint
CREATE FUNCTION payment_goes_by_its_verdict() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE verdict record;
BEGIN
  SELECT v.payment_id, v.decision INTO verdict FROM risk_verdicts v WHERE v.id = NEW.verdict_id;
  IF verdict.payment_id IS DISTINCT FROM NEW.id
    OR NEW.state <> 'failed'
      AND (verdict.decision = 'reject' OR (verdict.decision = 'review') <> (NEW.review IS NOT NULL)) THEN
    RAISE EXCEPTION 'payment % has no approving verdict of its own', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_verdict', TABLE = 'payments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- A payment is mostly born before anybody judges it. Moves come with a verdict in every batch: one look for all.
DROP TRIGGER payments_verdict_when_made ON payments;
--> statement-breakpoint
CREATE TRIGGER payments_verdict_when_made AFTER INSERT ON payments
  FOR EACH ROW WHEN (NEW.verdict_id IS NOT NULL) EXECUTE FUNCTION payment_goes_by_its_verdict();
--> statement-breakpoint
-- Where the answer is claimed with its key, the row is as long as it will ever be: two or three to a page, with room
-- for the answers of those that wait.
ALTER TABLE idempotency_keys SET (fillfactor = 50);
