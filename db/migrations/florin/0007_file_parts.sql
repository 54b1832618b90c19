-- A report of a million lines does not fit into the memory that a worker may take, and written as one row it would stall
-- the event log for as long as that takes: it is stored in parts, each a transaction of its own.
CREATE TABLE "settlement_file_parts" (
	"file_id" uuid NOT NULL,
	"part" integer NOT NULL,
	"content" "bytea" NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "settlement_file_parts_file_id_part_pk" PRIMARY KEY("file_id","part")
);
--> statement-breakpoint
ALTER TABLE "settlement_files" ALTER COLUMN "content" DROP NOT NULL;