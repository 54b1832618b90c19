-- A bank statement asks for the payouts of its days: without an index of their own, all lines would be read for them.
CREATE INDEX "settlement_lines_payouts" ON "settlement_lines" USING btree ("occurred_at") WHERE "settlement_lines"."kind" = 'payout';
