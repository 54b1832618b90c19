-- The list's model gets what bounds every question to it, whatever is filtered by: a look at more of a merchant's
-- payments than the page needs made a rare choice cost seconds. payments, and what writes them, is not touched.
--
-- Readers go on meanwhile; the list's consumer waits for the indexes, some ten seconds each for five million payments,
-- and so do other readers of the log. Whoever cannot have that makes the four of payment_rows before, under these names,
-- CONCURRENTLY: then they are passed over here.
--
-- Fragments of what is older than this migration are found after `npm run replay -- "payment rows"`.
SET LOCAL lock_timeout = '3s';--> statement-breakpoint
-- A merchant's texts by each four characters in them. Whoever has the same key by chance is left out by the text itself.
CREATE FUNCTION "fragment_keys"("merchant" uuid, "text" text) RETURNS int4[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY(
		SELECT hashtext(substr("text", place, 4)) # uuid_hash("merchant") FROM generate_series(1, length("text") - 3) AS place);--> statement-breakpoint
CREATE TABLE "payment_facets" (
	"merchant_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"provider" text NOT NULL,
	CONSTRAINT "payment_facets_merchant_id_currency_provider_pk" PRIMARY KEY("merchant_id","currency","provider")
);
--> statement-breakpoint
CREATE TABLE "payment_ids" (
	"merchant_id" uuid NOT NULL,
	"backwards" text NOT NULL,
	"payment_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment_texts" (
	"merchant_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "payment_texts_merchant_id_payment_id_pk" PRIMARY KEY("merchant_id","payment_id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "payment_ids_backwards" ON "payment_ids" USING btree ("merchant_id","backwards" text_pattern_ops,"payment_id");--> statement-breakpoint
CREATE INDEX "payment_texts_fragments" ON "payment_texts" USING gin (fragment_keys("merchant_id", "text"));--> statement-breakpoint
CREATE INDEX "payment_texts_sample" ON "payment_texts" USING btree ("merchant_id","payment_id","text") WHERE uuid_hash("payment_texts"."payment_id") & 1023 = 0;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "payment_rows_facets" ON "payment_rows" USING btree ("merchant_id","state","currency",coalesce("provider", ''),"id","amount","provider");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "payment_rows_amount" ON "payment_rows" USING btree ("merchant_id","currency","amount","id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "payment_rows_references" ON "payment_rows" USING btree ("merchant_id","reference","id") WHERE "payment_rows"."reference" IS NOT NULL;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "payment_rows_emails" ON "payment_rows" USING btree ("merchant_id",lower("receipt_email"),"id") WHERE "payment_rows"."receipt_email" IS NOT NULL;--> statement-breakpoint
INSERT INTO "payment_facets" SELECT DISTINCT "merchant_id", "currency", '' FROM "payment_rows"
	UNION SELECT DISTINCT "merchant_id", "currency", "provider" FROM "payment_rows" WHERE "provider" IS NOT NULL;--> statement-breakpoint
-- Last, since nobody may read while an index is dropped.
DROP INDEX "payment_rows_state";--> statement-breakpoint
DROP INDEX "payment_rows_reference";--> statement-breakpoint
DROP INDEX "payment_rows_email";
