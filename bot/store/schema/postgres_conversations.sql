-- Conversations on PostgreSQL, as SQLite has them (schema/conversations.py). They have a schema of their own, so that
-- backups can leave it out: pg_dump --exclude-schema=vejviser_conversations.

CREATE TABLE conversation (
    id TEXT COLLATE "C" PRIMARY KEY,
    last_minute BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX idx_conversation_last_minute ON conversation (last_minute);

CREATE TABLE report_under_way (
    id TEXT COLLATE "C" PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    sealed BYTEA NOT NULL,
    filing TEXT COLLATE "C"
);
