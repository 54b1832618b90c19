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
CREATE TABLE "events" (
	"payment_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"id" uuid NOT NULL,
	"merchant_id" uuid NOT NULL,
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
        ELSE "events"."seq" > 1 AND "events"."from_state" || '.' || "events"."trigger" || '.' || "events"."to_state" IN ('initiated.collect.payment_method_captured', 'initiated.expire.failed', 'initiated.cancel.failed', 'payment_method_captured.tokenize.tokenized', 'payment_method_captured.expire.failed', 'payment_method_captured.cancel.failed', 'tokenized.approve.risk_checked', 'tokenized.reject.failed', 'tokenized.expire.failed', 'tokenized.cancel.failed', 'risk_checked.authorize.authorized', 'risk_checked.decline.failed', 'risk_checked.abandon.failed', 'authorized.begin_capture.capture_pending', 'authorized.void.voided', 'capture_pending.capture.captured', 'capture_pending.void.voided', 'captured.reconcile.reconciled', 'captured.refund_all.refunded', 'reconciled.refund_all.refunded', 'refunded.undo_refund.captured', 'refunded.undo_settled_refund.reconciled', 'risk_checked.operation_opened.risk_checked', 'risk_checked.operation_unanswered.risk_checked', 'risk_checked.operation_challenged.risk_checked', 'risk_checked.operation_pending.risk_checked', 'risk_checked.operation_absent.risk_checked', 'risk_checked.operation_refused.risk_checked', 'authorized.operation_opened.authorized', 'authorized.operation_unanswered.authorized', 'authorized.operation_pending.authorized', 'authorized.operation_absent.authorized', 'authorized.operation_refused.authorized', 'authorized.review_opened.authorized', 'authorized.review_closed.authorized', 'authorized.foreign_effect.authorized', 'capture_pending.operation_opened.capture_pending', 'capture_pending.operation_unanswered.capture_pending', 'capture_pending.operation_pending.capture_pending', 'capture_pending.operation_absent.capture_pending', 'capture_pending.operation_refused.capture_pending', 'capture_pending.foreign_effect.capture_pending', 'captured.operation_opened.captured', 'captured.operation_unanswered.captured', 'captured.operation_pending.captured', 'captured.operation_absent.captured', 'captured.operation_refused.captured', 'captured.partial_refund.captured', 'captured.chargeback.captured', 'captured.foreign_effect.captured', 'reconciled.operation_opened.reconciled', 'reconciled.operation_unanswered.reconciled', 'reconciled.operation_pending.reconciled', 'reconciled.operation_absent.reconciled', 'reconciled.operation_refused.reconciled', 'reconciled.partial_refund.reconciled', 'reconciled.chargeback.reconciled', 'reconciled.foreign_effect.reconciled', 'refunded.settled.refunded', 'refunded.chargeback.refunded', 'refunded.foreign_effect.refunded', 'failed.intent_canceled.failed', 'failed.late_effect.failed', 'failed.operation_opened.failed', 'failed.operation_unanswered.failed', 'failed.operation_pending.failed', 'failed.operation_absent.failed', 'failed.operation_refused.failed', 'failed.stray_returned.failed', 'voided.intent_canceled.voided', 'voided.late_effect.voided', 'voided.operation_opened.voided', 'voided.operation_unanswered.voided', 'voided.operation_pending.voided', 'voided.operation_absent.voided', 'voided.operation_refused.voided', 'voided.stray_returned.voided')
      END)
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
	CONSTRAINT "postings_kind" CHECK ("postings"."kind" IN ('authorization', 'release', 'capture', 'fee', 'refund')),
	CONSTRAINT "postings_accounts" CHECK ("postings"."debit" IN ('authorizations', 'authorization_holds', 'receivable', 'merchant_payable', 'fees') AND "postings"."credit" IN ('authorizations', 'authorization_holds', 'receivable', 'merchant_payable', 'fees')),
	CONSTRAINT "postings_amount" CHECK ("postings"."amount" > 0),
	CONSTRAINT "postings_two_accounts" CHECK ("postings"."debit" <> "postings"."credit")
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
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"provider_ref" text,
	"fee" bigint,
	"code" text,
	"message" text,
	"reason" text,
	"note" text,
	CONSTRAINT "operations_kind" CHECK ("operations"."kind" IN ('authorize', 'capture', 'void', 'refund', 'cancel')),
	CONSTRAINT "operations_status" CHECK ("operations"."status" IN ('open', 'challenged', 'pending', 'accepted', 'refused', 'absent')),
	CONSTRAINT "operations_amount" CHECK ("operations"."amount" > 0),
	CONSTRAINT "operations_closed" CHECK (("operations"."closed_at" IS NOT NULL) = ("operations"."status" IN ('accepted', 'refused', 'absent')))
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
	CONSTRAINT "payments_risk_before_money" CHECK ("payments"."verdict_id" IS NOT NULL OR NOT ("payments"."state" IN ('risk_checked', 'authorized', 'capture_pending', 'voided', 'captured', 'reconciled', 'refunded')))
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
	CONSTRAINT "risk_verdicts_decision" CHECK ("risk_verdicts"."decision" IN ('approve', 'reject'))
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkout_line_items" ADD CONSTRAINT "checkout_line_items_session" FOREIGN KEY ("session_id","merchant_id") REFERENCES "public"."checkout_sessions"("id","merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_intent_id_intents_id_fk" FOREIGN KEY ("intent_id") REFERENCES "public"."intents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "api_keys_merchant_id" ON "api_keys" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "sign_in_failures_until" ON "sign_in_failures" USING btree ("until");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_email" ON "staff" USING btree ("email");--> statement-breakpoint
CREATE INDEX "staff_merchant_id" ON "staff" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "staff_sessions_staff" ON "staff_sessions" USING btree ("staff_id");--> statement-breakpoint
CREATE UNIQUE INDEX "checkout_sessions_intent" ON "checkout_sessions" USING btree ("intent_id");--> statement-breakpoint
CREATE INDEX "checkout_sessions_merchant_id" ON "checkout_sessions" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "checkout_sessions_open" ON "checkout_sessions" USING btree ("expires_at") WHERE "checkout_sessions"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "events_id" ON "events" USING btree ("id");--> statement-breakpoint
CREATE INDEX "events_log" ON "events" USING btree ("tx","payment_id","seq");--> statement-breakpoint
CREATE INDEX "idempotency_keys_claimed_at" ON "idempotency_keys" USING brin ("claimed_at");--> statement-breakpoint
CREATE INDEX "postings_payment" ON "postings" USING btree ("payment_id","seq");--> statement-breakpoint
CREATE INDEX "intents_merchant_id" ON "intents" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "intents_reference" ON "intents" USING btree ("merchant_id","reference") WHERE "intents"."reference" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "intents_receipt_email" ON "intents" USING btree ("merchant_id",lower("receipt_email")) WHERE "intents"."receipt_email" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "operations_payment" ON "operations" USING btree ("payment_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_unclosed" ON "operations" USING btree ("payment_id") WHERE "operations"."status" IN ('open', 'challenged', 'pending') AND "operations"."kind" IN ('authorize', 'capture', 'void');--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_capture" ON "operations" USING btree ("payment_id") WHERE "operations"."status" = 'accepted' AND "operations"."kind" = 'capture';--> statement-breakpoint
CREATE INDEX "operations_unclosed" ON "operations" USING btree ("asked_at") WHERE "operations"."status" IN ('open', 'challenged', 'pending');--> statement-breakpoint
CREATE INDEX "payments_merchant_id" ON "payments" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_live" ON "payments" USING btree ("intent_id") WHERE "payments"."live";--> statement-breakpoint
CREATE UNIQUE INDEX "payments_attempt" ON "payments" USING btree ("intent_id","attempt");--> statement-breakpoint
CREATE INDEX "risk_rules_merchant" ON "risk_rules" USING btree ("merchant_id");--> statement-breakpoint
CREATE INDEX "risk_verdicts_fingerprint" ON "risk_verdicts" USING btree ("merchant_id","fingerprint","at");