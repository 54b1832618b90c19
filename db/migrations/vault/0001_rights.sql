-- The vault process itself must not be able to put one card's number behind another card's token, to stretch a token's
-- scope or life, or to forget that a request has left. So of a token it may change one thing, the payment it belongs to.
GRANT USAGE ON SCHEMA public TO florin_vault;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON grants TO florin_vault;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE, UPDATE (payment_id) ON tokens TO florin_vault;
--> statement-breakpoint
GRANT SELECT, INSERT ON fingerprints TO florin_vault;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON sends TO florin_vault;
--> statement-breakpoint
-- Room for that one change beside the row it replaces: no index has to be touched (HOT).
ALTER TABLE tokens SET (fillfactor = 70);
