-- What was settled is written once, by the event that tells of it, with that event's amount. The guard that held this
-- went with the statement trigger of which it was a part; here it asks only of a row whose settled amount changes.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
CREATE FUNCTION payment_is_settled_once() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF OLD.reconciled IS NOT NULL OR NOT EXISTS (
    SELECT FROM events e
    WHERE e.payment_id = NEW.id AND e.seq > OLD.version AND e.seq <= NEW.version
      AND e.trigger IN ('reconcile', 'settled') AND e.amount = NEW.reconciled) THEN
    RAISE EXCEPTION 'what was settled of payment % is not what its log says, or was settled before', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_settled_once', TABLE = 'payments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER payments_settled_once AFTER UPDATE ON payments
  FOR EACH ROW WHEN (OLD.reconciled IS DISTINCT FROM NEW.reconciled) EXECUTE FUNCTION payment_is_settled_once();
