-- Each line of a file is written three times, when it is read, matched and posted, and each index once more with it:
-- those that no question asks for cost a million lines seconds.
DROP INDEX "settlement_lines_payment";--> statement-breakpoint
DROP INDEX "settlement_lines_payout";--> statement-breakpoint
DROP INDEX "settlement_lines_forced";--> statement-breakpoint
CREATE INDEX "settlement_lines_charged" ON "settlement_lines" USING btree ("payment_id") WHERE "settlement_lines"."kind" = 'chargeback';--> statement-breakpoint
CREATE INDEX "settlement_lines_forced" ON "settlement_lines" USING btree ("file_id","line") WHERE "settlement_lines"."rule" = 'person';
