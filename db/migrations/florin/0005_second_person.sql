-- A write-off that nobody had proposed made the old check null, which a CHECK lets pass: one person could have ended a
-- difference alone. And a line that is not matched yet has no place in the indexes of what it is matched with.
ALTER TABLE "discrepancies" DROP CONSTRAINT "discrepancies_second_person";--> statement-breakpoint
DROP INDEX "settlement_lines_operation";--> statement-breakpoint
DROP INDEX "settlement_lines_payment";--> statement-breakpoint
CREATE INDEX "settlement_lines_forced" ON "settlement_lines" USING btree ("file_id","line") WHERE "settlement_lines"."rule" = 'person' AND "settlement_lines"."posted_at" IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_lines_operation" ON "settlement_lines" USING btree ("operation_id","kind") WHERE "settlement_lines"."operation_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "settlement_lines_payment" ON "settlement_lines" USING btree ("payment_id") WHERE "settlement_lines"."payment_id" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "discrepancies" ADD CONSTRAINT "discrepancies_second_person" CHECK ("discrepancies"."ended" IS NULL OR "discrepancies"."ended" = 'resolved'
        OR ("discrepancies"."proposed" IS NOT DISTINCT FROM "discrepancies"."ended" AND "discrepancies"."ended_by" IS NOT NULL AND "discrepancies"."ended_by" <> "discrepancies"."proposed_by"));
