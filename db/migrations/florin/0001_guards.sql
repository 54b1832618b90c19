-- Invariant 2: the log of a payment is one unbroken path and ends in the payment's state and version.
-- Two statement-level triggers over transition tables. Chained foreign keys would cost 7 to 45 % and leave a hole (an
-- event ahead of its payment). Hash and merge joins are off inside: a batch has fifty rows, and a plan cached on an empty
-- table must not scan the log when it is full. Every function names its search path with pg_temp last: unnamed it would
-- come first, and a temporary table called `payments` would answer for the real one.
CREATE FUNCTION events_follow_one_path() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT e.payment_id, e.seq INTO broken
  FROM added e
  LEFT JOIN events before ON before.payment_id = e.payment_id AND before.seq = e.seq - 1
  LEFT JOIN payments p ON p.id = e.payment_id
  WHERE p.id IS NULL OR p.merchant_id <> e.merchant_id OR p.version < e.seq
     OR (e.seq > 1 AND before.to_state IS DISTINCT FROM e.from_state)
     -- A transaction that had written something before it wrote its events is older than what it builds on, and readers
     -- would see the two in the wrong order.
     OR (before.epoch, before.tx) > (e.epoch, e.tx)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'event % of payment % does not follow its payment and its predecessor', broken.seq, broken.payment_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'events_one_path', TABLE = 'events';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_one_path AFTER INSERT ON events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION events_follow_one_path();
--> statement-breakpoint
CREATE FUNCTION payments_end_where_their_log_ends() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT p.id INTO broken
  FROM changed p
  LEFT JOIN events e ON e.payment_id = p.id AND e.seq = p.version
  WHERE e.to_state IS DISTINCT FROM p.state
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'payment % is ahead of its log', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_have_their_event', TABLE = 'payments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER payments_have_their_event_when_made AFTER INSERT ON payments
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION payments_end_where_their_log_ends();
--> statement-breakpoint
CREATE FUNCTION payments_move_with_their_log() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT p.id INTO broken
  FROM changed p
  LEFT JOIN was o ON o.id = p.id
  LEFT JOIN events e ON e.payment_id = p.id AND e.seq = p.version
  WHERE e.to_state IS DISTINCT FROM p.state OR o.version >= p.version OR o.id IS NULL
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'payment % changed without an event of its own', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_have_their_event', TABLE = 'payments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER payments_have_their_event AFTER UPDATE ON payments
  REFERENCING NEW TABLE AS changed OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION payments_move_with_their_log();
--> statement-breakpoint
-- An operation, a posting and a verdict are of their payment's merchant and in its currency. Per-row foreign keys would
-- ask once for each row and need a wider key on payments; this asks once for each statement.
CREATE FUNCTION belong_to_their_payment() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT a.id, a.payment_id INTO broken
  FROM added a
  LEFT JOIN payments p ON p.id = a.payment_id
  WHERE p.id IS NULL OR p.merchant_id <> a.merchant_id OR p.currency <> a.currency
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'row % of % does not belong to payment %', broken.id, TG_TABLE_NAME, broken.payment_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER operations_of_their_payment AFTER INSERT ON operations
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION belong_to_their_payment();
--> statement-breakpoint
CREATE TRIGGER escalations_of_their_payment AFTER INSERT ON escalations
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION belong_to_their_payment();
--> statement-breakpoint
CREATE TRIGGER postings_of_their_payment AFTER INSERT ON postings
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION belong_to_their_payment();
--> statement-breakpoint
CREATE TRIGGER risk_verdicts_of_their_payment AFTER INSERT ON risk_verdicts
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION belong_to_their_payment();
--> statement-breakpoint
-- What an operation came to is told once: whoever comes second changes nothing.
CREATE FUNCTION operations_stay_closed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE broken record;
BEGIN
  SELECT o.id INTO broken FROM was o WHERE o.closed_at IS NOT NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'operation % is closed and never changes', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operations_stay_closed', TABLE = 'operations';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER operations_stay_closed AFTER UPDATE ON operations
  REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION operations_stay_closed();
--> statement-breakpoint
-- Invariant 6: what risk said of a payment is on record, was said of this payment, and was no "no" unless the payment
-- failed; where it wanted a person to look, the payment carries that person's review.
CREATE FUNCTION payments_go_by_their_verdict() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT p.id INTO broken
  FROM changed p
  LEFT JOIN risk_verdicts v ON v.id = p.verdict_id
  WHERE p.verdict_id IS NOT NULL
    AND (v.payment_id IS DISTINCT FROM p.id
      OR p.state <> 'failed' AND (v.decision = 'reject' OR (v.decision = 'review') <> (p.review IS NOT NULL)))
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'payment % has no approving verdict of its own', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_verdict', TABLE = 'payments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER payments_verdict_when_made AFTER INSERT ON payments
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION payments_go_by_their_verdict();
--> statement-breakpoint
CREATE TRIGGER payments_verdict AFTER UPDATE ON payments
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION payments_go_by_their_verdict();
--> statement-breakpoint
-- A payment ends when every answer is in, but for those that give stray money back: they run beside its own way.
CREATE FUNCTION payments_end_with_all_closed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  ended uuid[];
  broken record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    ended := ARRAY(SELECT p.id FROM changed p WHERE NOT p.live);
  ELSE
    ended := ARRAY(SELECT p.id FROM changed p WHERE NOT p.live
      AND EXISTS (SELECT 1 FROM was o WHERE o.id = p.id AND o.live));
  END IF;
  IF cardinality(ended) = 0 THEN RETURN NULL; END IF;
  SELECT o.id, o.payment_id INTO broken
  FROM unnest(ended) AS p (id)
  JOIN operations o ON o.payment_id = p.id
  WHERE o.closed_at IS NULL AND (o.against IS NULL OR o.kind = 'cancel')
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'payment % ends while operation % has no answer', broken.payment_id, broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_end_closed', TABLE = 'payments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER payments_end_closed_when_made AFTER INSERT ON payments
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION payments_end_with_all_closed();
--> statement-breakpoint
CREATE TRIGGER payments_end_closed AFTER UPDATE ON payments
  REFERENCING NEW TABLE AS changed OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION payments_end_with_all_closed();
--> statement-breakpoint
-- Invariant 8: append only. Grants already withhold UPDATE, DELETE and TRUNCATE from every process; this stops a slip of
-- the owner too.
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% is append only: write a new row that corrects the old one', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
END $$;
--> statement-breakpoint
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
--> statement-breakpoint
CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
--> statement-breakpoint
CREATE TRIGGER risk_verdicts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON risk_verdicts
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
--> statement-breakpoint
-- Room for HOT updates: a payment is updated four times in an ordinary life.
ALTER TABLE payments SET (fillfactor = 60);
--> statement-breakpoint
ALTER TABLE operations SET (fillfactor = 70);
--> statement-breakpoint
-- Transaction ids go on from elsewhere after dump and restore: the old ones may be ahead of the new ones. So a place in
-- the log begins with an epoch, and the migration after a restore raises it by writing this function anew. As a function
-- it costs the append nothing, and a dump carries it along.
CREATE FUNCTION log_epoch() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';
--> statement-breakpoint
ALTER TABLE events ALTER COLUMN epoch SET DEFAULT log_epoch();
--> statement-breakpoint
-- Wakes the readers of the log. What they may read they ask for themselves; a word that gets lost costs them a pause.
CREATE FUNCTION events_wake_readers() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('florin_events', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_wake_readers AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION events_wake_readers();
--> statement-breakpoint
-- The log of an order is one unbroken path and ends in the order's state and version: as a payment's, by two statements.
CREATE FUNCTION order_events_follow_one_path() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT e.order_id, e.seq INTO broken
  FROM added e
  LEFT JOIN order_events before ON before.order_id = e.order_id AND before.seq = e.seq - 1
  LEFT JOIN orders o ON o.id = e.order_id
  WHERE o.id IS NULL OR o.merchant_id <> e.merchant_id OR o.version < e.seq
     OR (e.seq > 1 AND before.to_state IS DISTINCT FROM e.from_state)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'event % of order % does not follow its order and its predecessor', broken.seq, broken.order_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'order_events_one_path', TABLE = 'order_events';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER order_events_one_path AFTER INSERT ON order_events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION order_events_follow_one_path();
--> statement-breakpoint
CREATE FUNCTION orders_end_where_their_log_ends() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT o.id INTO broken
  FROM changed o
  LEFT JOIN order_events e ON e.order_id = o.id AND e.seq = o.version
  WHERE e.to_state IS DISTINCT FROM o.state OR e.at IS DISTINCT FROM o.updated_at
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'order % is ahead of its log', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_have_their_event', TABLE = 'orders';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER orders_have_their_event_when_made AFTER INSERT ON orders
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION orders_end_where_their_log_ends();
--> statement-breakpoint
CREATE TRIGGER orders_have_their_event AFTER UPDATE ON orders
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION orders_end_where_their_log_ends();
--> statement-breakpoint
CREATE TRIGGER order_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_events
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
--> statement-breakpoint
-- Invariant 6: what is to be sent was paid by a payment of the order's own intent, whose log holds the authorisation, the
-- capture, and risk's yes; where risk wanted a person to look, the person's yes. That the rows named are there, and stay,
-- is held by foreign keys; this holds that they say what they are named for.
CREATE FUNCTION fulfilments_stand_on_grounds() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT f.id INTO broken
  FROM added f
  LEFT JOIN orders o ON o.id = f.order_id
  LEFT JOIN checkout_sessions s ON s.id = o.session_id
  LEFT JOIN payments p ON p.id = f.payment_id
  LEFT JOIN events captured ON captured.payment_id = f.payment_id AND captured.seq = f.captured_seq
  LEFT JOIN events authorized ON authorized.payment_id = f.payment_id AND authorized.seq = f.authorized_seq
  LEFT JOIN events approved ON approved.payment_id = f.payment_id AND approved.seq = f.approved_seq
  WHERE p.intent_id IS NULL OR p.intent_id IS DISTINCT FROM s.intent_id OR p.merchant_id <> f.merchant_id
     OR captured.trigger IS DISTINCT FROM 'capture' OR captured.id <> f.id
     OR authorized.trigger IS DISTINCT FROM 'authorize'
     OR NOT coalesce(CASE
          WHEN EXISTS (SELECT FROM events r WHERE r.payment_id = f.payment_id AND r.trigger = 'review_opened')
          THEN approved.trigger = 'review_closed' AND p.review = 'approved'
          ELSE approved.trigger = 'approve'
        END, false)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'fulfilment % has no authorisation and approval on record', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'fulfilments_have_grounds', TABLE = 'fulfilments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER fulfilments_have_grounds AFTER INSERT ON fulfilments
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fulfilments_stand_on_grounds();
