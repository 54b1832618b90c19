CREATE TABLE "fingerprints" (
	"merchant_id" uuid NOT NULL,
	"mac" "bytea" NOT NULL,
	"fingerprint" text NOT NULL,
	CONSTRAINT "fingerprints_merchant_id_mac_pk" PRIMARY KEY("merchant_id","mac"),
	CONSTRAINT "fingerprints_mac" CHECK (octet_length("fingerprints"."mac") = 32)
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"merchant_id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"currency" char(3) NOT NULL,
	"max_amount" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "grants_hash" CHECK (octet_length("grants"."hash") = 32),
	CONSTRAINT "grants_max_amount" CHECK ("grants"."max_amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "sends" (
	"operation_id" uuid NOT NULL,
	"step" smallint NOT NULL,
	"send" smallint NOT NULL,
	"payment_id" uuid NOT NULL,
	"token_id" uuid,
	"provider" text NOT NULL,
	"caller" text NOT NULL,
	"taken_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sends_operation_id_step_send_pk" PRIMARY KEY("operation_id","step","send"),
	CONSTRAINT "sends_numbers" CHECK ("sends"."step" >= 0 AND "sends"."send" >= 0)
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"merchant_id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"currency" char(3) NOT NULL,
	"max_amount" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"sealed" "bytea" NOT NULL,
	"brand" text NOT NULL,
	"last4" char(4) NOT NULL,
	"exp_month" smallint NOT NULL,
	"exp_year" smallint NOT NULL,
	"fingerprint" text NOT NULL,
	"holder" text NOT NULL,
	"payment_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tokens_hash_size" CHECK (octet_length("tokens"."hash") = 32),
	CONSTRAINT "tokens_max_amount" CHECK ("tokens"."max_amount" > 0),
	CONSTRAINT "tokens_sealed" CHECK (octet_length("tokens"."sealed") BETWEEN 89 AND 96),
	CONSTRAINT "tokens_last4" CHECK ("tokens"."last4" ~ '^[0-9]{4}$')
);
--> statement-breakpoint
CREATE UNIQUE INDEX "fingerprints_fingerprint" ON "fingerprints" USING btree ("fingerprint");--> statement-breakpoint
CREATE INDEX "grants_expires_at" ON "grants" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sends_taken_at" ON "sends" USING brin ("taken_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_hash" ON "tokens" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "tokens_expires_at" ON "tokens" USING btree ("expires_at");