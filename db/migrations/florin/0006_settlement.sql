-- The ledger takes in what providers settle: more accounts, a chart of what each kind of posting may debit and credit,
-- the posting that another one takes back, and balances by the day. Refunds are settled in their own right: a fact.
--
-- Old postings are looked at once more, in one pass; readers and writers of the ledger wait for it.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
CREATE OR REPLACE FUNCTION event_is_legal(from_state text, trigger text, to_state text, seq int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN from_state IS NULL THEN seq = 1 AND trigger || '.' || to_state IN ('create.initiated')
    ELSE seq > 1 AND from_state || '.' || trigger || '.' || to_state IN ('initiated.collect.payment_method_captured', 'initiated.expire.failed', 'initiated.cancel.failed', 'payment_method_captured.tokenize.tokenized', 'payment_method_captured.expire.failed', 'payment_method_captured.cancel.failed', 'tokenized.approve.risk_checked', 'tokenized.reject.failed', 'tokenized.expire.failed', 'tokenized.cancel.failed', 'risk_checked.authorize.authorized', 'risk_checked.decline.failed', 'risk_checked.abandon.failed', 'authorized.begin_capture.capture_pending', 'authorized.void.voided', 'capture_pending.capture.captured', 'capture_pending.void.voided', 'captured.reconcile.reconciled', 'captured.refund_all.refunded', 'reconciled.refund_all.refunded', 'refunded.undo_refund.captured', 'refunded.undo_settled_refund.reconciled', 'risk_checked.operation_opened.risk_checked', 'risk_checked.operation_unanswered.risk_checked', 'risk_checked.operation_resent.risk_checked', 'risk_checked.operation_pending.risk_checked', 'risk_checked.operation_absent.risk_checked', 'risk_checked.operation_refused.risk_checked', 'risk_checked.late_effect.risk_checked', 'risk_checked.foreign_effect.risk_checked', 'risk_checked.stray_returned.risk_checked', 'risk_checked.escalated.risk_checked', 'risk_checked.escalation_proposed.risk_checked', 'risk_checked.escalation_withdrawn.risk_checked', 'risk_checked.escalation_closed.risk_checked', 'risk_checked.operation_challenged.risk_checked', 'risk_checked.queued.risk_checked', 'authorized.operation_opened.authorized', 'authorized.operation_unanswered.authorized', 'authorized.operation_resent.authorized', 'authorized.operation_pending.authorized', 'authorized.operation_absent.authorized', 'authorized.operation_refused.authorized', 'authorized.late_effect.authorized', 'authorized.foreign_effect.authorized', 'authorized.stray_returned.authorized', 'authorized.escalated.authorized', 'authorized.escalation_proposed.authorized', 'authorized.escalation_withdrawn.authorized', 'authorized.escalation_closed.authorized', 'authorized.review_opened.authorized', 'authorized.review_closed.authorized', 'capture_pending.operation_opened.capture_pending', 'capture_pending.operation_unanswered.capture_pending', 'capture_pending.operation_resent.capture_pending', 'capture_pending.operation_pending.capture_pending', 'capture_pending.operation_absent.capture_pending', 'capture_pending.operation_refused.capture_pending', 'capture_pending.late_effect.capture_pending', 'capture_pending.foreign_effect.capture_pending', 'capture_pending.stray_returned.capture_pending', 'capture_pending.escalated.capture_pending', 'capture_pending.escalation_proposed.capture_pending', 'capture_pending.escalation_withdrawn.capture_pending', 'capture_pending.escalation_closed.capture_pending', 'captured.operation_opened.captured', 'captured.operation_unanswered.captured', 'captured.operation_resent.captured', 'captured.operation_pending.captured', 'captured.operation_absent.captured', 'captured.operation_refused.captured', 'captured.late_effect.captured', 'captured.foreign_effect.captured', 'captured.stray_returned.captured', 'captured.escalated.captured', 'captured.escalation_proposed.captured', 'captured.escalation_withdrawn.captured', 'captured.escalation_closed.captured', 'captured.partial_refund.captured', 'captured.refund_undone.captured', 'captured.refund_settled.captured', 'captured.chargeback.captured', 'reconciled.operation_opened.reconciled', 'reconciled.operation_unanswered.reconciled', 'reconciled.operation_resent.reconciled', 'reconciled.operation_pending.reconciled', 'reconciled.operation_absent.reconciled', 'reconciled.operation_refused.reconciled', 'reconciled.late_effect.reconciled', 'reconciled.foreign_effect.reconciled', 'reconciled.stray_returned.reconciled', 'reconciled.escalated.reconciled', 'reconciled.escalation_proposed.reconciled', 'reconciled.escalation_withdrawn.reconciled', 'reconciled.escalation_closed.reconciled', 'reconciled.partial_refund.reconciled', 'reconciled.refund_undone.reconciled', 'reconciled.refund_settled.reconciled', 'reconciled.chargeback.reconciled', 'refunded.operation_opened.refunded', 'refunded.operation_unanswered.refunded', 'refunded.operation_resent.refunded', 'refunded.operation_pending.refunded', 'refunded.operation_absent.refunded', 'refunded.operation_refused.refunded', 'refunded.late_effect.refunded', 'refunded.foreign_effect.refunded', 'refunded.stray_returned.refunded', 'refunded.escalated.refunded', 'refunded.escalation_proposed.refunded', 'refunded.escalation_withdrawn.refunded', 'refunded.escalation_closed.refunded', 'refunded.settled.refunded', 'refunded.refund_settled.refunded', 'refunded.chargeback.refunded', 'failed.operation_opened.failed', 'failed.operation_unanswered.failed', 'failed.operation_resent.failed', 'failed.operation_pending.failed', 'failed.operation_absent.failed', 'failed.operation_refused.failed', 'failed.late_effect.failed', 'failed.foreign_effect.failed', 'failed.stray_returned.failed', 'failed.escalated.failed', 'failed.escalation_proposed.failed', 'failed.escalation_withdrawn.failed', 'failed.escalation_closed.failed', 'failed.intent_canceled.failed', 'voided.operation_opened.voided', 'voided.operation_unanswered.voided', 'voided.operation_resent.voided', 'voided.operation_pending.voided', 'voided.operation_absent.voided', 'voided.operation_refused.voided', 'voided.late_effect.voided', 'voided.foreign_effect.voided', 'voided.stray_returned.voided', 'voided.escalated.voided', 'voided.escalation_proposed.voided', 'voided.escalation_withdrawn.voided', 'voided.escalation_closed.voided', 'voided.intent_canceled.voided')
  END;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION payment_amounts_fit_state(state text, authorized bigint, captured bigint, refunded bigint, reconciled bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN state IN ('initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'failed') THEN authorized = 0 AND captured = 0 AND reconciled IS NULL
    WHEN state IN ('authorized', 'capture_pending', 'voided') THEN authorized > 0 AND captured = 0 AND reconciled IS NULL
    ELSE captured > 0 AND (refunded = captured) = (state = 'refunded')
      AND (state = 'refunded' OR (state = 'reconciled') = (reconciled IS NOT NULL))
  END;
END $$;
--> statement-breakpoint
CREATE FUNCTION posting_goes_by_the_chart(kind text, debit text, credit text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN kind || '.' || debit || '.' || credit IN ('authorization.authorizations.authorization_holds', 'release.authorization_holds.authorizations', 'capture.receivable.merchant_payable', 'fee.fees.receivable', 'fee_reversed.receivable.fees', 'refund.merchant_payable.receivable', 'refund_undone.receivable.merchant_payable', 'chargeback.disputes.receivable', 'settlement.payouts.receivable', 'settlement.receivable.payouts', 'refund_settlement.receivable.payouts', 'refund_returned.payouts.receivable', 'refund_returned.receivable.payouts', 'difference.clearing.receivable', 'difference.receivable.clearing');
END $$;
--> statement-breakpoint
CREATE TABLE "ledger_days" (
	"day" date PRIMARY KEY NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_snapshots" (
	"day" date NOT NULL,
	"merchant_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"currency" text NOT NULL,
	"account" text NOT NULL,
	"debits" bigint NOT NULL,
	"credits" bigint NOT NULL,
	CONSTRAINT "ledger_snapshots_day_merchant_id_provider_currency_account_pk" PRIMARY KEY("day","merchant_id","provider","currency","account"),
	CONSTRAINT "ledger_snapshots_account" CHECK ("ledger_snapshots"."account" IN ('authorizations', 'authorization_holds', 'receivable', 'merchant_payable', 'fees', 'payouts', 'refunds', 'disputes', 'reserves', 'clearing'))
);
--> statement-breakpoint
ALTER TABLE "postings" DROP CONSTRAINT "postings_kind";--> statement-breakpoint
ALTER TABLE "postings" DROP CONSTRAINT "postings_accounts";--> statement-breakpoint
ALTER TABLE "postings" ADD COLUMN "reverses" uuid;--> statement-breakpoint
ALTER TABLE "ledger_snapshots" ADD CONSTRAINT "ledger_snapshots_day_ledger_days_day_fk" FOREIGN KEY ("day") REFERENCES "public"."ledger_days"("day") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "postings_at" ON "postings" USING brin ("at") WITH (pages_per_range=32,autosummarize=true);--> statement-breakpoint
CREATE UNIQUE INDEX "postings_reversed_once" ON "postings" USING btree ("reverses") WHERE "postings"."reverses" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "postings" ADD CONSTRAINT "postings_within_chart" CHECK (posting_goes_by_the_chart("postings"."kind", "postings"."debit", "postings"."credit"));
--> statement-breakpoint
-- What was settled is written once, by the event that tells of it, with that event's amount.
CREATE OR REPLACE FUNCTION payments_move_with_their_log() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  SELECT p.id, e.to_state IS DISTINCT FROM p.state OR o.version >= p.version OR o.id IS NULL AS alone INTO broken
  FROM changed p
  LEFT JOIN was o ON o.id = p.id
  LEFT JOIN events e ON e.payment_id = p.id AND e.seq = p.version
  WHERE e.to_state IS DISTINCT FROM p.state OR o.version >= p.version OR o.id IS NULL
     OR (o.reconciled IS DISTINCT FROM p.reconciled AND (o.reconciled IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM events s WHERE s.payment_id = p.id AND s.seq > o.version AND s.seq <= p.version
            AND s.trigger IN ('reconcile', 'settled') AND s.amount = p.reconciled)))
  LIMIT 1;
  IF FOUND AND broken.alone THEN
    RAISE EXCEPTION 'payment % changed without an event of its own', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_have_their_event', TABLE = 'payments';
  ELSIF FOUND THEN
    RAISE EXCEPTION 'what was settled of payment % is not what its log says, or was settled before', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_settled_once', TABLE = 'payments';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- A posting that takes another one back is of the same payment and amount, and goes the other way. Asked only where
-- there is one: ordinary postings pay nothing for it.
CREATE FUNCTION postings_reverse_what_was_posted() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE broken record;
BEGIN
  IF NOT EXISTS (SELECT FROM added a WHERE a.reverses IS NOT NULL) THEN RETURN NULL; END IF;
  SELECT a.id INTO broken
  FROM added a
  LEFT JOIN postings x ON x.id = a.reverses
  WHERE a.reverses IS NOT NULL
    AND (x.id IS NULL OR x.payment_id <> a.payment_id OR x.provider <> a.provider OR x.amount <> a.amount
      OR x.debit <> a.credit OR x.credit <> a.debit)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'posting % does not take back what it names', broken.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'postings_reverse', TABLE = 'postings';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER postings_reverse AFTER INSERT ON postings
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION postings_reverse_what_was_posted();
