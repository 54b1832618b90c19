CREATE TABLE "alert_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"alert_id" uuid NOT NULL,
	"receiver_id" uuid NOT NULL,
	"news" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"tries" integer NOT NULL,
	"last_answer" text,
	"delivered_at" timestamp (3) with time zone,
	"gave_up_at" timestamp (3) with time zone,
	CONSTRAINT "alert_deliveries_news" UNIQUE("alert_id","receiver_id","news"),
	CONSTRAINT "alert_deliveries_news_kind" CHECK ("alert_deliveries"."news" IN ('raised', 'acknowledged', 'resolved')),
	CONSTRAINT "alert_deliveries_ended" CHECK ("alert_deliveries"."delivered_at" IS NULL OR "alert_deliveries"."gave_up_at" IS NULL)
);
--> statement-breakpoint
CREATE TABLE "alert_receivers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"secret" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	CONSTRAINT "alert_receivers_address" UNIQUE NULLS NOT DISTINCT("merchant_id","channel","address"),
	CONSTRAINT "alert_receivers_channel" CHECK ("alert_receivers"."channel" IN ('email', 'webhook', 'pagerduty')),
	CONSTRAINT "alert_receivers_secret" CHECK (("alert_receivers"."secret" IS NULL) = ("alert_receivers"."channel" = 'email'))
);
--> statement-breakpoint
CREATE TABLE "alert_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid,
	"kind" text NOT NULL,
	"severity" text NOT NULL,
	"raises" integer NOT NULL,
	"minutes" integer NOT NULL,
	"receivers" uuid[],
	"enabled" boolean NOT NULL,
	CONSTRAINT "alert_rules_kind" UNIQUE NULLS NOT DISTINCT("merchant_id","kind"),
	CONSTRAINT "alert_rules_severity" CHECK ("alert_rules"."severity" IN ('info', 'warning', 'critical')),
	CONSTRAINT "alert_rules_threshold" CHECK ("alert_rules"."raises" BETWEEN 1 AND 1000 AND "alert_rules"."minutes" BETWEEN 1 AND 1440)
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"merchant_id" uuid,
	"subject" text NOT NULL,
	"severity" text NOT NULL,
	"title" text NOT NULL,
	"detail" json NOT NULL,
	"path" text,
	"times" integer NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"last_raised_at" timestamp (3) with time zone NOT NULL,
	"recent" timestamp (3) with time zone[] NOT NULL,
	"shown_since" timestamp (3) with time zone,
	"acknowledged_at" timestamp (3) with time zone,
	"acknowledged_by" text,
	"acknowledged_by_name" text,
	"resolved_at" timestamp (3) with time zone,
	CONSTRAINT "alerts_severity" CHECK ("alerts"."severity" IN ('info', 'warning', 'critical')),
	CONSTRAINT "alerts_times" CHECK ("alerts"."times" >= 1),
	CONSTRAINT "alerts_acknowledged" CHECK (num_nulls("alerts"."acknowledged_at", "alerts"."acknowledged_by", "alerts"."acknowledged_by_name") IN (0, 3))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"hash" text NOT NULL,
	"last4" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_mode" CHECK ("api_keys"."mode" IN ('test', 'live')),
	CONSTRAINT "api_keys_hash_length" CHECK (length("api_keys"."hash") = 64)
);
--> statement-breakpoint
CREATE TABLE "merchants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_failures" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sign_in_failures_counted" CHECK ("sign_in_failures"."failures" >= 0)
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	CONSTRAINT "staff_role" CHECK ("staff"."role" IN ('owner', 'finance', 'support')),
	CONSTRAINT "staff_email_small" CHECK ("staff"."email" = lower("staff"."email")),
	CONSTRAINT "staff_password_hash" CHECK ("staff"."password_hash" LIKE '$argon2id$%')
);
--> statement-breakpoint
CREATE TABLE "staff_sessions" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "staff_sessions_id_hash_length" CHECK (length("staff_sessions"."id_hash") = 64),
	CONSTRAINT "staff_sessions_expiry" CHECK ("staff_sessions"."expires_at" > "staff_sessions"."created_at")
);
--> statement-breakpoint
CREATE TABLE "checkout_line_items" (
	"session_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"id" uuid NOT NULL,
	"merchant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"unit_amount" bigint NOT NULL,
	"quantity" integer NOT NULL,
	CONSTRAINT "checkout_line_items_session_id_position_pk" PRIMARY KEY("session_id","position"),
	CONSTRAINT "checkout_line_items_unit_amount" CHECK ("checkout_line_items"."unit_amount" BETWEEN 0 AND 99999999),
	CONSTRAINT "checkout_line_items_quantity" CHECK ("checkout_line_items"."quantity" BETWEEN 1 AND 999999),
	CONSTRAINT "checkout_line_items_position" CHECK ("checkout_line_items"."position" BETWEEN 0 AND 99)
);
--> statement-breakpoint
CREATE TABLE "checkout_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"secret_hash" text NOT NULL,
	"intent_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"capture_method" text NOT NULL,
	"success_url" text NOT NULL,
	"cancel_url" text,
	"client_reference_id" text,
	"customer_email" text,
	"metadata" jsonb NOT NULL,
	"seal" text NOT NULL,
	"seal_key" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"shopper_email" text,
	"attempted_at" timestamp (3) with time zone,
	"status" text NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "checkout_sessions_merchant" UNIQUE("id","merchant_id"),
	CONSTRAINT "checkout_sessions_status" CHECK ("checkout_sessions"."status" IN ('open', 'complete', 'expired')),
	CONSTRAINT "checkout_sessions_closed" CHECK (("checkout_sessions"."closed_at" IS NULL) = ("checkout_sessions"."status" = 'open')),
	CONSTRAINT "checkout_sessions_complete_was_attempted" CHECK ("checkout_sessions"."status" <> 'complete' OR "checkout_sessions"."attempted_at" IS NOT NULL),
	CONSTRAINT "checkout_sessions_capture_method" CHECK ("checkout_sessions"."capture_method" IN ('automatic', 'manual')),
	CONSTRAINT "checkout_sessions_amount" CHECK ("checkout_sessions"."amount" BETWEEN 1 AND 99999999),
	CONSTRAINT "checkout_sessions_hashes" CHECK (length("checkout_sessions"."secret_hash") = 64 AND length("checkout_sessions"."seal") = 64),
	CONSTRAINT "checkout_sessions_expiry" CHECK ("checkout_sessions"."expires_at" > "checkout_sessions"."created_at")
);
--> statement-breakpoint
CREATE TABLE "compensations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"merchant_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"status" text NOT NULL,
	"attempt" integer NOT NULL,
	"refund_id" uuid,
	"tries" integer NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"reason" text,
	"alerted_at" timestamp (3) with time zone,
	CONSTRAINT "compensations_status" CHECK ("compensations"."status" IN ('due', 'done', 'stuck')),
	CONSTRAINT "compensations_closed" CHECK (("compensations"."closed_at" IS NOT NULL) = ("compensations"."status" = 'done'))
);
--> statement-breakpoint
CREATE TABLE "fulfilments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"merchant_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"authorized_seq" integer NOT NULL,
	"approved_seq" integer NOT NULL,
	"captured_seq" integer NOT NULL,
	"status" text NOT NULL,
	"tries" integer NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"reason" text,
	"alerted_at" timestamp (3) with time zone,
	CONSTRAINT "fulfilments_of_order" UNIQUE("id","order_id"),
	CONSTRAINT "fulfilments_status" CHECK ("fulfilments"."status" IN ('due', 'asked', 'shipped', 'refused', 'called_off', 'stuck')),
	CONSTRAINT "fulfilments_closed" CHECK (("fulfilments"."closed_at" IS NOT NULL) = ("fulfilments"."status" IN ('shipped', 'refused', 'called_off')))
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"order_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"merchant_id" uuid NOT NULL,
	"from_state" text,
	"trigger" text NOT NULL,
	"to_state" text NOT NULL,
	"fulfilment_id" uuid,
	"cause" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"data" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "order_events_order_id_seq_pk" PRIMARY KEY("order_id","seq"),
	CONSTRAINT "order_events_legal" CHECK (CASE
        WHEN "order_events"."from_state" IS NULL THEN "order_events"."seq" = 1 AND "order_events"."trigger" || '.' || "order_events"."to_state" IN ('create.open')
        ELSE "order_events"."seq" > 1 AND "order_events"."from_state" || '.' || "order_events"."trigger" || '.' || "order_events"."to_state" IN ('open.pay.paid', 'open.cancel.canceled', 'open.expire.expired', 'paid.begin_fulfilment.fulfilling', 'fulfilling.ship.fulfilled', 'fulfilling.refuse.failed', 'fulfilling.call_off.failed', 'failed.compensate.compensated', 'compensated.undo_compensation.failed', 'fulfilling.warehouse_asked.fulfilling', 'fulfilling.warehouse_silent.fulfilling', 'fulfilling.given_up.fulfilling', 'fulfilling.retried.fulfilling', 'failed.refund_asked.failed', 'failed.refund_refused.failed', 'failed.given_up.failed', 'failed.retried.failed')
      END),
	CONSTRAINT "order_events_have_fulfilment" CHECK (("order_events"."fulfilment_id" IS NOT NULL) = ("order_events"."to_state" IN ('fulfilling', 'fulfilled', 'failed', 'compensated')))
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "orders_merchant" UNIQUE("id","merchant_id"),
	CONSTRAINT "orders_state" CHECK ("orders"."state" IN ('open', 'paid', 'fulfilling', 'fulfilled', 'failed', 'compensated', 'canceled', 'expired')),
	CONSTRAINT "orders_version" CHECK ("orders"."version" >= 1)
);
--> statement-breakpoint
CREATE TABLE "event_cursors" (
	"consumer" text PRIMARY KEY NOT NULL,
	"epoch" integer NOT NULL,
	"tx" "xid8" NOT NULL,
	"payment_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"moved_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"payment_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"id" uuid NOT NULL,
	"merchant_id" uuid NOT NULL,
	"epoch" integer NOT NULL,
	"tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"from_state" text,
	"trigger" text NOT NULL,
	"to_state" text NOT NULL,
	"cause" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"operation_id" uuid,
	"amount" bigint,
	"data" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "events_payment_id_seq_pk" PRIMARY KEY("payment_id","seq"),
	CONSTRAINT "events_legal" CHECK (CASE
        WHEN "events"."from_state" IS NULL THEN "events"."seq" = 1 AND "events"."trigger" || '.' || "events"."to_state" IN ('create.initiated')
        ELSE "events"."seq" > 1 AND "events"."from_state" || '.' || "events"."trigger" || '.' || "events"."to_state" IN ('initiated.collect.payment_method_captured', 'initiated.expire.failed', 'initiated.cancel.failed', 'payment_method_captured.tokenize.tokenized', 'payment_method_captured.expire.failed', 'payment_method_captured.cancel.failed', 'tokenized.approve.risk_checked', 'tokenized.reject.failed', 'tokenized.expire.failed', 'tokenized.cancel.failed', 'risk_checked.authorize.authorized', 'risk_checked.decline.failed', 'risk_checked.abandon.failed', 'authorized.begin_capture.capture_pending', 'authorized.void.voided', 'capture_pending.capture.captured', 'capture_pending.void.voided', 'captured.reconcile.reconciled', 'captured.refund_all.refunded', 'reconciled.refund_all.refunded', 'refunded.undo_refund.captured', 'refunded.undo_settled_refund.reconciled', 'risk_checked.operation_opened.risk_checked', 'risk_checked.operation_unanswered.risk_checked', 'risk_checked.operation_resent.risk_checked', 'risk_checked.operation_pending.risk_checked', 'risk_checked.operation_absent.risk_checked', 'risk_checked.operation_refused.risk_checked', 'risk_checked.late_effect.risk_checked', 'risk_checked.foreign_effect.risk_checked', 'risk_checked.stray_returned.risk_checked', 'risk_checked.escalated.risk_checked', 'risk_checked.escalation_proposed.risk_checked', 'risk_checked.escalation_withdrawn.risk_checked', 'risk_checked.escalation_closed.risk_checked', 'risk_checked.operation_challenged.risk_checked', 'risk_checked.queued.risk_checked', 'authorized.operation_opened.authorized', 'authorized.operation_unanswered.authorized', 'authorized.operation_resent.authorized', 'authorized.operation_pending.authorized', 'authorized.operation_absent.authorized', 'authorized.operation_refused.authorized', 'authorized.late_effect.authorized', 'authorized.foreign_effect.authorized', 'authorized.stray_returned.authorized', 'authorized.escalated.authorized', 'authorized.escalation_proposed.authorized', 'authorized.escalation_withdrawn.authorized', 'authorized.escalation_closed.authorized', 'authorized.review_opened.authorized', 'authorized.review_closed.authorized', 'capture_pending.operation_opened.capture_pending', 'capture_pending.operation_unanswered.capture_pending', 'capture_pending.operation_resent.capture_pending', 'capture_pending.operation_pending.capture_pending', 'capture_pending.operation_absent.capture_pending', 'capture_pending.operation_refused.capture_pending', 'capture_pending.late_effect.capture_pending', 'capture_pending.foreign_effect.capture_pending', 'capture_pending.stray_returned.capture_pending', 'capture_pending.escalated.capture_pending', 'capture_pending.escalation_proposed.capture_pending', 'capture_pending.escalation_withdrawn.capture_pending', 'capture_pending.escalation_closed.capture_pending', 'captured.operation_opened.captured', 'captured.operation_unanswered.captured', 'captured.operation_resent.captured', 'captured.operation_pending.captured', 'captured.operation_absent.captured', 'captured.operation_refused.captured', 'captured.late_effect.captured', 'captured.foreign_effect.captured', 'captured.stray_returned.captured', 'captured.escalated.captured', 'captured.escalation_proposed.captured', 'captured.escalation_withdrawn.captured', 'captured.escalation_closed.captured', 'captured.partial_refund.captured', 'captured.refund_undone.captured', 'captured.chargeback.captured', 'reconciled.operation_opened.reconciled', 'reconciled.operation_unanswered.reconciled', 'reconciled.operation_resent.reconciled', 'reconciled.operation_pending.reconciled', 'reconciled.operation_absent.reconciled', 'reconciled.operation_refused.reconciled', 'reconciled.late_effect.reconciled', 'reconciled.foreign_effect.reconciled', 'reconciled.stray_returned.reconciled', 'reconciled.escalated.reconciled', 'reconciled.escalation_proposed.reconciled', 'reconciled.escalation_withdrawn.reconciled', 'reconciled.escalation_closed.reconciled', 'reconciled.partial_refund.reconciled', 'reconciled.refund_undone.reconciled', 'reconciled.chargeback.reconciled', 'refunded.operation_opened.refunded', 'refunded.operation_unanswered.refunded', 'refunded.operation_resent.refunded', 'refunded.operation_pending.refunded', 'refunded.operation_absent.refunded', 'refunded.operation_refused.refunded', 'refunded.late_effect.refunded', 'refunded.foreign_effect.refunded', 'refunded.stray_returned.refunded', 'refunded.escalated.refunded', 'refunded.escalation_proposed.refunded', 'refunded.escalation_withdrawn.refunded', 'refunded.escalation_closed.refunded', 'refunded.settled.refunded', 'refunded.chargeback.refunded', 'failed.operation_opened.failed', 'failed.operation_unanswered.failed', 'failed.operation_resent.failed', 'failed.operation_pending.failed', 'failed.operation_absent.failed', 'failed.operation_refused.failed', 'failed.late_effect.failed', 'failed.foreign_effect.failed', 'failed.stray_returned.failed', 'failed.escalated.failed', 'failed.escalation_proposed.failed', 'failed.escalation_withdrawn.failed', 'failed.escalation_closed.failed', 'failed.intent_canceled.failed', 'voided.operation_opened.voided', 'voided.operation_unanswered.voided', 'voided.operation_resent.voided', 'voided.operation_pending.voided', 'voided.operation_absent.voided', 'voided.operation_refused.voided', 'voided.late_effect.voided', 'voided.foreign_effect.voided', 'voided.stray_returned.voided', 'voided.escalated.voided', 'voided.escalation_proposed.voided', 'voided.escalation_withdrawn.voided', 'voided.escalation_closed.voided', 'voided.intent_canceled.voided')
      END)
);
--> statement-breakpoint
CREATE TABLE "parked_events" (
	"consumer" text NOT NULL,
	"payment_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"event_id" uuid NOT NULL,
	"merchant_id" uuid NOT NULL,
	"status" text NOT NULL,
	"tries" integer NOT NULL,
	"try_again_at" timestamp (3) with time zone,
	"error" text,
	"parked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "parked_events_consumer_payment_id_seq_pk" PRIMARY KEY("consumer","payment_id","seq"),
	CONSTRAINT "parked_events_status" CHECK ("parked_events"."status" IN ('trying', 'failed', 'behind')),
	CONSTRAINT "parked_events_due" CHECK (("parked_events"."try_again_at" IS NOT NULL) = ("parked_events"."status" IN ('trying')))
);
--> statement-breakpoint
CREATE TABLE "hourly_figures" (
	"merchant_id" uuid NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"provider" text NOT NULL,
	"currency" text NOT NULL,
	"asked" integer NOT NULL,
	"approved" integer NOT NULL,
	"declined" integer NOT NULL,
	"unanswered" integer NOT NULL,
	"authorized" bigint NOT NULL,
	"captures" integer NOT NULL,
	"captured" bigint NOT NULL,
	"refunds" integer NOT NULL,
	"refunded" bigint NOT NULL,
	"answers_within" integer[] NOT NULL,
	CONSTRAINT "hourly_figures_merchant_id_hour_provider_currency_pk" PRIMARY KEY("merchant_id","hour","provider","currency")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"merchant_id" uuid NOT NULL,
	"key" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"claimed_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"status" integer,
	"body" text,
	"request" text,
	CONSTRAINT "idempotency_keys_merchant_id_key_pk" PRIMARY KEY("merchant_id","key"),
	CONSTRAINT "idempotency_keys_key" CHECK (length("idempotency_keys"."key") BETWEEN 1 AND 255),
	CONSTRAINT "idempotency_keys_answer" CHECK (("idempotency_keys"."answered_at" IS NULL) = ("idempotency_keys"."body" IS NULL) AND ("idempotency_keys"."status" IS NULL) = ("idempotency_keys"."body" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "postings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"debit" text NOT NULL,
	"credit" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"provider" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "postings_kind" CHECK ("postings"."kind" IN ('authorization', 'release', 'capture', 'fee', 'refund', 'refund_undone')),
	CONSTRAINT "postings_accounts" CHECK ("postings"."debit" IN ('authorizations', 'authorization_holds', 'receivable', 'merchant_payable', 'fees') AND "postings"."credit" IN ('authorizations', 'authorization_holds', 'receivable', 'merchant_payable', 'fees')),
	CONSTRAINT "postings_amount" CHECK ("postings"."amount" > 0),
	CONSTRAINT "postings_two_accounts" CHECK ("postings"."debit" <> "postings"."credit")
);
--> statement-breakpoint
CREATE TABLE "escalations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"operation_id" uuid,
	"kind" text NOT NULL,
	"at_risk" bigint NOT NULL,
	"currency" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"finding" text,
	"reason" text,
	"found_ref" text,
	"proposed_by" uuid,
	"proposed_by_name" text,
	"proposed_at" timestamp (3) with time zone,
	"closed_how" text,
	"closed_by" uuid,
	"closed_by_name" text,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "escalations_kind" CHECK ("escalations"."kind" IN ('unanswered', 'stray', 'stuck', 'undone')),
	CONSTRAINT "escalations_at_risk" CHECK ("escalations"."at_risk" > 0),
	CONSTRAINT "escalations_finding" CHECK ("escalations"."finding" IN ('took_place', 'did_not', 'settled_otherwise')),
	CONSTRAINT "escalations_proposal" CHECK (("escalations"."finding" IS NULL) = ("escalations"."proposed_by" IS NULL) AND ("escalations"."finding" IS NULL) = ("escalations"."proposed_at" IS NULL)
        AND ("escalations"."finding" IS NULL OR length("escalations"."reason") >= 10)),
	CONSTRAINT "escalations_closed" CHECK (("escalations"."closed_at" IS NULL) = ("escalations"."closed_how" IS NULL) AND ("escalations"."closed_how" IS NULL OR "escalations"."closed_how" IN ('answered', 'confirmed'))),
	CONSTRAINT "escalations_second_person" CHECK ("escalations"."closed_how" IS DISTINCT FROM 'confirmed'
        OR ("escalations"."proposed_by" IS NOT NULL AND "escalations"."closed_by" IS NOT NULL AND "escalations"."closed_by" <> "escalations"."proposed_by"))
);
--> statement-breakpoint
CREATE TABLE "intents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"capture_method" text NOT NULL,
	"description" text,
	"reference" text,
	"receipt_email" text,
	"metadata" jsonb NOT NULL,
	"attempts" integer NOT NULL,
	"canceled_at" timestamp (3) with time zone,
	"cancellation_reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "intents_amount" CHECK ("intents"."amount" > 0),
	CONSTRAINT "intents_capture_method" CHECK ("intents"."capture_method" IN ('automatic', 'manual'))
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"merchant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"provider" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"request" json NOT NULL,
	"step" integer NOT NULL,
	"sends" integer NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	"send_before" timestamp (3) with time zone NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"inquiries" integer NOT NULL,
	"ask_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"provider_ref" text,
	"fee" bigint,
	"code" text,
	"message" text,
	"reason" text,
	"note" text,
	"against" uuid,
	"target_ref" text,
	"challenge_url" text,
	"is_foreign" boolean NOT NULL,
	CONSTRAINT "operations_kind" CHECK ("operations"."kind" IN ('authorize', 'capture', 'void', 'refund', 'cancel')),
	CONSTRAINT "operations_status" CHECK ("operations"."status" IN ('open', 'challenged', 'pending', 'accepted', 'refused', 'absent')),
	CONSTRAINT "operations_amount" CHECK ("operations"."amount" > 0),
	CONSTRAINT "operations_closed" CHECK (("operations"."closed_at" IS NOT NULL) = ("operations"."status" IN ('accepted', 'refused', 'absent')))
);
--> statement-breakpoint
CREATE TABLE "payment_settings" (
	"merchant_id" uuid PRIMARY KEY NOT NULL,
	"hold_expiry" text NOT NULL,
	CONSTRAINT "payment_settings_hold_expiry" CHECK ("payment_settings"."hold_expiry" IN ('void', 'capture'))
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"state" text NOT NULL,
	"live" boolean NOT NULL,
	"version" integer NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"authorized" bigint NOT NULL,
	"captured" bigint NOT NULL,
	"refunded" bigint NOT NULL,
	"refund_reserved" bigint NOT NULL,
	"charged_back" bigint NOT NULL,
	"stray" bigint NOT NULL,
	"reconciled" bigint,
	"provider" text,
	"token" text,
	"card_brand" text,
	"card_last4" text,
	"card_exp_month" integer,
	"card_exp_year" integer,
	"fingerprint" text,
	"verdict_id" uuid,
	"failure_code" text,
	"failure_message" text,
	"untried" jsonb NOT NULL,
	"return_url" text,
	"review" text,
	"queued_until" timestamp (3) with time zone,
	"try_at" timestamp (3) with time zone,
	"held_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payments_state" CHECK ("payments"."state" IN ('initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'authorized', 'capture_pending', 'captured', 'reconciled', 'refunded', 'failed', 'voided')),
	CONSTRAINT "payments_live" CHECK ("payments"."live" = ("payments"."state" IN ('initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'authorized', 'capture_pending', 'captured', 'reconciled', 'refunded'))),
	CONSTRAINT "payments_version" CHECK ("payments"."version" >= 1),
	CONSTRAINT "payments_not_negative" CHECK (least("payments"."authorized", "payments"."captured", "payments"."refunded", "payments"."refund_reserved", "payments"."charged_back", "payments"."stray", "payments"."reconciled") >= 0),
	CONSTRAINT "payments_authorized_at_most_amount" CHECK ("payments"."authorized" <= "payments"."amount"),
	CONSTRAINT "payments_captured_at_most_authorized" CHECK ("payments"."captured" <= "payments"."authorized"),
	CONSTRAINT "payments_refunds_at_most_captured" CHECK ("payments"."refunded" + "payments"."refund_reserved" <= "payments"."captured"),
	CONSTRAINT "payments_refunds_at_most_reconciled" CHECK ("payments"."refunded" + "payments"."refund_reserved" <= "payments"."reconciled"),
	CONSTRAINT "payments_charged_back_at_most_captured" CHECK ("payments"."charged_back" <= "payments"."captured"),
	CONSTRAINT "payments_state_has_amounts" CHECK (CASE
        WHEN "payments"."state" IN ('initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'failed') THEN "payments"."authorized" = 0 AND "payments"."captured" = 0
        WHEN "payments"."state" IN ('authorized', 'capture_pending', 'voided') THEN "payments"."authorized" > 0 AND "payments"."captured" = 0
        ELSE "payments"."captured" > 0 AND ("payments"."refunded" = "payments"."captured") = ("payments"."state" = 'refunded')
          AND ("payments"."state" <> 'reconciled' OR "payments"."reconciled" IS NOT NULL)
      END),
	CONSTRAINT "payments_queued" CHECK (("payments"."queued_until" IS NULL) = ("payments"."try_at" IS NULL) AND ("payments"."try_at" IS NULL OR "payments"."state" = 'risk_checked')),
	CONSTRAINT "payments_review" CHECK ("payments"."review" IN ('open', 'approved', 'rejected')),
	CONSTRAINT "payments_review_before_capture" CHECK ("payments"."review" IS NULL OR "payments"."review" = 'approved' OR NOT ("payments"."state" IN ('capture_pending', 'captured', 'reconciled', 'refunded'))),
	CONSTRAINT "payments_risk_before_money" CHECK ("payments"."verdict_id" IS NOT NULL OR NOT ("payments"."state" IN ('risk_checked', 'authorized', 'capture_pending', 'voided', 'captured', 'reconciled', 'refunded')))
);
--> statement-breakpoint
CREATE TABLE "payment_rows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"amount" bigint NOT NULL,
	"captured" bigint NOT NULL,
	"refunded" bigint NOT NULL,
	"currency" text NOT NULL,
	"card_brand" text,
	"card_last4" text,
	"card_exp_month" integer,
	"card_exp_year" integer,
	"provider" text,
	"failure_code" text,
	"reference" text,
	"receipt_email" text,
	"waiting_since" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "risk_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"settings" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "risk_verdicts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"decision" text NOT NULL,
	"score" integer NOT NULL,
	"reasons" jsonb NOT NULL,
	"fingerprint" text NOT NULL,
	"address" text,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "risk_verdicts_decision" CHECK ("risk_verdicts"."decision" IN ('approve', 'review', 'reject'))
);
--> statement-breakpoint
CREATE TABLE "routing_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"conditions" jsonb NOT NULL,
	"choice" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "routing_rules_position" UNIQUE("merchant_id","position"),
	CONSTRAINT "routing_rules_position_counts" CHECK ("routing_rules"."position" >= 1)
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"event_id" uuid NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"merchant_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"status" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deliveries_event_id_endpoint_id_pk" PRIMARY KEY("event_id","endpoint_id"),
	CONSTRAINT "deliveries_status" CHECK ("deliveries"."status" IN ('pending', 'delivered', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "provider_webhook_nonces" (
	"provider" text NOT NULL,
	"event_id" text NOT NULL,
	"signed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "provider_webhook_nonces_provider_event_id_signed_at_pk" PRIMARY KEY("provider","event_id","signed_at")
);
--> statement-breakpoint
CREATE TABLE "provider_webhook_rejections" (
	"provider" text NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"times" integer NOT NULL,
	CONSTRAINT "provider_webhook_rejections_provider_minute_reason_pk" PRIMARY KEY("provider","minute","reason")
);
--> statement-breakpoint
CREATE TABLE "provider_webhooks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"address" text NOT NULL,
	"headers" jsonb NOT NULL,
	"body" "bytea" NOT NULL,
	"body_size" integer NOT NULL,
	"body_digest" "bytea" NOT NULL,
	"genuine" boolean NOT NULL,
	"event_id" text,
	"signed_at" timestamp (3) with time zone,
	"times" integer NOT NULL,
	"last_received_at" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"say" text,
	"payment_id" uuid,
	"merchant_id" uuid,
	"leased_until" timestamp (3) with time zone,
	"tries" integer NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "provider_webhooks_status" CHECK ("provider_webhooks"."status" IN ('received', 'applied', 'known', 'ignored', 'rejected')),
	CONSTRAINT "provider_webhooks_reason" CHECK ("provider_webhooks"."reason" IN ('address_refused', 'signature_missing', 'signature_wrong', 'too_old', 'in_future', 'malformed', 'replayed', 'event_reused', 'unmatched', 'provider_differs', 'kind_differs', 'amount_differs', 'currency_differs')),
	CONSTRAINT "provider_webhooks_rejected_why" CHECK (("provider_webhooks"."status" = 'rejected') = ("provider_webhooks"."reason" IS NOT NULL)),
	CONSTRAINT "provider_webhooks_genuine" CHECK (NOT "provider_webhooks"."genuine" OR ("provider_webhooks"."event_id" IS NOT NULL AND "provider_webhooks"."signed_at" IS NOT NULL)),
	CONSTRAINT "provider_webhooks_believed" CHECK ("provider_webhooks"."genuine" OR ("provider_webhooks"."status" = 'rejected' AND "provider_webhooks"."say" IS NULL)),
	CONSTRAINT "provider_webhooks_leased" CHECK ("provider_webhooks"."status" <> 'received' OR "provider_webhooks"."leased_until" IS NOT NULL),
	CONSTRAINT "provider_webhooks_settled" CHECK (("provider_webhooks"."settled_at" IS NULL) = ("provider_webhooks"."status" = 'received')),
	CONSTRAINT "provider_webhooks_sizes" CHECK (length("provider_webhooks"."body") <= 262144 AND length("provider_webhooks"."body_digest") = 32)
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"url" text NOT NULL,
	"enabled" boolean NOT NULL,
	"events" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "alert_deliveries" ADD CONSTRAINT "alert_deliveries_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_deliveries" ADD CONSTRAINT "alert_deliveries_receiver_id_alert_receivers_id_fk" FOREIGN KEY ("receiver_id") REFERENCES "public"."alert_receivers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkout_line_items" ADD CONSTRAINT "checkout_line_items_session" FOREIGN KEY ("session_id","merchant_id") REFERENCES "public"."checkout_sessions"("id","merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compensations" ADD CONSTRAINT "compensations_of_their_fulfilment" FOREIGN KEY ("id","order_id") REFERENCES "public"."fulfilments"("id","order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fulfilments" ADD CONSTRAINT "fulfilments_of_their_order" FOREIGN KEY ("order_id","merchant_id") REFERENCES "public"."orders"("id","merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fulfilments" ADD CONSTRAINT "fulfilments_authorized" FOREIGN KEY ("payment_id","authorized_seq") REFERENCES "public"."events"("payment_id","seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fulfilments" ADD CONSTRAINT "fulfilments_approved" FOREIGN KEY ("payment_id","approved_seq") REFERENCES "public"."events"("payment_id","seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fulfilments" ADD CONSTRAINT "fulfilments_captured" FOREIGN KEY ("payment_id","captured_seq") REFERENCES "public"."events"("payment_id","seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_fulfilment" FOREIGN KEY ("fulfilment_id","order_id") REFERENCES "public"."fulfilments"("id","order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_of_their_session" FOREIGN KEY ("session_id","merchant_id") REFERENCES "public"."checkout_sessions"("id","merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_intent_id_intents_id_fk" FOREIGN KEY ("intent_id") REFERENCES "public"."intents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_deliveries_due" ON "alert_deliveries" USING btree ("due_at") WHERE "alert_deliveries"."delivered_at" IS NULL AND "alert_deliveries"."gave_up_at" IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_one_open" ON "alerts" USING btree ("kind","subject") WHERE "alerts"."resolved_at" IS NULL;--> statement-breakpoint
CREATE INDEX "alerts_merchant_id" ON "alerts" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "api_keys_merchant_id" ON "api_keys" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "sign_in_failures_until" ON "sign_in_failures" USING btree ("until");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_email" ON "staff" USING btree ("email");--> statement-breakpoint
CREATE INDEX "staff_merchant_id" ON "staff" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "staff_sessions_staff" ON "staff_sessions" USING btree ("staff_id");--> statement-breakpoint
CREATE UNIQUE INDEX "checkout_sessions_intent" ON "checkout_sessions" USING btree ("intent_id");--> statement-breakpoint
CREATE INDEX "checkout_sessions_merchant_id" ON "checkout_sessions" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "checkout_sessions_open" ON "checkout_sessions" USING btree ("expires_at") WHERE "checkout_sessions"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "compensations_order" ON "compensations" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "compensations_due" ON "compensations" USING btree ("next_at") WHERE "compensations"."status" = 'due';--> statement-breakpoint
CREATE INDEX "compensations_stuck" ON "compensations" USING btree ("id") WHERE "compensations"."status" = 'stuck';--> statement-breakpoint
CREATE INDEX "compensations_alerted" ON "compensations" USING btree ("id") WHERE "compensations"."alerted_at" IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "fulfilments_order" ON "fulfilments" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "fulfilments_due" ON "fulfilments" USING btree ("next_at") WHERE "fulfilments"."status" IN ('due', 'asked');--> statement-breakpoint
CREATE INDEX "fulfilments_stuck" ON "fulfilments" USING btree ("id") WHERE "fulfilments"."status" = 'stuck';--> statement-breakpoint
CREATE INDEX "fulfilments_alerted" ON "fulfilments" USING btree ("id") WHERE "fulfilments"."alerted_at" IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "orders_session" ON "orders" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "orders_merchant_id" ON "orders" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "events_id" ON "events" USING btree ("id");--> statement-breakpoint
CREATE INDEX "events_log" ON "events" USING btree ("epoch","tx","payment_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "parked_events_event" ON "parked_events" USING btree ("consumer","event_id");--> statement-breakpoint
CREATE INDEX "parked_events_merchant" ON "parked_events" USING btree ("merchant_id","parked_at");--> statement-breakpoint
CREATE INDEX "parked_events_due" ON "parked_events" USING btree ("consumer","try_again_at") WHERE "parked_events"."status" IN ('trying');--> statement-breakpoint
CREATE UNIQUE INDEX "parked_events_one_in_front" ON "parked_events" USING btree ("consumer","payment_id") WHERE "parked_events"."status" IN ('trying', 'failed');--> statement-breakpoint
CREATE INDEX "idempotency_keys_claimed_at" ON "idempotency_keys" USING brin ("claimed_at");--> statement-breakpoint
CREATE INDEX "postings_payment" ON "postings" USING btree ("payment_id","seq");--> statement-breakpoint
CREATE INDEX "escalations_merchant_id" ON "escalations" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "escalations_payment" ON "escalations" USING btree ("payment_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "escalations_one_open" ON "escalations" USING btree ("operation_id","kind") WHERE "escalations"."closed_at" IS NULL;--> statement-breakpoint
CREATE INDEX "intents_merchant_id" ON "intents" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "operations_payment" ON "operations" USING btree ("payment_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_unclosed" ON "operations" USING btree ("payment_id") WHERE "operations"."status" IN ('open', 'challenged', 'pending') AND "operations"."kind" IN ('authorize', 'capture', 'void') AND "operations"."against" IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_capture" ON "operations" USING btree ("payment_id") WHERE "operations"."status" = 'accepted' AND "operations"."kind" = 'capture';--> statement-breakpoint
CREATE UNIQUE INDEX "operations_own_ref" ON "operations" USING btree ("provider","kind","provider_ref") WHERE "operations"."kind" IN ('authorize', 'capture') AND "operations"."status" = 'accepted';--> statement-breakpoint
CREATE INDEX "operations_unclosed" ON "operations" USING btree ("ask_at") WHERE "operations"."status" IN ('open', 'challenged', 'pending');--> statement-breakpoint
CREATE INDEX "payments_merchant_id" ON "payments" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_live" ON "payments" USING btree ("intent_id") WHERE "payments"."live";--> statement-breakpoint
CREATE UNIQUE INDEX "payments_attempt" ON "payments" USING btree ("intent_id","attempt");--> statement-breakpoint
CREATE INDEX "payments_queued" ON "payments" USING btree ("try_at") WHERE "payments"."try_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "payments_held" ON "payments" USING btree ("held_until") WHERE "payments"."held_until" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "payment_rows_merchant" ON "payment_rows" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "payment_rows_state" ON "payment_rows" USING btree ("merchant_id","state","id");--> statement-breakpoint
CREATE INDEX "payment_rows_intent" ON "payment_rows" USING btree ("intent_id");--> statement-breakpoint
CREATE INDEX "payment_rows_last4" ON "payment_rows" USING btree ("merchant_id","card_last4","id");--> statement-breakpoint
CREATE INDEX "payment_rows_reference" ON "payment_rows" USING btree ("merchant_id","reference") WHERE "payment_rows"."reference" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "payment_rows_email" ON "payment_rows" USING btree ("merchant_id",lower("receipt_email")) WHERE "payment_rows"."receipt_email" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "risk_rules_merchant" ON "risk_rules" USING btree ("merchant_id");--> statement-breakpoint
CREATE INDEX "risk_verdicts_fingerprint" ON "risk_verdicts" USING btree ("merchant_id","fingerprint","at");--> statement-breakpoint
CREATE INDEX "deliveries_pending" ON "deliveries" USING btree ("endpoint_id","event_id") WHERE "deliveries"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_merchant" ON "deliveries" USING btree ("merchant_id","event_id");--> statement-breakpoint
CREATE INDEX "provider_webhook_nonces_signed_at" ON "provider_webhook_nonces" USING btree ("signed_at");--> statement-breakpoint
CREATE INDEX "provider_webhook_rejections_minute" ON "provider_webhook_rejections" USING btree ("minute");--> statement-breakpoint
CREATE UNIQUE INDEX "provider_webhooks_event" ON "provider_webhooks" USING btree ("provider","event_id") WHERE "provider_webhooks"."genuine";--> statement-breakpoint
CREATE INDEX "provider_webhooks_waiting" ON "provider_webhooks" USING btree ("leased_until") WHERE "provider_webhooks"."status" = 'received';--> statement-breakpoint
CREATE INDEX "provider_webhooks_rejected" ON "provider_webhooks" USING btree ("provider","reason","received_at") WHERE NOT "provider_webhooks"."genuine";--> statement-breakpoint
CREATE INDEX "provider_webhooks_merchant" ON "provider_webhooks" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "webhook_endpoints_merchant" ON "webhook_endpoints" USING btree ("merchant_id","id");