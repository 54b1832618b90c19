CREATE TABLE "bank_lines" (
	"statement_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"booked_on" date NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"remittance" text NOT NULL,
	"raw" text NOT NULL,
	"payout_file_id" uuid,
	"payout_line" integer,
	"matched_at" timestamp (3) with time zone,
	CONSTRAINT "bank_lines_statement_id_line_pk" PRIMARY KEY("statement_id","line")
);
--> statement-breakpoint
CREATE TABLE "bank_statements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"format" text NOT NULL,
	"staff_id" uuid,
	"digest" "bytea" NOT NULL,
	"content" "bytea" NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"lines" integer NOT NULL,
	"matched_at" timestamp (3) with time zone,
	CONSTRAINT "bank_statements_format" CHECK ("bank_statements"."format" IN ('csv', 'camt'))
);
--> statement-breakpoint
CREATE TABLE "discrepancies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"leg" text NOT NULL,
	"kind" text NOT NULL,
	"provider" text NOT NULL,
	"file_id" uuid,
	"line" integer,
	"merchant_id" uuid,
	"payment_id" uuid,
	"operation_id" uuid,
	"ours" bigint,
	"theirs" bigint,
	"currency" text NOT NULL,
	"cause" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"assigned_to" uuid,
	"assigned_to_name" text,
	"proposed" text,
	"proposed_reason" text,
	"proposed_operation_id" uuid,
	"proposed_by" uuid,
	"proposed_by_name" text,
	"proposed_at" timestamp (3) with time zone,
	"ended" text,
	"reason" text,
	"ended_by" uuid,
	"ended_by_name" text,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "discrepancies_leg" CHECK ("discrepancies"."leg" IN ('settlement', 'bank')),
	CONSTRAINT "discrepancies_kind" CHECK ("discrepancies"."kind" IN ('missing_at_provider', 'missing_here', 'amount', 'currency', 'fee', 'duplicate', 'late', 'status')),
	CONSTRAINT "discrepancies_ended" CHECK ("discrepancies"."ended" IN ('resolved', 'written_off', 'matched')),
	CONSTRAINT "discrepancies_proposed" CHECK ("discrepancies"."proposed" IN ('written_off', 'matched')),
	CONSTRAINT "discrepancies_ended_whole" CHECK (("discrepancies"."ended" IS NULL) = ("discrepancies"."ended_at" IS NULL)),
	CONSTRAINT "discrepancies_proposed_whole" CHECK (("discrepancies"."proposed" IS NULL) = ("discrepancies"."proposed_by" IS NULL)),
	CONSTRAINT "discrepancies_second_person" CHECK ("discrepancies"."ended" IS NULL OR "discrepancies"."ended" = 'resolved' OR ("discrepancies"."proposed" = "discrepancies"."ended" AND "discrepancies"."ended_by" <> "discrepancies"."proposed_by"))
);
--> statement-breakpoint
CREATE TABLE "discrepancy_notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"discrepancy_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"staff_id" uuid NOT NULL,
	"staff_name" text NOT NULL,
	"text" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "matching_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"by" text NOT NULL,
	"tolerance" bigint NOT NULL,
	"window_days" integer NOT NULL,
	CONSTRAINT "matching_rules_by" CHECK ("matching_rules"."by" IN ('key', 'ref', 'reference')),
	CONSTRAINT "matching_rules_limits" CHECK ("matching_rules"."tolerance" >= 0 AND "matching_rules"."window_days" >= 0)
);
--> statement-breakpoint
CREATE TABLE "quarantined_lines" (
	"file_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"raw" text NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "quarantined_lines_file_id_line_pk" PRIMARY KEY("file_id","line")
);
--> statement-breakpoint
CREATE TABLE "reconciliation_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"file_id" uuid NOT NULL,
	"day" date NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone NOT NULL,
	"lines" integer NOT NULL,
	"matched" integer NOT NULL,
	"quarantined" integer NOT NULL,
	"differences" jsonb NOT NULL,
	"totals" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settlement_files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"name" text NOT NULL,
	"day" date NOT NULL,
	"source" text NOT NULL,
	"staff_id" uuid,
	"digest" "bytea" NOT NULL,
	"content" "bytea" NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"lines" integer NOT NULL,
	"quarantined" integer NOT NULL,
	"read_at" timestamp (3) with time zone,
	"matched_at" timestamp (3) with time zone,
	"posted_at" timestamp (3) with time zone,
	"leased_until" timestamp (3) with time zone,
	CONSTRAINT "settlement_files_status" CHECK ("settlement_files"."status" IN ('stored', 'read', 'matched', 'posted')),
	CONSTRAINT "settlement_files_source" CHECK ("settlement_files"."source" IN ('fetched', 'uploaded')),
	CONSTRAINT "settlement_files_digest_size" CHECK (length("settlement_files"."digest") = 32)
);
--> statement-breakpoint
CREATE TABLE "settlement_lines" (
	"file_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"provider" text NOT NULL,
	"kind" text NOT NULL,
	"ref" text,
	"capture_ref" text,
	"key" text,
	"reference" text,
	"amount" bigint NOT NULL,
	"fee" bigint NOT NULL,
	"net" bigint NOT NULL,
	"currency" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"payout_ref" text,
	"raw" text NOT NULL,
	"merchant_id" uuid,
	"payment_id" uuid,
	"operation_id" uuid,
	"rule" text,
	"matched_at" timestamp (3) with time zone,
	"posted_at" timestamp (3) with time zone,
	CONSTRAINT "settlement_lines_file_id_line_pk" PRIMARY KEY("file_id","line"),
	CONSTRAINT "settlement_lines_kind" CHECK ("settlement_lines"."kind" IN ('capture', 'refund', 'refund_returned', 'chargeback', 'fee', 'payout', 'adjustment')),
	CONSTRAINT "settlement_lines_amounts" CHECK ("settlement_lines"."amount" >= 0 AND "settlement_lines"."fee" >= 0),
	CONSTRAINT "settlement_lines_matched" CHECK (("settlement_lines"."operation_id" IS NULL) = ("settlement_lines"."rule" IS NULL))
);
--> statement-breakpoint
ALTER TABLE "bank_lines" ADD CONSTRAINT "bank_lines_statement_id_bank_statements_id_fk" FOREIGN KEY ("statement_id") REFERENCES "public"."bank_statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_lines" ADD CONSTRAINT "bank_lines_payout_line" FOREIGN KEY ("payout_file_id","payout_line") REFERENCES "public"."settlement_lines"("file_id","line") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "discrepancy_notes" ADD CONSTRAINT "discrepancy_notes_discrepancy_id_discrepancies_id_fk" FOREIGN KEY ("discrepancy_id") REFERENCES "public"."discrepancies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantined_lines" ADD CONSTRAINT "quarantined_lines_file_id_settlement_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."settlement_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_runs" ADD CONSTRAINT "reconciliation_runs_file_id_settlement_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."settlement_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settlement_lines" ADD CONSTRAINT "settlement_lines_file_id_settlement_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."settlement_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "bank_lines_payout" ON "bank_lines" USING btree ("payout_file_id","payout_line");--> statement-breakpoint
CREATE UNIQUE INDEX "bank_statements_digest" ON "bank_statements" USING btree ("digest");--> statement-breakpoint
CREATE UNIQUE INDEX "discrepancies_line" ON "discrepancies" USING btree ("leg","file_id","line","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "discrepancies_missing" ON "discrepancies" USING btree ("operation_id","kind") WHERE "discrepancies"."file_id" IS NULL AND "discrepancies"."ended_at" IS NULL;--> statement-breakpoint
CREATE INDEX "discrepancies_open" ON "discrepancies" USING btree ("opened_at","id") WHERE "discrepancies"."ended_at" IS NULL;--> statement-breakpoint
CREATE INDEX "discrepancies_merchant" ON "discrepancies" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "discrepancies_payment" ON "discrepancies" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "discrepancy_notes_discrepancy" ON "discrepancy_notes" USING btree ("discrepancy_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_runs_file" ON "reconciliation_runs" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "reconciliation_runs_day" ON "reconciliation_runs" USING btree ("provider","day");--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_files_digest" ON "settlement_files" USING btree ("provider","digest");--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_files_name" ON "settlement_files" USING btree ("provider","name");--> statement-breakpoint
CREATE INDEX "settlement_files_at_work" ON "settlement_files" USING btree ("received_at") WHERE "settlement_files"."status" <> 'posted';--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_lines_operation" ON "settlement_lines" USING btree ("operation_id","kind");--> statement-breakpoint
CREATE INDEX "settlement_lines_payment" ON "settlement_lines" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "settlement_lines_payout" ON "settlement_lines" USING btree ("provider","payout_ref");