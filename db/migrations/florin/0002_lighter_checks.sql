-- PostgreSQL reads the text of a CHECK anew for each statement that writes a row: the whole table of moves, for every
-- commit, cost more than writing what it was about. What has many words to say is a function from here on, of which a
-- connection keeps what it has read. Each says what the CHECK said before it: an old row is looked at once more, and a
-- table is changed in one pass. Search paths are named as those of the guards are.
SET LOCAL lock_timeout = '3s';
--> statement-breakpoint
CREATE FUNCTION event_is_legal(from_state text, trigger text, to_state text, seq int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN from_state IS NULL THEN seq = 1 AND trigger || '.' || to_state IN ('create.initiated')
    ELSE seq > 1 AND from_state || '.' || trigger || '.' || to_state IN ('initiated.collect.payment_method_captured', 'initiated.expire.failed', 'initiated.cancel.failed', 'payment_method_captured.tokenize.tokenized', 'payment_method_captured.expire.failed', 'payment_method_captured.cancel.failed', 'tokenized.approve.risk_checked', 'tokenized.reject.failed', 'tokenized.expire.failed', 'tokenized.cancel.failed', 'risk_checked.authorize.authorized', 'risk_checked.decline.failed', 'risk_checked.abandon.failed', 'authorized.begin_capture.capture_pending', 'authorized.void.voided', 'capture_pending.capture.captured', 'capture_pending.void.voided', 'captured.reconcile.reconciled', 'captured.refund_all.refunded', 'reconciled.refund_all.refunded', 'refunded.undo_refund.captured', 'refunded.undo_settled_refund.reconciled', 'risk_checked.operation_opened.risk_checked', 'risk_checked.operation_unanswered.risk_checked', 'risk_checked.operation_resent.risk_checked', 'risk_checked.operation_pending.risk_checked', 'risk_checked.operation_absent.risk_checked', 'risk_checked.operation_refused.risk_checked', 'risk_checked.late_effect.risk_checked', 'risk_checked.foreign_effect.risk_checked', 'risk_checked.stray_returned.risk_checked', 'risk_checked.escalated.risk_checked', 'risk_checked.escalation_proposed.risk_checked', 'risk_checked.escalation_withdrawn.risk_checked', 'risk_checked.escalation_closed.risk_checked', 'risk_checked.operation_challenged.risk_checked', 'risk_checked.queued.risk_checked', 'authorized.operation_opened.authorized', 'authorized.operation_unanswered.authorized', 'authorized.operation_resent.authorized', 'authorized.operation_pending.authorized', 'authorized.operation_absent.authorized', 'authorized.operation_refused.authorized', 'authorized.late_effect.authorized', 'authorized.foreign_effect.authorized', 'authorized.stray_returned.authorized', 'authorized.escalated.authorized', 'authorized.escalation_proposed.authorized', 'authorized.escalation_withdrawn.authorized', 'authorized.escalation_closed.authorized', 'authorized.review_opened.authorized', 'authorized.review_closed.authorized', 'capture_pending.operation_opened.capture_pending', 'capture_pending.operation_unanswered.capture_pending', 'capture_pending.operation_resent.capture_pending', 'capture_pending.operation_pending.capture_pending', 'capture_pending.operation_absent.capture_pending', 'capture_pending.operation_refused.capture_pending', 'capture_pending.late_effect.capture_pending', 'capture_pending.foreign_effect.capture_pending', 'capture_pending.stray_returned.capture_pending', 'capture_pending.escalated.capture_pending', 'capture_pending.escalation_proposed.capture_pending', 'capture_pending.escalation_withdrawn.capture_pending', 'capture_pending.escalation_closed.capture_pending', 'captured.operation_opened.captured', 'captured.operation_unanswered.captured', 'captured.operation_resent.captured', 'captured.operation_pending.captured', 'captured.operation_absent.captured', 'captured.operation_refused.captured', 'captured.late_effect.captured', 'captured.foreign_effect.captured', 'captured.stray_returned.captured', 'captured.escalated.captured', 'captured.escalation_proposed.captured', 'captured.escalation_withdrawn.captured', 'captured.escalation_closed.captured', 'captured.partial_refund.captured', 'captured.refund_undone.captured', 'captured.chargeback.captured', 'reconciled.operation_opened.reconciled', 'reconciled.operation_unanswered.reconciled', 'reconciled.operation_resent.reconciled', 'reconciled.operation_pending.reconciled', 'reconciled.operation_absent.reconciled', 'reconciled.operation_refused.reconciled', 'reconciled.late_effect.reconciled', 'reconciled.foreign_effect.reconciled', 'reconciled.stray_returned.reconciled', 'reconciled.escalated.reconciled', 'reconciled.escalation_proposed.reconciled', 'reconciled.escalation_withdrawn.reconciled', 'reconciled.escalation_closed.reconciled', 'reconciled.partial_refund.reconciled', 'reconciled.refund_undone.reconciled', 'reconciled.chargeback.reconciled', 'refunded.operation_opened.refunded', 'refunded.operation_unanswered.refunded', 'refunded.operation_resent.refunded', 'refunded.operation_pending.refunded', 'refunded.operation_absent.refunded', 'refunded.operation_refused.refunded', 'refunded.late_effect.refunded', 'refunded.foreign_effect.refunded', 'refunded.stray_returned.refunded', 'refunded.escalated.refunded', 'refunded.escalation_proposed.refunded', 'refunded.escalation_withdrawn.refunded', 'refunded.escalation_closed.refunded', 'refunded.settled.refunded', 'refunded.chargeback.refunded', 'failed.operation_opened.failed', 'failed.operation_unanswered.failed', 'failed.operation_resent.failed', 'failed.operation_pending.failed', 'failed.operation_absent.failed', 'failed.operation_refused.failed', 'failed.late_effect.failed', 'failed.foreign_effect.failed', 'failed.stray_returned.failed', 'failed.escalated.failed', 'failed.escalation_proposed.failed', 'failed.escalation_withdrawn.failed', 'failed.escalation_closed.failed', 'failed.intent_canceled.failed', 'voided.operation_opened.voided', 'voided.operation_unanswered.voided', 'voided.operation_resent.voided', 'voided.operation_pending.voided', 'voided.operation_absent.voided', 'voided.operation_refused.voided', 'voided.late_effect.voided', 'voided.foreign_effect.voided', 'voided.stray_returned.voided', 'voided.escalated.voided', 'voided.escalation_proposed.voided', 'voided.escalation_withdrawn.voided', 'voided.escalation_closed.voided', 'voided.intent_canceled.voided')
  END;
END $$;
--> statement-breakpoint
CREATE FUNCTION payment_state_is_known(state text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN state IN ('initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'authorized', 'capture_pending', 'captured', 'reconciled', 'refunded', 'failed', 'voided');
END $$;
--> statement-breakpoint
CREATE FUNCTION payment_is_live(state text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN state IN ('initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'authorized', 'capture_pending', 'captured', 'reconciled', 'refunded');
END $$;
--> statement-breakpoint
CREATE FUNCTION payment_amounts_fit_state(state text, authorized bigint, captured bigint, refunded bigint, reconciled bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN state IN ('initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'failed') THEN authorized = 0 AND captured = 0
    WHEN state IN ('authorized', 'capture_pending', 'voided') THEN authorized > 0 AND captured = 0
    ELSE captured > 0 AND (refunded = captured) = (state = 'refunded')
      AND (state <> 'reconciled' OR reconciled IS NOT NULL)
  END;
END $$;
--> statement-breakpoint
CREATE FUNCTION payment_needs_no_verdict(state text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN NOT (state IN ('risk_checked', 'authorized', 'capture_pending', 'voided', 'captured', 'reconciled', 'refunded'));
END $$;
--> statement-breakpoint
CREATE FUNCTION payment_is_not_captured(state text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN NOT (state IN ('capture_pending', 'captured', 'reconciled', 'refunded'));
END $$;
--> statement-breakpoint
ALTER TABLE events
  DROP CONSTRAINT "events_legal",
  ADD CONSTRAINT "events_legal" CHECK (event_is_legal("events"."from_state", "events"."trigger", "events"."to_state", "events"."seq"));
--> statement-breakpoint
ALTER TABLE payments
  DROP CONSTRAINT "payments_state",
  DROP CONSTRAINT "payments_live",
  DROP CONSTRAINT "payments_state_has_amounts",
  DROP CONSTRAINT "payments_review_before_capture",
  DROP CONSTRAINT "payments_risk_before_money",
  ADD CONSTRAINT "payments_state" CHECK (payment_state_is_known("payments"."state")),
  ADD CONSTRAINT "payments_live" CHECK ("payments"."live" = payment_is_live("payments"."state")),
  ADD CONSTRAINT "payments_state_has_amounts" CHECK (payment_amounts_fit_state("payments"."state", "payments"."authorized", "payments"."captured", "payments"."refunded", "payments"."reconciled")),
  ADD CONSTRAINT "payments_review_before_capture" CHECK ("payments"."review" IS NULL OR "payments"."review" = 'approved' OR payment_is_not_captured("payments"."state")),
  ADD CONSTRAINT "payments_risk_before_money" CHECK ("payments"."verdict_id" IS NOT NULL OR payment_needs_no_verdict("payments"."state"));
--> statement-breakpoint
-- An answer is some ten times as long as the claim that waits for it: with room beside the claim it is a HOT update.
ALTER TABLE idempotency_keys SET (fillfactor = 10);
--> statement-breakpoint
-- Three updates of each payment, and rows of two hundred payments a moment old: room for all three.
ALTER TABLE payments SET (fillfactor = 35);
